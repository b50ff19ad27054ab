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
                  for (int i = 0; i < 5; i++) {
                    journal.write(new Event.SpareFailed(reason));
                  }
                }));
      }
      for (Thread t : threads) {
        t.join();
      }
      Native.shutdown(p.near(), 1);
      List<String> lines = new UnixPair(p.far(), -1).readAll().lines().toList();
      assertEquals(20, lines.size());
      for (String line : lines) {
        assertTrue(line.matches("<3>spare-failed reason=(t[0-3])\\1{19}"), line);
      }
    }
  }

  @Test
  @Timeout(10)
  void losesLinesRatherThanStopAndTellsHowMany() {
    new Journal(-1).write(new Event.Stopped());
    int[] ends = new int[2];
    assertEquals(0, Native.socketpair(ends));
    // One that blocks, as the socket of a journal that has been stopped.
    UnixPair p = new UnixPair(ends[1], ends[0]);
    losesLines(p);
  }

  @Test
  @Timeout(10)
  void neverWaitsForAPipe() {
    int[] ends = new int[2];
    assertEquals(0, Native.pipe(ends));
    assertEquals(0, Native.setNonblocking(ends[1], false));
    losesLines(new UnixPair(ends[0], ends[1]));
  }

  /** From the far end of the pair to the near one. */
  private static void losesLines(UnixPair p) {
    assertEquals(0, Native.setNonblocking(p.near(), true));
    Journal journal = new Journal(p.far());
    int all = 100_000;
    for (int i = 0; i < all; i++) {
      journal.write(new Event.Stopped());
    }
    byte[] b = new byte[65536];
    int whole = 0;
    int n = Native.read(p.near(), b, 0, b.length);
    StringBuilder text = new StringBuilder();
    while (n > 0) {
      text.append(new String(b, 0, n, StandardCharsets.US_ASCII));
      n = Native.read(p.near(), b, 0, b.length);
    }
    // What it took from the pipe makes room, for the end of a torn line first.
    journal.write(new Event.SpareFailed("last"));
    n = Native.read(p.near(), b, 0, b.length);
    text.append(new String(b, 0, n, StandardCharsets.US_ASCII));
    List<String> lines = text.toString().lines().toList();
    for (String line : lines.subList(0, lines.size() - 2)) {
      assertEquals("<6>stopped", line);
      whole++;
    }
    assertTrue(whole > 0 && whole < all, () -> text.length() + " bytes");
    assertEquals("<4>lost lines=" + (all - whole), lines.get(lines.size() - 2));
    assertEquals("<3>spare-failed reason=last", lines.getLast());
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
    journal.write(new Event.Violation("gate", 5, "MESSAGE=forged\nPRIORITY=0"));
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
    journal.write(new Event.Reloaded("LISTEN"));
    String reload = next(received);
    assertTrue(reload.contains("\nTWOFTPD_RESTART_FOR=LISTEN\n"), reload);
    assertEquals(null, next(stderr));
    // The journal is started anew.
    Native.close(fd);
    Files.delete(socket);
    journal.write(new Event.Stopped());
    fd = datagramSocket(socket);
    received = new UnixPair(-1, fd);
    journal.write(new Event.SpareFailed("x"));
    assertTrue(next(received).startsWith("MESSAGE=lost lines=1\nPRIORITY=4\n"));
    assertTrue(next(received).startsWith("MESSAGE=spare-failed reason=x\nPRIORITY=3\n"));
    assertEquals(null, next(received));
    stderr.close();
    Native.close(fd);
  }

  @Test
  @Timeout(20)
  void losesWhatAJournalDoesNotTake(@TempDir Path directory) throws Exception {
    Path socket = directory.resolve("journal");
    int fd = datagramSocket(socket);
    UnixPair stderr = UnixPair.openPackets();
    Journal journal = Journal.open(Journal.stream(stderr.near()), stderr.near(), socket.toString());
    int all = 5000;
    for (int i = 0; i < all; i++) {
      journal.write(new Event.Stopped());
    }
    UnixPair received = new UnixPair(-1, fd);
    int whole = 0;
    while (next(received) != null) {
      whole++;
    }
    journal.write(new Event.Stopped());
    assertTrue(next(received).startsWith("MESSAGE=lost lines=" + (all - whole) + "\n"));
    assertTrue(whole > 0 && whole < all);
    stderr.close();
    Native.close(fd);
  }

  @Test
  void writesLinesWhenStandardErrorIsNotTheJournals(@TempDir Path directory) {
    Path socket = directory.resolve("journal");
    int fd = datagramSocket(socket);
    UnixPair received = new UnixPair(-1, fd);
    try (UnixPair stderr = UnixPair.openPackets();
        UnixPair other = UnixPair.open()) {
      for (String stream : new String[] {null, "", "8:1", Journal.stream(other.near())}) {
        Journal.open(stream, stderr.near(), socket.toString()).write(new Event.Stopped());
        assertEquals("<6>stopped\n", next(stderr));
      }
      // It is, but nobody is there.
      Journal.open(
              Journal.stream(stderr.near()), stderr.near(), directory.resolve("none").toString())
          .write(new Event.Stopped());
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
