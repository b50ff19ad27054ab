/*
 * Lines leave the process by standard error or by the journal's socket, whole, and without anybody who waits.
 */
package org.twoftpd.shared.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.twoftpd.shared.os.SocketFlags.SO_SNDBUF;

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

  private static void written(Journal journal, Event... events) {
    for (Event e : events) {
      journal.write(e);
    }
    assertTrue(journal.flush(20_000), "written");
  }

  private static String next(UnixPair p) {
    byte[] b = new byte[1000];
    int n = Native.read(p.far(), b, 0, b.length);
    return n == -Errno.EAGAIN ? null : new String(b, 0, n, StandardCharsets.US_ASCII);
  }

  @Test
  void putsThePriorityInFrontOnASocket() {
    try (UnixPair p = UnixPair.openPackets()) {
      Journal journal = new Journal(p.near());
      written(journal, new ServiceEvent.Stopped(), new ProcessEvent.SpareFailed("a\nb"));
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
    written(new Journal(fd), new ServiceEvent.Stopped());
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
                  for (int i = 0; i < 5; i++) {
                    journal.write(new ProcessEvent.SpareFailed(reason));
                  }
                }));
      }
      for (Thread t : threads) {
        t.join();
      }
      assertTrue(journal.flush(5000));
      Native.shutdown(p.near(), 1);
      List<String> lines = new UnixPair(p.far(), -1).readAll().lines().toList();
      assertEquals(20, lines.size());
      for (String line : lines) {
        assertTrue(line.matches("<3>spare-failed reason=(t[0-3])\\1{19}"), line);
      }
    }
  }

  @Test
  @Timeout(60)
  void row47_losesLinesRatherThanStopAndTellsHowMany() throws Exception {
    new Journal(-1).write(new ServiceEvent.Stopped());
    int[] ends = new int[2];
    assertEquals(0, Native.socketpair(ends));
    // This socket blocks, as that of a journal does that has been stopped.
    UnixPair p = new UnixPair(ends[1], ends[0]);
    losesLines(p);
  }

  @Test
  @Timeout(60)
  void row47_neverWaitsForAPipe() throws Exception {
    int[] ends = new int[2];
    assertEquals(0, Native.pipe(ends));
    assertEquals(0, Native.setNonblocking(ends[1], false));
    losesLines(new UnixPair(ends[0], ends[1]));
  }

  /** A journal that writes to the far end of the pair. */
  private static void losesLines(UnixPair p) throws Exception {
    assertEquals(0, Native.setNonblocking(p.near(), true));
    Journal journal = new Journal(p.far());
    int all = 100_000;
    String reason = "x".repeat(500);
    for (int i = 0; i < all; i++) {
      journal.write(new ProcessEvent.SpareFailed(reason));
    }
    assertFalse(journal.flush(100), "nobody reads");
    byte[] b = new byte[65536];
    StringBuilder text = new StringBuilder();
    boolean done = false;
    while (!done) {
      done = journal.flush(10);
      for (int n = Native.read(p.near(), b, 0, b.length);
          n > 0;
          n = Native.read(p.near(), b, 0, b.length)) {
        text.append(new String(b, 0, n, StandardCharsets.US_ASCII));
      }
    }
    List<String> lines = text.toString().lines().toList();
    long whole = lines.stream().filter(("<3>spare-failed reason=" + reason)::equals).count();
    long lost = 0;
    for (String line : lines) {
      if (line.matches("<4>lost lines=\\d+ from=service")) {
        lost += Long.parseLong(line.replaceAll("\\D*4\\D*(\\d+)\\D*", "$1"));
      } else {
        whole--;
      }
    }
    assertEquals(0, whole, "lines that are torn");
    assertTrue(lost > 0 && lost < all);
    long written = lines.stream().filter(l -> l.startsWith("<3>")).count();
    assertEquals(all, written + lost);
    p.close();
  }

  private static int datagramSocket(Path path) {
    int fd = Native.socket(1, 2, 0);
    byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
    byte[] address = new byte[2 + name.length];
    address[0] = 1;
    System.arraycopy(name, 0, address, 2, name.length);
    assertEquals(0, Native.bind(fd, address));
    return fd;
  }

  @Test
  @Timeout(10)
  void speaksTheJournalsOwnProtocol(@TempDir Path directory) throws Exception {
    Path socket = directory.resolve("journal");
    int fd = datagramSocket(socket);
    UnixPair stderr = UnixPair.openPackets();
    Journal journal = Journal.open(Journal.stream(stderr.near()), stderr.near(), socket.toString());
    written(journal, new ProcessEvent.Violation("gate", 5, "MESSAGE=forged\nPRIORITY=0"));
    UnixPair received = new UnixPair(-1, fd);
    assertEquals(
        """
        MESSAGE=violation role=gate pid=5 what="MESSAGE=forged\\x0aPRIORITY=0"
        PRIORITY=3
        SYSLOG_FACILITY=11
        SYSLOG_IDENTIFIER=twoftpd
        TWOFTPD_EVENT=violation
        TWOFTPD_ROLE=gate
        TWOFTPD_PID=5
        TWOFTPD_WHAT=MESSAGE=forged\\x0aPRIORITY=0
        """,
        next(received));
    written(journal, new ServiceEvent.Reloaded("LISTEN"));
    String reload = next(received);
    assertTrue(reload.contains("\nTWOFTPD_RESTART_FOR=LISTEN\n"), reload);
    assertEquals(null, next(stderr));
    // The journal is started anew.
    Native.close(fd);
    Files.delete(socket);
    journal.write(new ServiceEvent.Stopped());
    fd = datagramSocket(socket);
    received = new UnixPair(-1, fd);
    written(journal, new ProcessEvent.SpareFailed("x"));
    assertTrue(next(received).startsWith("MESSAGE=stopped\nPRIORITY=6\n"));
    assertTrue(next(received).startsWith("MESSAGE=spare-failed reason=x\nPRIORITY=3\n"));
    assertEquals(null, next(received));
    stderr.close();
    Native.close(fd);
  }

  /** The journal stands still and then goes on: each line is there or counted. */
  @Test
  @Timeout(60)
  void row47_losesWhatAJournalDoesNotTake(@TempDir Path directory) throws Exception {
    Path socket = directory.resolve("journal");
    int fd = datagramSocket(socket);
    UnixPair stderr = UnixPair.openPackets();
    Journal journal = Journal.open(Journal.stream(stderr.near()), stderr.near(), socket.toString());
    Share anna = Share.user("anna".getBytes(StandardCharsets.US_ASCII));
    Share bert = Share.user("bert".getBytes(StandardCharsets.US_ASCII));
    int all = 50_000;
    for (int i = 0; i < all; i++) {
      journal.write(anna, new ProcessEvent.SpareFailed("of anna"));
    }
    journal.write(bert, new ProcessEvent.SpareFailed("of bert"));
    journal.write(new ServiceEvent.Stopped());
    assertFalse(journal.flush(100), "nobody reads");
    UnixPair received = new UnixPair(-1, fd);
    int whole = 0;
    long lost = 0;
    int others = 0;
    while (whole + lost < all || others < 2) {
      String line = next(received);
      if (line == null) {
        Thread.sleep(1);
      } else if (line.contains("of anna")) {
        whole++;
      } else if (line.startsWith("MESSAGE=lost ")) {
        assertTrue(line.contains(" from=sessions user=anna\n"), line);
        lost += Long.parseLong(line.replaceAll("(?s).*lines=(\\d+).*", "$1"));
      } else {
        others++;
      }
    }
    assertEquals(all, whole + lost);
    assertTrue(whole > 0 && lost > 0);
    assertTrue(journal.flush(20_000));
    assertEquals(null, next(received));
    stderr.close();
    Native.close(fd);
  }

  /** When the journal's socket can never take a line, that line is lost and no other. */
  @Test
  @Timeout(20)
  void row47_aLineThatIsTooLongIsMissingAndTheNextOnesAreNot(@TempDir Path directory) {
    Path socket = directory.resolve("journal");
    int fd = datagramSocket(socket);
    byte[] name = socket.toString().getBytes(StandardCharsets.UTF_8);
    byte[] address = new byte[2 + name.length + 1];
    address[0] = 1;
    System.arraycopy(name, 0, address, 2, name.length);
    int small = Native.socket(1, 2, 0);
    assertEquals(0, Native.connect(small, address));
    assertEquals(0, Native.setsockopt(small, 1, SO_SNDBUF, 1));
    Journal journal = new Journal(new JournalSocket(address, small));
    Share anna = Share.user("anna".getBytes(StandardCharsets.US_ASCII));
    journal.write(anna, new ProcessEvent.SpareFailed("first"));
    journal.write(anna, new ProcessEvent.SpareFailed("\n".repeat(1024)));
    journal.write(anna, new ProcessEvent.SpareFailed("last"));
    assertTrue(journal.flush(10_000), "written or lost");
    UnixPair received = new UnixPair(-1, fd);
    assertTrue(next(received).startsWith("MESSAGE=spare-failed reason=first\n"));
    String lost = next(received);
    assertTrue(lost.startsWith("MESSAGE=lost lines=1 from=sessions user=anna\n"), lost);
    assertTrue(next(received).startsWith("MESSAGE=spare-failed reason=last\n"));
    assertEquals(null, next(received));
    Native.close(small);
    Native.close(fd);
  }

  /**
   * When the log of transfers stands still at the end, the journal says how many lines are missing.
   */
  @Test
  @Timeout(20)
  void row47_atTheEndItIsToldWhatTransfersAreMissing(@TempDir Path directory) throws Exception {
    TransferLog log = TransferLog.open(directory.resolve("xferlog").toString());
    Share anna = Share.user("anna".getBytes(StandardCharsets.US_ASCII));
    try (UnixPair p = UnixPair.openPackets()) {
      Journal journal = new Journal(p.near());
      TransferWriter transfers = new TransferWriter(log, journal);
      assertTrue(transfers.flush(10_000));
      // Whoever writes a line has to wait for this.
      synchronized (log) {
        for (int i = 0; i < 7; i++) {
          transfers.write(anna, TransferLogTest.entry(new byte[] {'/', 'f'}, new byte[] {'a'}));
        }
        journal.stop(transfers, 200);
      }
      assertEquals("<4>lost lines=7 from=xferlog\n", next(p));
      assertEquals("<6>stopped\n", next(p));
      assertEquals(null, next(p));
    }
  }

  /** When the journal took nothing for a while, it is told what is missing before the last line. */
  @Test
  @Timeout(20)
  void row47_atTheEndItIsToldWhatLinesAreMissing() {
    Share anna = Share.user("anna".getBytes(StandardCharsets.US_ASCII));
    byte[] b = new byte[4096];
    try (UnixPair p = UnixPair.open()) {
      int n = b.length;
      while (n > 0) {
        n = Native.write(p.near(), b, 0, b.length);
      }
      assertEquals(-Errno.EAGAIN, n, "it is full");
      Journal journal = new Journal(p.near());
      for (int i = 0; i < 7; i++) {
        journal.write(anna, new ProcessEvent.SpareFailed("x"));
      }
      journal.stop(null, 200);
      StringBuilder text = new StringBuilder();
      while (!text.toString().endsWith("stopped\n")) {
        n = Native.read(p.far(), b, 0, b.length);
        text.append(n > 0 ? new String(b, 0, n, StandardCharsets.US_ASCII).replace("\0", "") : "");
      }
      List<String> lines = text.toString().lines().toList();
      long written = lines.stream().filter("<3>spare-failed reason=x"::equals).count();
      long missing = 7 - written;
      assertTrue(written <= 1, "what the thread had in hand");
      assertTrue(lines.contains("<4>lost lines=" + missing + " from=sessions"), text::toString);
    }
  }

  @Test
  void writesLinesWhenStandardErrorIsNotTheJournals(@TempDir Path directory) {
    Path socket = directory.resolve("journal");
    int fd = datagramSocket(socket);
    UnixPair received = new UnixPair(-1, fd);
    try (UnixPair stderr = UnixPair.openPackets();
        UnixPair other = UnixPair.open()) {
      for (String stream : new String[] {null, "", "8:1", Journal.stream(other.near())}) {
        written(Journal.open(stream, stderr.near(), socket.toString()), new ServiceEvent.Stopped());
        assertEquals("<6>stopped\n", next(stderr));
      }
      // Standard error leads to the journal, but nobody listens on its socket.
      written(
          Journal.open(
              Journal.stream(stderr.near()), stderr.near(), directory.resolve("none").toString()),
          new ServiceEvent.Stopped());
      assertEquals("<6>stopped\n", next(stderr));
    }
    assertEquals(null, next(received));
    Native.close(fd);
  }

  @Test
  void namesAStreamAsStatDoes() throws Exception {
    Process p = new ProcessBuilder("stat", "-L", "-c", "%d:%i", "/dev/null", "/etc/passwd").start();
    List<String> expected = p.inputReader().lines().toList();
    List<String> got = new ArrayList<>();
    for (String file : List.of("/dev/null", "/etc/passwd")) {
      int fd = Native.openat(-100, file.getBytes(StandardCharsets.UTF_8), 0, 0);
      got.add(Journal.stream(fd));
      Native.close(fd);
    }
    assertEquals(expected, got);
  }
}
