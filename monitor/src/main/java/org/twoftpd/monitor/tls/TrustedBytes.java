/*
 * Trusted with the choice of what root takes for a certificate or a key: a file that nobody but root could have put there,
 * and for a key, one that nobody else can read.
 */
package org.twoftpd.monitor.tls;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.FileFlags;
import org.twoftpd.shared.os.FileStatus;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.os.TrustedPath;

/** Reads small files whole. */
final class TrustedBytes {
  static final int LARGEST = 1 << 20;

  private static final int OTHERS_READ = 07;
  private static final int GROUP_READS = 070;

  private TrustedBytes() {}

  /**
   * Reads a file that {@link TrustedPath} trusts.
   *
   * @throws BadKeyFile saying what is wrong with the file or with the way to it
   */
  static byte[] read(String path) throws BadKeyFile {
    try {
      int fd = TrustedPath.open(path, FileFlags.O_RDONLY, 0);
      try {
        return readAll(fd);
      } finally {
        Native.close(fd);
      }
    } catch (IOException e) {
      throw new BadKeyFile("cannot be read: " + e.getMessage());
    }
  }

  /**
   * Looks who can read a file with a private key: others must not. A group may, as on systems that
   * have one for keys, but not that of the gate.
   *
   * @param gateGroup the gid of the gate
   * @throws BadKeyFile as {@link #read}
   */
  static void checkSecret(String path, int gateGroup) throws BadKeyFile {
    try {
      int fd = TrustedPath.open(path, FileFlags.O_RDONLY, 0);
      try {
        checkReaders(fd, path, gateGroup);
      } finally {
        Native.close(fd);
      }
    } catch (IOException e) {
      throw new BadKeyFile("cannot be read: " + e.getMessage());
    }
  }

  private static void checkReaders(int fd, String path, int gateGroup)
      throws IOException, BadKeyFile {
    FileStatus status = FileStatus.ofDescriptor(fd);
    int mode = status.permissions();
    String who = null;
    if ((mode & OTHERS_READ) != 0) {
      who = "others";
    } else if ((mode & GROUP_READS) != 0 && status.gid() == gateGroup) {
      who = "the group of GATE_USER, gid " + gateGroup;
    }
    if (who != null) {
      throw new BadKeyFile(
          String.format(
              Locale.ROOT, "can be read by %s (mode %04o); do: chmod 0600 %s", who, mode, path));
    }
  }

  private static byte[] readAll(int fd) throws IOException, BadKeyFile {
    byte[] content = new byte[16384];
    int length = 0;
    while (length <= LARGEST) {
      if (length == content.length) {
        byte[] larger = Arrays.copyOf(content, 2 * length);
        Arrays.fill(content, (byte) 0);
        content = larger;
      }
      int n = Native.read(fd, content, length, content.length - length);
      if (n == -Errno.EINTR) {
        continue;
      }
      if (SystemCallException.check(n) == 0) {
        byte[] exact = Arrays.copyOf(content, length);
        Arrays.fill(content, (byte) 0);
        return exact;
      }
      length += n;
    }
    throw new BadKeyFile("has more than " + LARGEST + " bytes");
  }
}
