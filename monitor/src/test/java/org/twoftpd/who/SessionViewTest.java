package org.twoftpd.who;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionViewTest {
  @TempDir Path proc;

  @Test
  void aUserIdHas32BitsAndNoSign() throws Exception {
    Files.createDirectory(proc.resolve("5"));
    for (long uid : new long[] {0, 1000, 1L << 31, 4_294_967_294L}) {
      Files.writeString(proc.resolve("5/status"), "Name:\tx\nUid:\t" + uid + "\t1\t2\t3\n");
      assertEquals(uid, new SessionView(proc, 5).uid());
    }
    assertEquals(-1, new SessionView(proc, 6).uid());
  }

  /** This holds for a session whose program an upgrade has replaced too. */
  @Test
  void aSessionIsKnownByItsProgramAndItsMonitorByBeingItsParent() throws Exception {
    String home = "/usr/lib/twoftpd/runtime/bin/";
    process(1, 0, "/usr/lib/systemd/systemd");
    process(7, 1, home + "twoftpd-monitor (deleted)");
    process(8, 7, home + "twoftpd-session");
    process(9, 1, home + "twoftpd-session (deleted)");
    process(10, 1, "/home/alice/bin/twoftpd-session-of-mine");
    assertTrue(new SessionView(proc, 8).isSession());
    assertTrue(new SessionView(proc, 8).isServed());
    assertTrue(new SessionView(proc, 9).isSession());
    assertFalse(new SessionView(proc, 9).isServed());
    assertFalse(new SessionView(proc, 10).isSession());
    assertFalse(new SessionView(proc, 11).isSession());
    assertFalse(new SessionView(proc, 11).isServed());
  }

  private void process(int pid, int parent, String program) throws IOException {
    Path directory = Files.createDirectory(proc.resolve(Integer.toString(pid)));
    Files.writeString(directory.resolve("status"), "Name:\tx\nPPid:\t" + parent + "\n");
    Files.createSymbolicLink(directory.resolve("exe"), Path.of(program));
  }
}
