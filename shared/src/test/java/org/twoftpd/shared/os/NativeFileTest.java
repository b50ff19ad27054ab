/*
 * Files and directories are used through the JVM, with names that are no text in any encoding.
 */
package org.twoftpd.shared.os;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.twoftpd.shared.os.FileFlags.AT_FDCWD;
import static org.twoftpd.shared.os.FileFlags.AT_SYMLINK_NOFOLLOW;
import static org.twoftpd.shared.os.FileFlags.O_CREAT;
import static org.twoftpd.shared.os.FileFlags.O_EXCL;
import static org.twoftpd.shared.os.FileFlags.O_RDONLY;
import static org.twoftpd.shared.os.FileFlags.O_RDWR;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NativeFileTest {

  @TempDir Path path;
  private int directory;

  private static byte[] bytes(String s) {
    return s.getBytes(StandardCharsets.ISO_8859_1);
  }

  @BeforeEach
  void open() {
    directory = Native.openat(AT_FDCWD, path.toString().getBytes(StandardCharsets.UTF_8), 0, 0);
    assertTrue(directory >= 0, () -> "openat answered " + directory);
  }

  @AfterEach
  void close() {
    assertEquals(0, Native.close(directory));
  }

  private void make(String name, String content) {
    int fd = Native.openat(directory, bytes(name), O_RDWR | O_CREAT | O_EXCL, 0644);
    assertTrue(fd >= 0, () -> name + ": openat answered " + fd);
    assertEquals(content.length(), Native.write(fd, bytes(content), 0, content.length()));
    assertEquals(0, Native.close(fd));
  }

  @Test
  void tellsTheStatusThatJavaSees() throws IOException {
    make("file", "12345");
    Path file = path.resolve("file");
    Files.setLastModifiedTime(
        file, FileTime.from(Instant.ofEpochSecond(1_600_000_000L, 123_456_789)));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x--x"));
    Files.createLink(path.resolve("second"), file);
    Files.setAttribute(file, "unix:uid", 4711);
    Files.setAttribute(file, "unix:gid", 4712);
    long[] s = new long[9];
    assertEquals(0, Native.statx(directory, bytes("file"), 0, s));
    assertArrayEquals(
        new long[] {0100751, 2, 4711, 4712, 5, 1_600_000_000L, 123_456_789}, Arrays.copyOf(s, 7));
    assertEquals(Files.getAttribute(file, "unix:ino"), s[7]);
    assertEquals(-Errno.EINVAL, Native.statx(directory, bytes("file"), 0, new long[8]));
    assertEquals(-Errno.ENOENT, Native.statx(directory, bytes("none"), 0, s));
  }

  @Test
  void setsTimesBeforeTheEpoch() throws IOException {
    make("old", "");
    assertEquals(0, Native.utimensat(directory, bytes("old"), -86_400, 500_000_000, 0));
    assertEquals(
        Instant.ofEpochSecond(-86_400, 500_000_000),
        Files.getLastModifiedTime(path.resolve("old")).toInstant());
    assertEquals(-Errno.EINVAL, Native.utimensat(directory, bytes("old"), 0, 0x3fffffff, 0));
  }

  @Test
  void followsALinkOnlyWhenAsked() throws IOException {
    Files.createSymbolicLink(path.resolve("link"), Path.of("target"));
    long[] s = new long[9];
    assertEquals(-Errno.ENOENT, Native.statx(directory, bytes("link"), 0, s));
    assertEquals(0, Native.statx(directory, bytes("link"), AT_SYMLINK_NOFOLLOW, s));
    assertEquals(0120777, s[0]);
    byte[] target = new byte[6];
    assertEquals(6, Native.readlinkat(directory, bytes("link"), target));
    assertArrayEquals(bytes("target"), target);
    assertEquals(-Errno.ENAMETOOLONG, Native.readlinkat(directory, bytes("link"), new byte[5]));
  }

  /** struct linux_dirent64: inode 8, offset 8, record length 2, type 1, name and its NUL. */
  private Set<String> list(int bufferSize) {
    Set<String> names = new TreeSet<>();
    byte[] buffer = new byte[bufferSize];
    int n;
    assertEquals(0, Native.lseek(directory, 0, 0));
    while ((n = Native.getdents64(directory, buffer)) > 0) {
      ByteBuffer records = ByteBuffer.wrap(buffer, 0, n).order(ByteOrder.LITTLE_ENDIAN);
      int length;
      for (int at = 0; at < n; at += length) {
        length = Short.toUnsignedInt(records.getShort(at + 16));
        assertTrue(length >= 24 && at + length <= n, "a record that is cut");
        int end = at + 19;
        while (buffer[end] != 0) {
          end++;
        }
        names.add(new String(buffer, at + 19, end - at - 19, StandardCharsets.ISO_8859_1));
      }
    }
    assertEquals(0, n);
    return names;
  }

  @Test
  void listsNamesAsTheyAre() {
    Set<String> expected = new TreeSet<>();
    for (int b = 1; b < 256; b++) {
      if (b != '/' && b != '.') {
        expected.add("" + (char) b);
      }
    }
    expected.add("\u00ff".repeat(255));
    expected.add("a\nb\r\u00e9");
    expected.forEach(name -> make(name, ""));
    expected.add(".");
    expected.add("..");
    assertEquals(expected, list(300));
    assertEquals(expected, list(65536));
    assertEquals(0, Native.lseek(directory, 0, 0));
    assertEquals(-Errno.EINVAL, Native.getdents64(directory, new byte[20]));
  }

  @Test
  void refusesNamesThatAreNone() {
    assertEquals(-Errno.EINVAL, Native.openat(directory, bytes("a\0b"), O_RDONLY, 0));
    assertEquals(-Errno.ENAMETOOLONG, Native.openat(directory, new byte[4096], O_RDONLY, 0));
    assertEquals(-Errno.EFAULT, Native.openat(directory, null, O_RDONLY, 0));
    assertEquals(-Errno.ENOENT, Native.openat(directory, new byte[0], O_RDONLY, 0));
  }

  @Test
  void renamesLinksAndRemoves() {
    make("a", "a");
    make("b", "b");
    assertEquals(-Errno.EEXIST, Native.renameat2(directory, bytes("a"), directory, bytes("b"), 1));
    assertEquals(0, Native.renameat2(directory, bytes("a"), directory, bytes("b"), 0));
    assertEquals(0, Native.linkat(directory, bytes("b"), directory, bytes("c"), 0));
    assertEquals(0, Native.mkdirat(directory, bytes("d"), 0700));
    assertEquals(0, Native.unlinkat(directory, bytes("b"), 0));
    assertEquals(0, Native.unlinkat(directory, bytes("c"), 0));
    assertEquals(0, Native.unlinkat(directory, bytes("d"), 0x200));
    assertEquals(Set.of(".", ".."), list(300));
  }

  @Test
  void movesThroughAPipe() throws Exception {
    make("spliced", "");
    int file = Native.openat(directory, bytes("spliced"), 1, 0);
    int[] ends = new int[2];
    assertEquals(0, Native.pipe(ends));
    assertTrue(Native.setPipeSize(ends[1], 100_000) >= 100_000);
    try (UnixPair p = UnixPair.open()) {
      assertEquals(5, Native.write(p.near(), bytes("hello"), 0, 5));
      assertEquals(5, Native.splice(p.far(), ends[1], 100));
      assertEquals(5, Native.splice(ends[0], file, 100));
      assertEquals(-Errno.EINVAL, Native.splice(p.far(), file, 100));
    }
    assertEquals(5, Native.lseek(file, 0, 1));
    for (int fd : new int[] {ends[0], ends[1], file}) {
      assertEquals(0, Native.close(fd));
    }
    assertEquals(0, Native.unlinkat(directory, bytes("spliced"), 0));
  }

  @Test
  void copiesInTheKernel() {
    make("source", "0123456789");
    int in = Native.openat(directory, bytes("source"), O_RDONLY, 0);
    try (UnixPair p = UnixPair.open()) {
      assertEquals(4, Native.sendfile(p.near(), in, 6, 100));
      byte[] b = new byte[10];
      assertEquals(4, Native.read(p.far(), b, 0, 10));
      assertEquals("6789", new String(b, 0, 4, StandardCharsets.ISO_8859_1));
      assertEquals(0, Native.lseek(in, 0, 1));
      assertEquals(-Errno.EINVAL, Native.sendfile(p.near(), in, 0, -1));
    }
    long free = Native.freeBytes(in);
    assertTrue(free > 0, () -> "freeBytes answered " + free);
    assertEquals(0, Native.close(in));
  }
}
