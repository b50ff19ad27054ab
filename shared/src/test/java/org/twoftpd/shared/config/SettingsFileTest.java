package org.twoftpd.shared.config;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.twoftpd.shared.os.Native;

/** Which files root takes settings from, and which it refuses. */
final class SettingsFileTest {
  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void make() throws IOException {
    file = directory.resolve("twoftpd.conf");
    Files.writeString(file, "TIMEOUT=5\n");
    mode("rw-r--r--");
  }

  private void mode(String permissions) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  private String refusal() {
    return assertThrows(IOException.class, () -> SettingsFile.read(file.toString())).getMessage();
  }

  @Test
  void readsFilesOfEverySize() throws IOException {
    for (int size : new int[] {0, 1, 4095, 4096, 4097, 100_000, SettingsFile.SIZE_MAX}) {
      byte[] content = new byte[size];
      java.util.Arrays.fill(content, (byte) '#');
      Files.write(file, content);
      assertArrayEquals(content, SettingsFile.read(file.toString()));
    }
    Files.write(file, new byte[SettingsFile.SIZE_MAX + 1]);
    assertTrue(refusal().startsWith("it has more than"));
  }

  @Test
  void refusesWhatOthersCouldHaveWritten() throws IOException {
    mode("rw-rw-r--");
    assertTrue(refusal().contains("writable by its owner alone"));
    mode("rw-r---w-");
    assertTrue(refusal().contains("writable by its owner alone"));
    mode("rw-r-----");
    assertEquals(10, SettingsFile.read(file.toString()).length);
  }

  @Test
  void refusesTheFileOfSomebodyElse() throws IOException {
    assumeTrue(Native.geteuid() == 0, "needs root");
    Files.setAttribute(file, "unix:uid", 4711);
    assertEquals(
        "the file "
            + file
            + " (owner uid 4711, mode 0644) must belong to root and be writable by its owner alone, not"
            + " by group or others",
        refusal());
  }

  @Test
  @Timeout(10)
  void refusesWhatIsNoFile() throws Exception {
    assertThrows(IOException.class, () -> SettingsFile.read(directory.toString()));
    Files.delete(file);
    assertEquals("No such file or directory", refusal());
    assertEquals(0, new ProcessBuilder("mkfifo", file.toString()).start().waitFor());
    assertEquals("it is not a regular file: " + file, refusal());
  }

  @Test
  void saysWhichFileCannotBeRead() {
    String missing = directory.resolve("missing").toString();
    SettingsException e =
        assertThrows(SettingsException.class, () -> SettingsReader.read(missing, Map.of()));
    assertEquals(missing + ": cannot be read: No such file or directory", e.getMessage());
  }
}
