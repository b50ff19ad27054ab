package org.twoftpd.shared.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each part of a {@link FileStatus} against what Java's own library says of the same file. */
class FileStatusTest {
  @TempDir Path path;

  private static FileStatus status(Path file) throws IOException {
    return FileStatus.ofName(FileFlags.AT_FDCWD, name(file), FileFlags.AT_SYMLINK_NOFOLLOW);
  }

  private static byte[] name(Path file) {
    return file.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void eachPartIsInItsPlace() throws IOException {
    Path file = Files.writeString(path.resolve("file"), "12345");
    Files.createLink(path.resolve("second"), file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x--x"));
    Files.setLastModifiedTime(
        file, FileTime.from(Instant.ofEpochSecond(1_600_000_000L, 123_456_789)));
    FileStatus s = status(file);
    assertEquals(0100751, s.mode());
    assertEquals(0751, s.permissions());
    assertEquals(FileFlags.S_IFREG, s.type());
    assertEquals(2, s.links());
    assertEquals(Files.getAttribute(file, "unix:uid"), (int) s.uid());
    assertEquals(Files.getAttribute(file, "unix:gid"), (int) s.gid());
    assertEquals(5, s.size());
    assertEquals(1_600_000_000L, s.modified());
    assertEquals(123_456_789, s.modifiedNanos());
    assertEquals(Files.getAttribute(file, "unix:ino"), s.inode());
    assertEquals(Files.getAttribute(file, "unix:dev"), s.deviceNumber());
  }

  @Test
  void kindsAndFilesAreToldApart() throws IOException {
    Path file = Files.createFile(path.resolve("file"));
    Path link = Files.createSymbolicLink(path.resolve("link"), file);
    assertTrue(status(file).isRegular());
    assertFalse(status(file).isDirectory());
    assertTrue(status(path).isDirectory());
    assertTrue(status(link).isLink());
    FileStatus behind = FileStatus.ofName(FileFlags.AT_FDCWD, name(link), 0);
    assertTrue(behind.isSameFileAs(status(file)));
    assertFalse(status(link).isSameFileAs(status(file)));
  }

  @Test
  void writableByOthersIsGroupOrEverybodyElse() throws IOException {
    Path file = Files.createFile(path.resolve("file"));
    for (String rights : new String[] {"rwxr-xr-x", "r--r--r--"}) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
      assertFalse(status(file).isWritableByOthers(), rights);
    }
    for (String rights : new String[] {"rwxrwxr-x", "rwxr-xrwx", "----w----", "-------w-"}) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
      assertTrue(status(file).isWritableByOthers(), rights);
    }
  }

  @Test
  void whatIsMissingIsNullOrAnError() throws IOException {
    byte[] missing = name(path.resolve("missing"));
    assertNull(FileStatus.ifThere(FileFlags.AT_FDCWD, missing, 0));
    assertEquals(
        Errno.ENOENT,
        assertThrows(
                SystemCallException.class, () -> FileStatus.ofName(FileFlags.AT_FDCWD, missing, 0))
            .errno());
    byte[] below = name(Files.createFile(path.resolve("file")).resolve("below"));
    assertEquals(
        Errno.ENOTDIR,
        assertThrows(
                SystemCallException.class, () -> FileStatus.ifThere(FileFlags.AT_FDCWD, below, 0))
            .errno());
    assertThrows(SystemCallException.class, () -> FileStatus.ofDescriptor(-1));
  }

  @Test
  void manyAreReadFromOneArray() throws IOException {
    Files.writeString(path.resolve("a"), "1");
    Files.writeString(path.resolve("b"), "22");
    byte[] names =
        (path + "/a\0" + path + "/no\0" + path + "/b\0").getBytes(StandardCharsets.UTF_8);
    long[] fields = new long[3 * FileStatus.FIELDS];
    assertEquals(3, Native.statxEach(FileFlags.AT_FDCWD, names, names.length, 0, fields));
    assertEquals(1, FileStatus.fromFields(fields, 0).size());
    assertFalse(FileStatus.isInFields(fields, FileStatus.FIELDS));
    assertTrue(FileStatus.isInFields(fields, 2 * FileStatus.FIELDS));
    assertEquals(2, FileStatus.fromFields(fields, 2 * FileStatus.FIELDS).size());
  }
}
