package org.twoftpd.test.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.Dialogue;

/** A session streams 100,000 sorted entries in bounded memory. Rows 7 and 26 of attacks.txt. */
class HugeDirectoryIT {
  private static final int ENTRIES = 100_000;

  /** KiB that a session may grow by, whatever it lists; the lines are 7 MiB and more. */
  private static final long GROWTH = 32 << 10;

  private static Chain chain;

  @BeforeAll
  static void start() throws IOException {
    chain = Chain.options().user("alice").start();
    Path huge = chain.user("alice").home().resolve("huge");
    Files.createDirectory(huge);
    Path first = Files.createFile(huge.resolve(name(0)));
    for (int i = 1; i < ENTRIES; i++) {
      // Some file systems let a file have no more than so many names.
      if (i % 20_000 == 0) {
        first = Files.createFile(huge.resolve(name(i)));
      } else {
        Files.createLink(huge.resolve(name(i)), first);
      }
    }
  }

  @AfterAll
  static void stop() throws IOException {
    chain.close();
  }

  private static String name(int i) {
    return String.format(Locale.ROOT, "entry-%06d", i);
  }

  /** A line of /proc/PID/status, in KiB. */
  private static long memory(long pid, String what) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
      if (line.startsWith(what + ":")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("no " + what);
  }

  private static void assertSorted(String[] lines, int first) {
    for (int i = 0; i < ENTRIES; i++) {
      assertTrue(lines[first + i].endsWith(name(i)), lines[first + i]);
    }
  }

  @Test
  void listingsAreStreamedInBoundedMemory() throws IOException {
    try (Dialogue d = chain.login("alice")) {
      long pid = chain.sessionsOf("alice").getFirst();
      // What these commands take for a small directory does not count as growth.
      d.expect(257, "MKD small");
      d.fetchText("NLST small");
      d.fetchText("LIST small");
      d.fetchText("MLSD small");
      d.expect(213, "STAT small");
      d.fetchText("LIST -ltr small");
      d.fetchText("NLST -S small");
      d.expect(250, "RMD small");
      long before = memory(pid, "VmRSS");
      String[] lines = d.fetchText("NLST huge").split("\r\n", -1);
      assertEquals(ENTRIES + 1, lines.length);
      assertSorted(lines, 0);
      String ascii = d.fetchText("LIST huge");
      assertSorted(ascii.split("\r\n", -1), 0);
      d.expect(200, "TYPE I");
      assertEquals(ascii, d.fetchText("LIST huge"));
      assertSorted(d.fetchText("MLSD huge").split("\r\n", -1), 2);
      assertEquals(ENTRIES + 1, d.fetchText("LIST huge/*").split("\r\n", -1).length);
      assertEquals(ENTRIES + 2, d.expect(213, "STAT huge").lines().size());
      for (String sorted : new String[] {"LIST -ltr huge", "NLST -S huge"}) {
        assertEquals(ENTRIES + 1, d.fetchText(sorted).split("\r\n", -1).length, sorted);
      }
      long growth = memory(pid, "VmHWM") - before;
      assertTrue(growth < GROWTH, "grew by " + growth + " KiB");
    }
  }

  /** Nanoseconds for which the thread has run that asks for statuses ahead. */
  private static long helped(long pid) throws IOException {
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
      for (Path thread : threads.toList()) {
        if (Files.readString(thread.resolve("comm")).equals("statuses\n")) {
          String run = Files.readString(thread.resolve("schedstat"));
          return Long.parseLong(run, 0, run.indexOf(' '), 10);
        }
      }
    }
    throw new IOException("no such thread");
  }

  /** The kernel needs 100 ms for the statuses; a second thread does a part of that when it can. */
  @Test
  void aSecondThreadHelpsWithLargeDirectoriesOnly() throws IOException {
    try (Dialogue d = chain.login("alice")) {
      long pid = chain.sessionsOf("alice").getFirst();
      long before = helped(pid);
      d.fetchText("LIST");
      d.fetchText("NLST huge");
      assertEquals(before, helped(pid));
      // On a busy machine the thread may get no turn before a listing is over.
      Chain.eventuallyTold(
          "it helps for a millisecond",
          () -> {
            d.fetchText("LIST huge");
            return helped(pid) - before > 1_000_000;
          });
    }
  }

  @Test
  void aListingThatIsNotReadStopsAndCanBeAborted() throws IOException {
    try (Dialogue d = chain.login("alice");
        Socket data = d.passive()) {
      d.expect(150, "LIST huge");
      data.getInputStream().readNBytes(10);
      d.expect(426, "ABOR");
      d.expect(226);
      d.expect(257, "PWD");
    }
  }
}
