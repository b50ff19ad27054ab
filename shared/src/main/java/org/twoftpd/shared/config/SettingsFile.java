/*
 * Trusted to read as settings only a regular file that nobody but root could have written or put there.
 */
package org.twoftpd.shared.config;

import java.io.IOException;
import java.util.Arrays;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.FileFlags;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.os.TrustedPath;

/** Reads a small file whole. */
final class SettingsFile {
  static final int SIZE_MAX = 1 << 20;

  private SettingsFile() {}

  /**
   * @throws IOException with a message that says what is wrong with the file, or with a directory
   *     on the way to it, see {@link TrustedPath}; it has at most {@link #SIZE_MAX} bytes
   */
  static byte[] read(String path) throws IOException {
    int fd = TrustedPath.open(path, FileFlags.O_RDONLY, 0);
    try {
      return readAll(fd);
    } finally {
      Native.close(fd);
    }
  }

  private static byte[] readAll(int fd) throws IOException {
    byte[] content = new byte[4096];
    int length = 0;
    while (length <= SIZE_MAX) {
      if (length == content.length) {
        content = Arrays.copyOf(content, 2 * length);
      }
      int n = Native.read(fd, content, length, content.length - length);
      if (n == -Errno.EINTR) {
        continue;
      }
      if (SystemCallException.check(n) == 0) {
        return Arrays.copyOf(content, length);
      }
      length += n;
    }
    throw new IOException("it has more than " + SIZE_MAX + " bytes");
  }
}
