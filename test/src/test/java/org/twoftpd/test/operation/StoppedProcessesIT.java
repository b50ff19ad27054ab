/*
 * Row 48: the monitor replaces or ends a process that was stopped, whatever its role, and leaves a session alone that waits for
 * its client, however long.
 */
package org.twoftpd.test.operation;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.Dialogue;
import org.twoftpd.test.harness.ProcessThreads;
import org.twoftpd.test.harness.Strace;

@Timeout(240)
class StoppedProcessesIT {
  private static final String STOPPED =
      " what=\"has given no sign of life for \\d+ s: it is stopped\"";

  private static Chain chain;

  @BeforeAll
  static void start() throws IOException {
    chain =
        Chain.options()
            .user("alice")
            .user("bob")
            .user("carol")
            .set("MAX_PER_USER", "1")
            .set("SPARES", "2-2")
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    chain.close();
  }

  private static void assertServes() throws IOException {
    try (Dialogue d = chain.login("bob")) {
      d.expect(257, "PWD");
      d.expect(221, "QUIT");
    }
    Chain.eventually("bob is gone", () -> chain.sessionsOf("bob").isEmpty());
  }

  @Test
  void row48_aStoppedGateIsReplaced() throws IOException {
    try (Dialogue a = chain.login("alice");
        Dialogue stranger = chain.connect()) {
      long gate = chain.children("gate").getFirst();
      Chain.signal("STOP", gate);
      chain.eventuallyLogged("hung role=gate pid=" + gate + STOPPED);
      stranger.expect(421);
      assertServes();
      assertTrue(chain.children("gate").getFirst() != gate);
      a.expect(257, "PWD");
    }
    Chain.eventually("alice is gone", () -> chain.sessionsOf("alice").isEmpty());
  }

  @Test
  void row48_aStoppedSessionEndsAndItsLimitsAreFreed() throws IOException {
    Dialogue a = chain.login("alice");
    long session = chain.sessionsOf("alice").getFirst();
    Chain.signal("STOP", session);
    a.close();
    try (Dialogue second = chain.connect()) {
      second.expect(331, "USER alice");
      second.expect(421, "PASS pw-alice");
    }
    chain.eventuallyLogged("hung role=session pid=" + session + STOPPED);
    chain.eventuallyLogged("session-died user=alice .*status=\"signal 9\"");
    chain.login("alice").close();
    Chain.eventually("alice is gone", () -> chain.sessionsOf("alice").isEmpty());
  }

  @Test
  void row48_stoppedSparesAreReplaced() throws Exception {
    // A spare that has closed its jars is about to wait; the monitor asks it for a sign of life
    // then.
    Chain.eventually(
        "two spares that have loaded",
        () ->
            chain.children("session").size() == 2
                && chain.children("session").stream().noneMatch(StoppedProcessesIT::hasJars)
                && chain.children("session").stream().allMatch(StoppedProcessesIT::isAsleep));
    Thread.sleep(1000);
    List<Long> spares = chain.children("session");
    for (long spare : spares) {
      Chain.signal("STOP", spare);
    }
    for (long spare : spares) {
      chain.eventuallyLogged("hung role=session pid=" + spare + STOPPED);
    }
    assertServes();
  }

  /** True when no thread of the process is running, or waits for a processor to run on. */
  private static boolean isAsleep(long pid) {
    try {
      return ProcessThreads.allAre(pid, "^R");
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean hasJars(long pid) {
    try (Stream<Path> open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      for (Path p : open.toList()) {
        if (Files.readSymbolicLink(p).toString().endsWith(".jar")) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /** Those who log in meanwhile are refused when the module's time is over; nobody else waits. */
  @Test
  void row48_aStoppedCredentialModuleDelaysNobody() throws Exception {
    try (Dialogue a = chain.login("alice");
        Dialogue waits = chain.connect()) {
      Chain.signal("STOP", chain.module());
      try {
        waits.socket().setSoTimeout(100_000);
        waits.expect(331, "USER bob");
        waits.send("PASS pw-bob\r\n");
        for (int i = 0; i < 3; i++) {
          chain.connect().close();
        }
        a.expect(257, "PWD");
        int code = waits.reply().code();
        assertTrue(code == 530 || code == 421, () -> "" + code);
        chain.eventuallyLogged("login-failed address=127.0.0.1 user=bob reason=.*");
      } finally {
        Chain.signal("CONT", chain.module());
      }
    }
    Chain.eventually("alice is gone", () -> chain.sessionsOf("alice").isEmpty());
    assertServes();
  }

  /** A session answers the monitor at each place where it waits for its client. */
  @Test
  void row48_aSessionAnswersWhereverItWaits() throws Exception {
    Files.write(chain.user("bob").home().resolve("big"), new byte[64 << 20]);
    try (Dialogue idle = chain.login("alice");
        Dialogue stalled = chain.login("bob");
        Dialogue passive = chain.login("carol")) {
      stalled.expect(200, "TYPE I");
      try (Socket data = stalled.passive()) {
        stalled.expect(150, "RETR big");
        passive.expect(227, "PASV");
        passive.send("STOR never\r\n");
        assertAnswers("alice");
        assertAnswers("bob");
        assertAnswers("carol");
        assertTrue(data.isConnected());
      }
      idle.expect(257, "PWD");
    }
    assertFalse(chain.log().contains("what=\"answers what it was not asked\""));
    for (String user : List.of("alice", "bob", "carol")) {
      Chain.eventually("the end", () -> chain.sessionsOf(user).isEmpty());
    }
  }

  /** Waits for two answers, since the first could belong to an earlier wait. */
  private static void assertAnswers(String user) throws IOException {
    long pid = chain.sessionsOf(user).getFirst();
    try (Strace trace = new Strace(pid, "-e", "trace=write")) {
      Chain.eventuallyTold(user + " answers", () -> answers(trace).size() >= 2);
    }
  }

  /** Messages to the monitor of the type Pong, which is 30. */
  private static List<String> answers(Strace trace) throws IOException {
    List<String> all = new ArrayList<>();
    for (String line : trace.lines()) {
      if (line.contains("write(0<") && line.contains("\\0\\0\\0\\3\\1\\36")) {
        all.add(line);
      }
    }
    return all;
  }
}
