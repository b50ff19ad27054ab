package org.twoftpd.shared.os;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@link Dirents} reads out of the kernel's records, against what was put into a directory.
 */
class DirentsTest {
  @TempDir Path path;

  private static int open(Path directory) {
    byte[] name = directory.toString().getBytes(StandardCharsets.UTF_8);
    int fd = Native.openat(FileFlags.AT_FDCWD, name, FileFlags.O_RDONLY | FileFlags.O_DIRECTORY, 0);
    assertTrue(fd >= 0, () -> "openat answered " + fd);
    return fd;
  }

  /** Names of each length up to the longest, so that records of each length are gone over. */
  @Test
  void namesOfEveryLengthAreFoundWholeAndOnce() throws IOException {
    Set<String> made = new TreeSet<>(Set.of(".", ".."));
    for (int length = 1; length <= 255; length++) {
      String name = "n".repeat(length);
      Files.createFile(path.resolve(name));
      made.add(name);
    }
    for (int room : new int[] {512, 4096, Dirents.BUFFER_SIZE}) {
      int fd = open(path);
      Set<String> found = new TreeSet<>();
      Dirents entries = new Dirents(fd, new byte[room]);
      while (entries.next()) {
        String name =
            new String(
                entries.nameBuffer(),
                entries.nameOffset(),
                entries.nameLength(),
                StandardCharsets.US_ASCII);
        assertTrue(found.add(name), name);
        assertArrayEquals(name.getBytes(StandardCharsets.US_ASCII), entries.name());
      }
      assertFalse(entries.next());
      assertEquals(made, found);
      Native.close(fd);
    }
  }

  @Test
  void onlyTheDirectoryItselfAndItsParentAreHereOrParent() throws IOException {
    Set<String> others = Set.of(".a", "..a", "...", "a.", "a");
    for (String name : others) {
      Files.createFile(path.resolve(name));
    }
    int fd = open(path);
    Set<String> here = new TreeSet<>();
    Dirents entries = new Dirents(fd, new byte[Dirents.BUFFER_SIZE]);
    while (entries.next()) {
      if (entries.isHereOrParent()) {
        here.add(new String(entries.name(), StandardCharsets.US_ASCII));
      }
    }
    Native.close(fd);
    assertEquals(Set.of(".", ".."), here);
  }

  @Test
  void aFileIsNoDirectoryAndALinkMayBeOne() throws IOException {
    Files.createFile(path.resolve("file"));
    Files.createDirectory(path.resolve("directory"));
    Files.createSymbolicLink(path.resolve("link"), Path.of("file"));
    int fd = open(path);
    Dirents entries = new Dirents(fd, new byte[Dirents.BUFFER_SIZE]);
    Set<String> may = new TreeSet<>();
    while (entries.next()) {
      if (entries.mayBeDirectory()) {
        may.add(new String(entries.name(), StandardCharsets.US_ASCII));
      }
    }
    Native.close(fd);
    assertEquals(Set.of(".", "..", "directory", "link"), may);
  }

  @Test
  void sayWhyTheyCannotBeRead() {
    Dirents entries = new Dirents(-1, new byte[512]);
    assertEquals(Errno.EBADF, assertThrows(SystemCallException.class, entries::next).errno());
  }
}
