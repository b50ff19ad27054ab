/*
 * The lines of the transfer log are held against the description in xferlog(5); the file that they go to is root's alone.
 */
package org.twoftpd.shared.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.FileFlags;
import org.twoftpd.shared.os.Native;

class TransferLogTest {
  private static final Endpoint PEER = new Endpoint(new byte[] {(byte) 192, 0, 2, 7}, 1, 0);
  private static final ZoneId ZONE = ZoneId.of("Europe/Paris");
  private static final Instant AT = ZonedDateTime.of(2026, 3, 7, 9, 5, 2, 0, ZONE).toInstant();

  private static byte[] bytes(String s) {
    return s.getBytes(StandardCharsets.ISO_8859_1);
  }

  static TransferLog.Entry entry(byte[] path, byte[] user) {
    return new TransferLog.Entry(AT, 2600, PEER, 1234, path, false, true, false, user, true);
  }

  private static String line(TransferLog.Entry e) {
    return new String(TransferLog.line(e, ZONE), StandardCharsets.ISO_8859_1);
  }

  @Test
  void hasEveryFieldInItsPlace() {
    assertEquals(
        "Sat Mar  7 09:05:02 2026 3 192.0.2.7 1234 /a/b b _ i r alice ftp 0 * c\n",
        line(entry(bytes("/a/b"), bytes("alice"))));
    assertEquals(
        "Sat Mar  7 09:05:02 2026 1 192.0.2.7 0 /x a _ o a ? ftp 0 * i\n",
        line(
            new TransferLog.Entry(
                AT, 3, PEER, 0, bytes("/x"), true, false, true, bytes("ftp"), false)));
  }

  @Property
  void noNameMakesAnotherField(
      @ForAll @Size(max = 60) byte[] path, @ForAll @Size(max = 60) byte[] user) {
    String line = line(entry(path, user));
    assertTrue(line.endsWith("\n"));
    String[] fields = line.substring(0, line.length() - 1).split(" ", -1);
    // A day of one digit has two spaces in front.
    assertEquals(19, fields.length, line);
    assertTrue(line.chars().limit(line.length() - 1).noneMatch(c -> c < ' ' || c == 0x7f), line);
    assertEquals("c", fields[18]);
  }

  @Test
  void replacesWhatWouldEndAField() {
    String line = line(entry(bytes("/a b\nc\td\u007f\u00e4"), bytes("o u")));
    assertTrue(line.contains(" /a_b_c_d_\u00e4 b _ i r o_u ftp "), line);
  }

  @Test
  void appendsAndReopens(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("xferlog");
    TransferLog log = TransferLog.open(file.toString());
    assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertTrue(log.write(entry(bytes("/1"), bytes("u"))));
    Path rotated = Files.move(file, directory.resolve("xferlog.1"));
    assertTrue(log.write(entry(bytes("/2"), bytes("u"))));
    log.reopen();
    assertTrue(log.write(entry(bytes("/3"), bytes("u"))));
    assertEquals(2, Files.readAllLines(rotated).size());
    assertEquals(1, Files.readAllLines(file).size());
    Files.delete(file);
    Files.createDirectory(file);
    assertThrows(IOException.class, log::reopen);
    Files.delete(file);
    // The old file is kept.
    assertTrue(log.write(entry(bytes("/4"), bytes("u"))));
  }

  /** The disk has room for a line and a half. */
  @Test
  void aLineIsThereWholeOrNotAtAll(@TempDir Path directory) throws Exception {
    assertEquals(
        0, run("mount", "-t", "tmpfs", "-o", "size=8k,mode=755", "tmpfs", directory.toString()));
    try {
      byte[] path = bytes("/" + "x".repeat(3000));
      TransferLog log = TransferLog.open(directory.resolve("xferlog").toString());
      assertTrue(log.write(entry(path, bytes("u"))));
      assertTrue(log.write(entry(path, bytes("u"))));
      assertFalse(log.write(entry(path, bytes("u"))));
      assertTrue(log.write(entry(bytes("/short"), bytes("u"))));
      List<String> lines = Files.readAllLines(directory.resolve("xferlog"));
      assertEquals(3, lines.size());
      assertTrue(lines.stream().allMatch(l -> l.endsWith(" ftp 0 * c")), lines::toString);
    } finally {
      assertEquals(0, run("umount", "-l", directory.toString()));
    }
  }

  /**
   * A file system that stands still holds up nobody, and lines that it did not take are counted.
   */
  @Test
  @Timeout(120)
  void row47_nobodyWaitsForAFrozenFileSystem(@TempDir Path directory) throws Exception {
    Path image = directory.resolve("image");
    Path place = Files.createDirectory(directory.resolve("place"));
    Path log = place.resolve("xferlog");
    assertEquals(0, run("truncate", "-s", "8M", image.toString()));
    assertEquals(0, run("mkfs.ext4", "-q", image.toString()));
    assertEquals(0, run("mount", "-o", "loop", image.toString(), place.toString()));
    Path output = directory.resolve("service");
    int fd =
        Native.openat(
            FileFlags.AT_FDCWD,
            bytes(output.toString()),
            FileFlags.O_WRONLY | FileFlags.O_CREAT | FileFlags.O_APPEND,
            0600);
    try {
      Journal journal = new Journal(fd);
      TransferWriter writer = new TransferWriter(TransferLog.open(log.toString()), journal);
      Share anna = Share.user(bytes("anna"));
      int all = 20_000;
      assertEquals(0, run("fsfreeze", "-f", place.toString()));
      try {
        for (int i = 0; i < all; i++) {
          writer.write(anna, entry(bytes("/" + i), bytes("anna")));
        }
        writer.reopen();
        assertFalse(writer.flush(300), "it cannot be written");
      } finally {
        assertEquals(0, run("fsfreeze", "-u", place.toString()));
      }
      assertTrue(writer.flush(60_000));
      assertTrue(journal.flush(20_000));
      long lost = 0;
      for (String line : Files.readAllLines(output)) {
        assertTrue(line.matches("lost lines=\\d+ from=xferlog user=anna"), line);
        lost += Long.parseLong(line.replaceAll(".*lines=(\\d+) .*", "$1"));
      }
      assertTrue(lost > 0 && lost < all);
      assertEquals(all, Files.readAllLines(log).size() + lost);
    } finally {
      Native.close(fd);
      assertEquals(0, run("umount", "-l", place.toString()));
    }
  }

  private static int run(String... command) throws Exception {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }

  @Test
  void takesNoLinkAndNoDevice(@TempDir Path directory) throws Exception {
    Path target = Files.createFile(directory.resolve("target"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), target);
    for (String path : new String[] {link.toString(), "/dev/null", directory.toString()}) {
      assertThrows(IOException.class, () -> TransferLog.open(path), path);
    }
  }
}
