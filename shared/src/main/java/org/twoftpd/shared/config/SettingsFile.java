/*
 * Trusted with the choice of what root reads as settings: a regular file that nobody but root could have written.
 */
package org.twoftpd.shared.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/** Reads a small file whole. */
final class SettingsFile {
  static final int SIZE_MAX = 1 << 20;

  private static final int AT_FDCWD = -100;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int S_IFMT = 0170000;
  private static final int S_IFREG = 0100000;
  private static final int GROUP_OR_OTHERS_WRITE = 022;

  private SettingsFile() {}

  /**
   * @throws IOException with a message that says what is wrong with the file; it must belong to
   *     root or to the user of this process, be writable by that user alone, and have at most
   *     {@link #SIZE_MAX} bytes
   */
  static byte[] read(String path) throws IOException {
    int fd =
        SystemCallException.check(
            Native.openat(AT_FDCWD, path.getBytes(StandardCharsets.UTF_8), 0, 0));
    try {
      long[] status = new long[9];
      SystemCallException.check(Native.statx(fd, new byte[0], AT_EMPTY_PATH, status));
      int mode = (int) status[0];
      if ((mode & S_IFMT) != S_IFREG) {
        throw new IOException("it is not a regular file");
      }
      if (status[2] != 0 && status[2] != Native.geteuid()) {
        throw new IOException("it must belong to root, not to uid " + status[2]);
      }
      if ((mode & GROUP_OR_OTHERS_WRITE) != 0) {
        throw new IOException("it must be writable by its owner alone, not by group or others");
      }
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
