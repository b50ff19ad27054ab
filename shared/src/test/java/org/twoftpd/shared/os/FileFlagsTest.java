package org.twoftpd.shared.os;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * The kernel is asked what the flags do: on a machine where a number is wrong, a test here fails.
 */
class FileFlagsTest {
  private static int open(String path, int flags) {
    int fd = Native.openat(FileFlags.AT_FDCWD, path.getBytes(US_ASCII), flags, 0);
    if (fd >= 0) {
      Native.close(fd);
    }
    return fd;
  }

  @Test
  void directoryFlagRefusesWhatIsNone() {
    assertEquals(-Errno.ENOTDIR, open("/proc/version", FileFlags.O_DIRECTORY));
    assertTrue(open("/proc", FileFlags.O_DIRECTORY) >= 0);
  }

  @Test
  void noFollowFlagRefusesALink() {
    assertEquals(-Errno.ELOOP, open("/proc/self", FileFlags.O_NOFOLLOW));
    assertTrue(open("/proc/self", FileFlags.O_NOFOLLOW | FileFlags.O_PATH) >= 0);
    assertTrue(open("/proc/version", FileFlags.O_NOFOLLOW) >= 0);
  }

  @Test
  void linksAreToldFromWhatTheyPointTo() {
    long[] link = new long[9];
    long[] target = new long[9];
    byte[] path = "/proc/self".getBytes(US_ASCII);
    assertEquals(0, Native.statx(FileFlags.AT_FDCWD, path, FileFlags.AT_SYMLINK_NOFOLLOW, link));
    assertEquals(0, Native.statx(FileFlags.AT_FDCWD, path, 0, target));
    assertEquals(FileFlags.S_IFLNK, link[0] & FileFlags.S_IFMT);
    assertEquals(FileFlags.S_IFDIR, target[0] & FileFlags.S_IFMT);
  }

  @Test
  void randomBytesFillTheWholeArrayAndDiffer() {
    byte[] a = new byte[256];
    byte[] b = new byte[256];
    assertEquals(0, Native.getrandom(a));
    assertEquals(0, Native.getrandom(b));
    assertFalse(Arrays.equals(a, b));
    assertEquals(-Errno.EINVAL, Native.getrandom(new byte[257]));
    assertEquals(0, Native.getrandom(new byte[0]));
  }
}
