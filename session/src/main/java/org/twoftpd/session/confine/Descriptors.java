/*
 * Trusted to leave a session no descriptor that it has no business with.
 */
package org.twoftpd.session.confine;

import java.util.Arrays;
import org.twoftpd.session.text.Ascii;
import org.twoftpd.shared.os.FileFlags;
import org.twoftpd.shared.os.Native;

/**
 * The descriptors that the virtual machine has opened for itself. Its jars go; its own image stays,
 * which every process can read and which the virtual machine reads for as long as it lives: without
 * it, the first use of a class that is neither loaded nor archived is a crash.
 */
final class Descriptors {
  private static final byte[] OPEN = Ascii.bytes("/proc/self/fd");
  private static final int DEV_NULL = 1;
  private static final int LAST_STANDARD = 2;
  private static final int RECORD_LENGTH = 16;
  private static final int NAME = 19;
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
    byte[] entries = new byte[16384];
    int n;
    while ((n = Native.getdents64(directory, entries)) > 0) {
      int length;
      for (int at = 0; at < n; at += length) {
        length = entries[at + RECORD_LENGTH] & 0xff | (entries[at + RECORD_LENGTH + 1] & 0xff) << 8;
        int fd = number(entries, at + NAME);
        if (fd > LAST_STANDARD && fd != directory && !isImage(directory, entries, at + NAME)) {
          Native.close(fd);
          Native.duplicate(DEV_NULL, fd);
        }
      }
    }
    Native.close(directory);
    if (n < 0) {
      throw new Confinement.Failed("the list of descriptors", n);
    }
  }

  private static boolean isImage(int directory, byte[] entries, int at) {
    int end = at;
    while (entries[end] != 0) {
      end++;
    }
    byte[] path = new byte[4096];
    int n = Native.readlinkat(directory, Arrays.copyOfRange(entries, at, end), path);
    return n >= IMAGE.length && Arrays.equals(path, n - IMAGE.length, n, IMAGE, 0, IMAGE.length);
  }

  private static int number(byte[] entries, int at) {
    int v = 0;
    for (int i = at; entries[i] != 0; i++) {
      if (entries[i] < '0' || entries[i] > '9') {
        return -1;
      }
      v = 10 * v + entries[i] - '0';
    }
    return v;
  }
}
