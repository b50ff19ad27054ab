package org.twoftpd.test.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.Dialogue;

/** twoftpd-who against the real monitor. */
@Timeout(120)
class WhoIT {
  private static Chain chain;

  @BeforeAll
  static void start() throws IOException {
    chain = Chain.ofAliceAndBob();
  }

  @AfterAll
  static void stop() throws IOException {
    chain.close();
  }

  /** What the program printed, and its exit status. */
  private record Result(int status, String output) {}

  private static Result who(List<String> before, String... arguments) throws Exception {
    Path runtime = Path.of("/proc/" + chain.monitor() + "/cmdline");
    List<String> monitor =
        List.of(Files.readString(runtime, StandardCharsets.UTF_8).split("\0", -1));
    List<String> command = new ArrayList<>(before);
    command.add(monitor.getFirst());
    String own = monitor.stream().filter(a -> a.startsWith("@")).findFirst().orElseThrow();
    command.add(own.replace("/monitor.args", "/who.args"));
    command.addAll(List.of("--runtime", monitor.get(monitor.indexOf("--runtime") + 1)));
    command.addAll(List.of(arguments));
    Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(p.waitFor(30, TimeUnit.SECONDS));
    return new Result(p.exitValue(), output);
  }

  private static String lineOf(String user) throws Exception {
    return who(List.of())
        .output()
        .lines()
        .filter(l -> l.split("\t", -1)[1].equals(user))
        .findFirst()
        .orElse("");
  }

  @Test
  void tellsWhoFromWhereAndWhatWithWhichFile() throws Exception {
    Path home = chain.user("alice").home();
    Files.write(home.resolve("large"), new byte[64 << 20]);
    try (Dialogue d = chain.login("alice")) {
      long pid = chain.sessionsOf("alice").getFirst();
      String[] idle = lineOf("alice").split("\t", -1);
      assertEquals(Long.toString(pid), idle[0]);
      assertEquals("127.0.0.1", idle[2]);
      assertEquals("xfer", idle[4]);
      assertEquals("idle", idle[6]);
      // Nobody reads what is sent, so the transfer stands still in the middle.
      try (java.net.Socket data = new java.net.Socket("127.0.0.1", passivePort(d))) {
        d.expect(150, "RETR large");
        assertTrue(data.isConnected());
        String[] busy = lineOf("alice").split("\t", -1);
        assertEquals("sends " + home.resolve("large"), busy[6]);
      }
    }
  }

  private static int passivePort(Dialogue d) throws IOException {
    String reply = d.expect(229, "EPSV").text();
    return Integer.parseInt(reply.split("\\|", -1)[3]);
  }

  @Test
  void endsASessionAndNoOther() throws Exception {
    try (Dialogue bob = chain.login("bob");
        Dialogue other = chain.login("alice")) {
      long pid = chain.sessionsOf("bob").getFirst();
      Result ended = who(List.of(), "--end", Long.toString(pid));
      assertEquals("ended " + pid + "\n", ended.output());
      Chain.eventually("bob's session ends", () -> chain.sessionsOf("bob").isEmpty());
      assertEquals("", lineOf("bob"));
      other.expect(200, "NOOP");
      assertTrue(bob != other);
    }
  }

  @Test
  void endsNothingElse() throws Exception {
    Result refused = who(List.of(), "--end", Long.toString(chain.monitor()));
    assertEquals(1, refused.status());
    assertTrue(refused.output().contains("is not a session"), refused.output());
    assertTrue(ProcessHandle.of(chain.monitor()).isPresent());
    assertEquals(64, who(List.of(), "--end", "0").status());
    assertEquals(64, who(List.of(), "--frob").status());
  }

  @Test
  void tellsNobodyButRoot() throws Exception {
    try (Dialogue d = chain.login("alice")) {
      d.expect(200, "NOOP");
      List<String> alice =
          List.of("setpriv", "--reuid", "64101", "--regid", "64101", "--clear-groups");
      Result refused = who(alice);
      assertEquals(1, refused.status(), refused.output());
      assertFalse(refused.output().contains("127.0.0.1"), refused.output());
    }
  }
}
