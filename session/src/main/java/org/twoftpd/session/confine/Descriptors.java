/*
 * Trusted to leave a session no descriptor that it has no business with.
 */
package org.twoftpd.session.confine;

import java.util.Arrays;
import org.twoftpd.session.text.Ascii;
import org.twoftpd.shared.os.Dirents;
import org.twoftpd.shared.os.FileFlags;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/**
 * The descriptors that the virtual machine has opened for itself. Its jars go; its own image stays,
 * which every process can read and which the virtual machine reads for as long as it lives: without
 * it, the first use of a class that is neither loaded nor archived is a crash.
 */
final class Descriptors {
  private static final byte[] OPEN = Ascii.bytes("/proc/self/fd");
  private static final int DEV_NULL = 1;
  private static final int LAST_STANDARD = 2;
  private static final byte[] IMAGE = Ascii.bytes("/lib/modules");

  private Descriptors() {}

  /**
   * Puts /dev/null in the place of every descriptor but the standard ones and the image. Not
   * closed, since the virtual machine may close their numbers once more when it ends, and they
   * would be somebody else's by then.
   */
  static void dropAll() throws Confinement.Failed {
    int directory =
        Native.openat(FileFlags.AT_FDCWD, OPEN, FileFlags.O_RDONLY | FileFlags.O_DIRECTORY, 0);
    if (directory < 0) {
      throw new Confinement.Failed("/proc/self/fd", directory);
    }
    Dirents entries = new Dirents(directory, new byte[16384]);
    try {
      while (entries.next()) {
        int fd = number(entries);
        if (fd > LAST_STANDARD && fd != directory && !isImage(directory, entries.name())) {
          Native.close(fd);
          Native.duplicate(DEV_NULL, fd);
        }
      }
    } catch (SystemCallException e) {
      throw new Confinement.Failed("the list of descriptors", -e.errno());
    } finally {
      Native.close(directory);
    }
  }

  private static boolean isImage(int directory, byte[] name) {
    byte[] path = new byte[4096];
    int n = Native.readlinkat(directory, name, path);
    return n >= IMAGE.length && Arrays.equals(path, n - IMAGE.length, n, IMAGE, 0, IMAGE.length);
  }

  /** The number that an entry is named for, or -1: "." and ".." are no descriptors. */
  private static int number(Dirents entries) {
    byte[] bytes = entries.nameBuffer();
    int end = entries.nameOffset() + entries.nameLength();
    int v = 0;
    for (int i = entries.nameOffset(); i < end; i++) {
      if (bytes[i] < '0' || bytes[i] > '9') {
        return -1;
      }
      v = 10 * v + bytes[i] - '0';
    }
    return v;
  }
}
