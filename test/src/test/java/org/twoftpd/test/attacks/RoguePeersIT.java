/*
 * Row 30: the monitor against a gate and against sessions that break the message protocol in every way.
 */
package org.twoftpd.test.attacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.ChainOptions;
import org.twoftpd.test.harness.Dialogue;
import org.twoftpd.test.harness.Spares;
import org.twoftpd.test.rogue.Misdeed;
import org.twoftpd.test.rogue.RoguePeer;

class RoguePeersIT {
  private static Chain chain;
  private static Path orders;
  private static Dialogue bystander;

  @BeforeAll
  static void start() throws IOException {
    ChainOptions o = Chain.options().user("alice").user("bob");
    orders = o.directory();
    copyClasses(orders.resolve("classes/org/twoftpd/test/rogue"));
    for (String role : new String[] {"gate", "session"}) {
      Path program = orders.resolve("twoftpd-" + role);
      String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
      Files.writeString(
          program,
          """
          #!/bin/bash
          # What the monitor says, but with the test's classes in front and its main class at the end.
          n=$#
          for a; do case $a in -Dtwoftpd.native=*) lib=${a#*=}; lib=${lib%%/*};; esac; done
          exec -a twoftpd-%1$s %2$s "${@:1:n-3}" -Dorg.newsclub.net.unix.library.override.force=$lib/libjunixsocket.so \\
            -cp "%3$s/classes:${@:n-1:1}:$lib/../jars/junixsocket-common.jar" \\
            org.twoftpd.test.rogue.RoguePeer %1$s %3$s/%1$s
          """
              .formatted(role, java, orders));
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
      o.with("--program", role + "=" + program);
    }
    chain =
        o.with("--tls", "on")
            .set("SPARES", "1-1")
            .set("AUTH_ATTEMPTS", "1")
            .set("MAX_PER_IP", "50")
            .start();
    bystander = chain.login("alice");
  }

  private static void copyClasses(Path to) throws IOException {
    Files.createDirectories(to);
    Path from =
        Path.of(RoguePeer.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    try (Stream<Path> classes = Files.list(from.resolve("org/twoftpd/test/rogue"))) {
      for (Path c : classes.toList()) {
        Files.copy(c, to.resolve(c.getFileName()));
      }
    }
  }

  @AfterAll
  static void stop() throws IOException {
    bystander.close();
    chain.close();
  }

  private static int descriptors() {
    String[] open = Path.of("/proc/" + chain.monitor() + "/fd").toFile().list();
    return open == null ? -1 : open.length;
  }

  /** Has the next process of that role do this; returns its pid once it has taken the order. */
  private static long order(String role, String what) throws IOException {
    // A spare that has not looked for an order yet, or is about to be started, would take it. One
    // that is not ready when a login comes has another started beside it, and that one would.
    Chain.eventually(
        "the spare is an honest one, and ready",
        () ->
            chain.children("session").size() == 2
                && chain.children("session").stream()
                    .allMatch(p ->
                        Files.exists(orders.resolve("session.honest-" + p)) && Spares.isReady(p)
                            || Chain.uid(p) == chain.user("alice").uid()));
    Path taken = orders.resolve(role + ".taken");
    Files.deleteIfExists(taken);
    Files.writeString(orders.resolve(role + ".new"), what);
    Files.move(orders.resolve(role + ".new"), orders.resolve(role));
    if (role.equals("gate")) {
      Chain.signal("KILL", chain.children("gate").getFirst());
    } else {
      // A login uses up the spare, and the monitor starts the next one.
      assertOthersGoOn();
    }
    Chain.eventually("the order is taken", () -> taken.toFile().length() > 0);
    return Long.parseLong(Files.readString(taken));
  }

  private static void assertOthersGoOn() throws IOException {
    bystander.expect(200, "NOOP");
    try (Dialogue d = chain.login("bob")) {
      d.expect(257, "PWD");
      d.expect(221, "QUIT");
    }
  }

  private static void assertEnded(long pid) {
    Chain.eventually("the rogue is gone", () -> !Files.exists(Path.of("/proc/" + pid)));
  }

  /** The gate, alice's session and one spare are there and nothing else is going on. */
  private static boolean isAtRest() {
    return chain.children("gate").size() == 1 && chain.children("session").size() == 2;
  }

  /** The number of descriptors that the monitor has at rest, which is the least of some counts. */
  private static int descriptorsAtRest() throws IOException {
    assertOthersGoOn();
    int least = Integer.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      Chain.eventually("one gate, alice and a spare", RoguePeersIT::isAtRest);
      least = Math.min(least, descriptors());
      pause(30);
    }
    return least;
  }

  private static void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void assertNothingIsLeft(int before) {
    Chain.eventually(
        "no more descriptors than before", () -> isAtRest() && descriptors() <= before);
  }

  /** Connects; that gate or the next one greets the client, sends it away or closes. */
  private static void meet() throws IOException {
    try (Dialogue stranger = new Dialogue("127.0.0.1", chain.port())) {
      int code = stranger.reply().code();
      assertTrue(code == 421 || code == 220, () -> "" + code);
    } catch (EOFException e) {
      // That is as good: the gate had told the monitor that the client is gone.
    }
  }

  @ParameterizedTest
  @CsvSource({
    "AT_ONCE, EARLY, state STARTING",
    "AT_ONCE, GARBAGE, a message",
    "READY, READY_TWICE, GATE_READY is not allowed in the state READY",
    "READY, OF_ANOTHERS_CONNECTION, speaks of a connection",
    "WITH_A_CLIENT, UNKNOWN_TYPE, no known kind",
    "WITH_A_CLIENT, WRONG_VERSION, no known kind",
    "WITH_A_CLIENT, OVERSIZED, larger than allowed",
    "WITH_A_CLIENT, LARGER_THAN_ITS_TYPE, larger than allowed",
    "WITH_A_CLIENT, TRUNCATED, shorter than its parts",
    "WITH_A_CLIENT, TRAILING, longer than its parts",
    "WITH_A_CLIENT, PART_BEYOND_THE_END, shorter than its parts",
    "WITH_A_CLIENT, HALF_THEN_STALL, stalls within a message",
    "WITH_A_CLIENT, HALF_THEN_CLOSE, ",
    "WITH_A_CLIENT, OF_THE_MONITOR, not for this peer",
    "WITH_A_CLIENT, OF_ANOTHER_ROLE, not for this peer",
    "WITH_A_CLIENT, ENDED_TWICE, speaks of a connection",
    "READY, UNASKED_ANSWER, what it was not asked",
    "WITH_A_CLIENT, FLOOD_OF_ANSWERS, what it was not asked",
    "WITH_A_CLIENT, ONE_DESCRIPTOR, more descriptors",
    "WITH_A_CLIENT, SIXTY_DESCRIPTORS, more descriptors",
    "WITH_A_CLIENT, TWO_HUNDRED_DESCRIPTORS, more descriptors",
    "WITH_A_CLIENT, OF_NO_CONNECTION, speaks of a connection",
    "WITH_A_CLIENT, ANONYMOUS_WITHOUT_THE_SERVICE, no anonymous service",
    "WITH_A_CLIENT, FLOOD_OF_REQUESTS, speaks of a connection",
    "WITH_A_CLIENT, FLOOD_OF_HANG_UPS, speaks of a connection",
    "WITH_A_CLIENT, ASKED_BEYOND_THE_ATTEMPTS, speaks of a connection",
    "WITH_A_CLIENT, SIGN_WHAT_IS_NO_HANDSHAKE, what is no handshake",
    "WITH_A_CLIENT, SIGN_TWICE, a second signature for one connection",
    "WITH_A_CLIENT, SIGN_FOR_NOBODY, speaks of a connection",
    "READY, SIGN_FOR_A_SESSION, speaks of a connection",
    "WITH_A_CLIENT, SIGN_BY_ANOTHER_KEY, a key that there is not",
    "WITH_A_CLIENT, SIGN_BY_AN_OLD_KEY, a key that there is not",
    "WITH_A_CLIENT, TLS_TWICE, begins TLS where there is none",
  })
  void row30_aRogueGateIsReplaced(String moment, String misdeed, String what) throws IOException {
    int before = descriptorsAtRest();
    // The next gate starts at once only after one that has served for a while.
    pause(600);
    long rogue = order("gate", moment + " " + misdeed);
    if (moment.equals("WITH_A_CLIENT")) {
      meet();
    }
    assertEnded(rogue);
    if (what != null) {
      chain.eventuallyLogged("violation role=gate pid=" + rogue + " what=\".*" + what + ".*");
    }
    chain.eventuallyLogged("gate-died .*");
    assertOthersGoOn();
    assertNothingIsLeft(before);
  }

  /** The client reads nothing, and the gate has changed its socket before it died. */
  @ParameterizedTest
  @ValueSource(strings = {"LINGERING_CLIENT", "BLOCKING_CLIENT"})
  void row46_aSocketThatTheGateHasSpoiltHoldsUpNobody(String misdeed) throws IOException {
    int before = descriptorsAtRest();
    pause(600);
    long rogue = order("gate", "WITH_A_CLIENT " + misdeed);
    try (Socket victim = new Socket("127.0.0.1", chain.port())) {
      assertEnded(rogue);
      chain.eventuallyLogged("gate-died .*");
      for (int i = 0; i < 3; i++) {
        assertOthersGoOn();
      }
      assertTrue(victim.isConnected());
    }
    assertNothingIsLeft(before);
  }

  @ParameterizedTest
  @CsvSource({
    "AT_ONCE, EARLY, state STARTING",
    "AT_ONCE, GARBAGE, a message",
    "READY, READY_TWICE, SPARE_READY is not allowed in the state IDLE",
    "READY, SERVING_TWICE, SERVING is not allowed in the state IDLE",
    "READY, UNASKED_ANSWER, what it was not asked",
    "AT_ONCE, UNASKED_ANSWER, PONG is not allowed in the state STARTING",
    "WITH_A_CLIENT, FLOOD_OF_ANSWERS, what it was not asked",
    "READY, ONE_DESCRIPTOR, more descriptors",
    "READY, HALF_THEN_CLOSE, ",
    "WITH_A_CLIENT, UNKNOWN_TYPE, no known kind",
    "WITH_A_CLIENT, OVERSIZED, larger than allowed",
    "WITH_A_CLIENT, TRAILING, longer than its parts",
    "WITH_A_CLIENT, PART_BEYOND_THE_END, shorter than its parts",
    "WITH_A_CLIENT, GARBAGE, a message",
    "WITH_A_CLIENT, HALF_THEN_STALL, stalls within a message",
    "WITH_A_CLIENT, HALF_THEN_CLOSE, ",
    "WITH_A_CLIENT, OF_THE_MONITOR, not for this peer",
    "WITH_A_CLIENT, OF_ANOTHER_ROLE, not for this peer",
    "WITH_A_CLIENT, READY_TWICE, SPARE_READY is not allowed in the state SERVING",
    "WITH_A_CLIENT, SERVING_TWICE, SERVING is not allowed in the state SERVING",
    "WITH_A_CLIENT, UNABLE_WHILE_SERVING, UNABLE is not allowed in the state SERVING",
    "WITH_A_CLIENT, ENDED_TWICE, ENDED is not allowed in the state ENDED",
    "WITH_A_CLIENT, REPORT_AFTER_THE_END, DELETED is not allowed in the state ENDED",
    "WITH_A_CLIENT, PORT_WITHOUT_THE_SETTING, port 20 is not for this session",
    "WITH_A_CLIENT, ONE_DESCRIPTOR, more descriptors",
    "WITH_A_CLIENT, SIXTY_DESCRIPTORS, more descriptors",
    "WITH_A_CLIENT, TWO_HUNDRED_DESCRIPTORS, more descriptors",
  })
  void row30_aRogueSessionEndsAlone(String moment, String misdeed, String what) throws IOException {
    int before = descriptorsAtRest();
    long rogue = order("session", moment + " " + misdeed);
    if (moment.equals("WITH_A_CLIENT")) {
      try (Dialogue client = chain.connect()) {
        client.expect(331, "USER bob");
        client.send("PASS pw-bob\r\n");
        assertTrue(client.isClosed());
      }
    }
    assertEnded(rogue);
    if (what != null) {
      chain.eventuallyLogged("violation role=session pid=" + rogue + " what=\".*" + what + ".*");
    }
    assertOthersGoOn();
    assertNothingIsLeft(before);
  }

  /** A session that logs lines without end is slowed down, and nobody else is. */
  @Test
  void row30_aSessionThatFloodsTheLogIsHeldBack() throws IOException {
    int before = descriptorsAtRest();
    long rogue = order("session", "WITH_A_CLIENT FLOOD_OF_REPORTS");
    try (Dialogue client = chain.connect()) {
      client.expect(331, "USER bob");
      client.send("PASS pw-bob\r\n");
      chain.eventuallyLogged("held-back user=bob address=127.0.0.1 pid=" + rogue + " limit=5000");
      long begin = System.nanoTime();
      long lines = flooded();
      assertOthersGoOn();
      long seconds = (System.nanoTime() - begin) / 1_000_000_000 + 1;
      assertTrue(flooded() - lines <= 6000 * seconds, "faster than the limit");
      assertTrue(client.isClosed());
    }
    assertEnded(rogue);
    // The session sent its end last, so the monitor has read all lines before it. They are in the
    // log or, where the log could not be written as fast, counted.
    chain.eventuallyLogged("end user=bob .* in=1 out=2");
    Chain.eventuallyTold(
        "each line is there or counted", () -> flooded() + lost() >= Misdeed.FLOOD);
    assertTrue(flooded() <= Misdeed.FLOOD, "more lines than there were");
    assertEquals(1, chain.log().lines().filter(l -> l.startsWith("held-back ")).count());
    assertOthersGoOn();
    assertNothingIsLeft(before);
  }

  private static long lost() throws IOException {
    return chain
        .log()
        .lines()
        .filter(l -> l.matches("lost lines=\\d+ from=sessions user=bob.*"))
        .mapToLong(l -> Long.parseLong(l.replaceAll("lost lines=(\\d+) .*", "$1")))
        .sum();
  }

  private static long flooded() throws IOException {
    return chain.log().lines().filter(l -> l.startsWith("delete user=bob ")).count();
  }

  @Test
  void aGateThatFailsAgainAndAgainIsNotStartedWithoutAPause() throws IOException {
    int before = descriptorsAtRest();
    long died = deaths();
    try {
      order("gate", "READY GARBAGE always");
      pause(4000);
    } finally {
      Files.delete(orders.resolve("gate"));
    }
    long n = deaths() - died;
    assertTrue(n >= 1 && n <= 7, () -> n + " deaths in 4 s");
    bystander.expect(200, "NOOP");
    // The last of them may just have been started.
    Chain.eventuallyTold(
        "somebody is greeted",
        () -> {
          try (Dialogue d = new Dialogue("127.0.0.1", chain.port())) {
            return d.reply().code() == 220;
          }
        });
    assertOthersGoOn();
    assertNothingIsLeft(before);
    assertEquals(1, chain.children("gate").size());
  }

  private static long deaths() throws IOException {
    return chain.log().lines().filter(l -> l.startsWith("gate-died ")).count();
  }
}
