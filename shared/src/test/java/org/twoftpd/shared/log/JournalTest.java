/*
 * How lines leave the process.
 */
package org.twoftpd.shared.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.FileFlags;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.UnixPair;

final class JournalTest {
  private static String next(UnixPair p) {
    byte[] b = new byte[1000];
    int n = Native.read(p.far(), b, 0, b.length);
    return n == -Errno.EAGAIN ? null : new String(b, 0, n, StandardCharsets.US_ASCII);
  }

  @Test
  void putsThePriorityInFrontOnASocket() {
    try (UnixPair p = UnixPair.openPackets()) {
      Journal journal = new Journal(p.near());
      journal.write(new Event.Stopped());
      journal.write(new Event.SpareFailed("a\nb"));
      assertEquals("<6>stopped\n", next(p));
      assertEquals("<3>spare-failed reason=a\\x0ab\n", next(p));
      assertEquals(null, next(p));
    }
  }

  @Test
  void writesLinesAloneToAFile(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("log");
    byte[] name = file.toString().getBytes(StandardCharsets.UTF_8);
    int fd =
        Native.openat(
            FileFlags.AT_FDCWD,
            name,
            FileFlags.O_WRONLY | FileFlags.O_CREAT | FileFlags.O_APPEND,
            0600);
    new Journal(fd).write(new Event.Stopped());
    assertEquals(0, Native.close(fd));
    assertEquals("stopped\n", Files.readString(file));
  }

  @Test
  @Timeout(10)
  void keepsTheLinesOfThreadsApart() throws Exception {
    try (UnixPair p = UnixPair.open()) {
      assertEquals(0, Native.setNonblocking(p.near(), false));
      Journal journal = new Journal(p.near());
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        String reason = ("t" + t).repeat(20);
        threads.add(
            Thread.ofPlatform()
                .start(() -> {
                  for (int i = 0; i < 25; i++) {
                    journal.write(new Event.SpareFailed(reason));
                  }
                }));
      }
      for (Thread t : threads) {
        t.join();
      }
      Native.shutdown(p.near(), 1);
      List<String> lines = new UnixPair(p.far(), -1).readAll().lines().toList();
      assertEquals(100, lines.size());
      for (String line : lines) {
        assertTrue(line.matches("<3>spare-failed reason=(t[0-3])\\1{19}"), line);
      }
    }
  }

  @Test
  @Timeout(10)
  void losesLinesRatherThanStop() {
    new Journal(-1).write(new Event.Stopped());
    try (UnixPair p = UnixPair.open()) {
      Journal journal = new Journal(p.near());
      for (int i = 0; i < 100_000; i++) {
        journal.write(new Event.Stopped());
      }
    }
  }
}
