/*
 * Trusted to take from a session every descriptor that it does not need.
 */
package org.twoftpd.session.confine;

import java.util.Arrays;
import org.twoftpd.session.text.Ascii;
import org.twoftpd.shared.os.Dirents;
import org.twoftpd.shared.os.FileFlags;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/**
 * Takes away the descriptors that the virtual machine has opened for itself, its jars among them.
 * The run-time image (lib/modules) stays, because the virtual machine crashes without it when it
 * first uses a class that is neither loaded nor archived. The image holds no secret: every process
 * can read it.
 */
final class Descriptors {
  private static final byte[] DESCRIPTORS_PATH = Ascii.encode("/proc/self/fd");
  private static final int DEV_NULL = 1;
  private static final int LAST_STANDARD = 2;
  private static final byte[] IMAGE_SUFFIX = Ascii.encode("/lib/modules");

  private Descriptors() {}

  /**
   * Replaces every descriptor but the standard ones and the image by /dev/null. Closing them would
   * free their numbers, and the virtual machine may close those numbers again when it ends, when
   * they may belong to other files.
   *
   * @throws Confinement.Failed when /proc/self/fd cannot be read
   */
  static void replaceAll() throws Confinement.Failed {
    int directory =
        Native.openat(
            FileFlags.AT_FDCWD, DESCRIPTORS_PATH, FileFlags.O_RDONLY | FileFlags.O_DIRECTORY, 0);
    if (directory < 0) {
      throw new Confinement.Failed("cannot open /proc/self/fd", directory);
    }
    Dirents entries = new Dirents(directory, new byte[16384]);
    try {
      while (entries.next()) {
        int fd = parseNumber(entries);
        if (fd > LAST_STANDARD && fd != directory && !isImage(directory, entries.name())) {
          Native.close(fd);
          Native.duplicate(DEV_NULL, fd);
        }
      }
    } catch (SystemCallException e) {
      throw new Confinement.Failed("cannot list the open descriptors", -e.errno());
    } finally {
      Native.close(directory);
    }
  }

  private static boolean isImage(int directory, byte[] name) {
    byte[] path = new byte[4096];
    int n = Native.readlinkat(directory, name, path);
    int suffix = IMAGE_SUFFIX.length;
    return n >= suffix && Arrays.equals(path, n - suffix, n, IMAGE_SUFFIX, 0, suffix);
  }

  /** Returns the number that is the entry's name, or -1 for the entries "." and "..". */
  private static int parseNumber(Dirents entries) {
    byte[] bytes = entries.nameBuffer();
    int end = entries.nameOffset() + entries.nameLength();
    int number = 0;
    for (int i = entries.nameOffset(); i < end; i++) {
      if (bytes[i] < '0' || bytes[i] > '9') {
        return -1;
      }
      number = 10 * number + bytes[i] - '0';
    }
    return number;
  }
}
