package org.twoftpd.test.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.Dialogue;
import org.twoftpd.test.harness.ShowsSettings;

/** How many clients the service admits, and from whom. */
class LimitsIT {
  private static Chain chain;

  @BeforeAll
  static void start() throws IOException {
    chain =
        Chain.options()
            .user("alice")
            .user("bob")
            .user("carol")
            .user("one")
            .user("two")
            .user("three")
            .user("four")
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    chain.close();
  }

  private static void sentAway(String source, String limit) throws IOException {
    try (Dialogue d = chain.connectFrom(source)) {
      String told = d.expect(421).text();
      assertTrue(told.contains("(" + limit + ")"), told);
      assertTrue(d.isClosed());
    }
    chain.eventuallyLogged("refused address=" + source + " limit=" + limit);
  }

  /**
   * Waits until a client from there is greeted: a place becomes free a moment after a client left.
   */
  private static Dialogue welcome(String source) {
    Dialogue[] welcome = new Dialogue[1];
    Chain.eventuallyTold(
        "a client from " + source + " is welcome",
        () -> {
          Dialogue d = chain.connectFrom(source);
          if (d.reply().code() == 220) {
            welcome[0] = d;
            return true;
          }
          d.close();
          return false;
        });
    return welcome[0];
  }

  private static void wrong(Dialogue d) throws IOException {
    d.expect(331, "USER alice");
    d.expect(530, "PASS guess");
  }

  @Test
  @ShowsSettings("MAX_CLIENTS")
  void clientsInAll() throws IOException {
    chain.reload("MAX_CLIENTS=2");
    try (Dialogue a = welcome("127.0.1.1");
        Dialogue b = welcome("127.0.1.2")) {
      sentAway("127.0.1.3", "MAX_CLIENTS");
      b.expect(200, "NOOP");
      a.expect(221, "QUIT");
      welcome("127.0.1.3").close();
    }
  }

  @Test
  @ShowsSettings("MAX_PER_IP")
  void clientsFromOneAddress() throws IOException {
    chain.reload("MAX_PER_IP=2");
    try (Dialogue a = chain.connectFrom("127.0.2.1");
        Dialogue b = chain.connectFrom("127.0.2.1")) {
      a.expect(220);
      b.expect(220);
      chain.login(b, "alice");
      sentAway("127.0.2.1", "MAX_PER_IP");
      welcome("127.0.2.2").close();
    }
    welcome("127.0.2.1").close();
  }

  @Test
  @ShowsSettings("MAX_PER_USER")
  void sessionsOfOneUser() throws IOException {
    chain.reload("MAX_PER_USER=1");
    try (Dialogue a = chain.login("alice");
        Dialogue b = chain.connect()) {
      b.expect(331, "USER alice");
      String told = b.expect(421, "PASS pw-alice").text();
      assertTrue(told.contains("(MAX_PER_USER)"), told);
      assertTrue(b.isClosed());
      chain.eventuallyLogged("refused address=127.0.0.1 limit=MAX_PER_USER user=alice");
      chain.login("bob").close();
      a.expect(221, "QUIT");
    }
    Chain.eventuallyTold(
        "alice has a place again",
        () -> {
          try (Dialogue d = chain.connect()) {
            d.expect(331, "USER alice");
            return d.command("PASS pw-alice").code() == 230;
          }
        });
  }

  /**
   * Every failure gets the same reply, each one later, and then the source is sent away for a
   * while.
   */
  @Test
  @ShowsSettings({"PENALTY_FAILURES", "PENALTY_TIME", "AUTH_ATTEMPTS"})
  void row28_guessingGetsSlowerAndThenTheSourceIsSentAway() throws Exception {
    chain.reload("PENALTY_FAILURES=5", "PENALTY_TIME=5", "AUTH_ATTEMPTS=2", "MAX_PER_IP=20");
    String guesser = "127.0.3.1";
    List<Dialogue> guesses = new ArrayList<>();
    try (Dialogue open = welcome(guesser)) {
      open.expect(331, "USER alice");
      try (Dialogue d = welcome(guesser)) {
        long begin = System.nanoTime();
        wrong(d);
        assertTrue(System.nanoTime() - begin >= Duration.ofMillis(990).toNanos(), "too soon");
        d.expect(331, "USER no-such-user");
        assertEquals("Not logged in.", d.expect(530, "PASS guess").text());
        d.expect(421);
        assertTrue(d.isClosed());
      }
      for (int i = 0; i < 8; i++) {
        Dialogue d = welcome(guesser);
        guesses.add(d);
        d.expect(331, "USER alice");
      }
      for (Dialogue d : guesses) {
        d.send("PASS guess\r\n");
      }
      guesses.getFirst().expect(530);
      sentAway(guesser, "PENALTY_FAILURES");
      // On a connection that was open before, even the right password is refused.
      open.expect(530, "PASS pw-alice");
      open.expect(421);
    } finally {
      for (Dialogue d : guesses) {
        d.close();
      }
    }
    welcome("127.0.3.2").close();
    // After PENALTY_TIME the failures are forgotten.
    try (Dialogue d = welcome(guesser)) {
      chain.login(d, "alice");
    }
  }

  @Test
  @ShowsSettings("PENALTY_EXEMPT")
  void whoIsExemptIsNotSentAway() throws IOException {
    chain.reload("PENALTY_FAILURES=1", "PENALTY_TIME=60", "PENALTY_EXEMPT=127.0.4.1");
    for (String source : new String[] {"127.0.4.1", "127.0.4.2"}) {
      try (Dialogue d = chain.connectFrom(source)) {
        d.expect(220);
        wrong(d);
      }
    }
    welcome("127.0.4.1").close();
    sentAway("127.0.4.2", "PENALTY_FAILURES");
    chain.reload("PENALTY_FAILURES=0");
    welcome("127.0.4.2").close();
  }

  /** A login that must wait is served in its turn and not refused. */
  @Test
  @ShowsSettings("SPAWN_RATE")
  void startsInASecondAreBounded() throws Exception {
    chain.reload("SPARES=0", "SPAWN_RATE=1");
    Chain.eventually(
        "no spares", () -> chain.children("session").stream().noneMatch(p -> Chain.uid(p) == 0));
    String[] names = {"one", "two", "three", "four"};
    List<Dialogue> all = new ArrayList<>();
    try {
      for (String name : names) {
        Dialogue d = chain.connect();
        all.add(d);
        d.expect(331, "USER " + name);
      }
      int before = logins().size();
      long begin = System.nanoTime();
      for (int i = 0; i < names.length; i++) {
        all.get(i).send("PASS pw-" + names[i] + "\r\n");
        // Passwords are checked beside each other, so each must come clearly after the last.
        Thread.sleep(400);
      }
      for (Dialogue d : all) {
        d.expect(230);
      }
      Duration took = Duration.ofNanos(System.nanoTime() - begin);
      assertTrue(took.toMillis() >= 2500, () -> "four starts took " + took);
      Chain.eventuallyTold("all are logged", () -> logins().size() == before + names.length);
      assertEquals(List.of(names), logins().subList(before, before + names.length));
      chain.eventuallyLogged("spawn-rate limit=1 waiting=[1-3]");
    } finally {
      for (Dialogue d : all) {
        d.close();
      }
    }
  }

  private static List<String> logins() throws IOException {
    return chain
        .log()
        .lines()
        .filter(l -> l.startsWith("login user="))
        .map(l -> l.replaceAll("login user=(\\S+) .*", "$1"))
        .toList();
  }

  /** A login is refused, in plain words, only when more wait than could be served in a minute. */
  @Test
  void moreLoginsThanCanWaitAreRefused() throws Exception {
    try (Chain slow =
        Chain.options()
            .user("alice")
            .set("SPARES", "0")
            .set("SPAWN_RATE", "1")
            .set("MAX_PER_IP", "100")
            .set("MAX_PER_USER", "100")
            .start()) {
      List<Dialogue> all = new ArrayList<>();
      try {
        for (int i = 0; i < 90; i++) {
          Dialogue d = slow.connect();
          all.add(d);
          d.expect(331, "USER alice");
        }
        // All at once, so that sessions start more slowly than logins come, on a slow machine too.
        for (Dialogue d : all) {
          d.send("PASS pw-alice\r\n");
        }
        slow.eventuallyLogged("refused address=127.0.0.1 limit=SPAWN_RATE user=alice");
        int served = 0;
        int refused = 0;
        while (served == 0 || refused == 0) {
          Dialogue d = answered(all);
          all.remove(d);
          Dialogue.Reply reply = d.reply();
          if (reply.code() == 230) {
            served++;
          } else {
            assertEquals(
                "Too many logins are waiting (SPAWN_RATE). Try again later.", reply.text());
            assertTrue(d.isClosed());
            refused++;
          }
          d.close();
        }
        assertFalse(slow.log().contains("session-failed"));
      } finally {
        for (Dialogue d : all) {
          d.close();
        }
      }
    }
  }

  /** Waits until one of them has a reply to read. */
  private static Dialogue answered(List<Dialogue> all) {
    Dialogue[] found = new Dialogue[1];
    Chain.eventuallyTold(
        "a reply",
        () -> {
          for (Dialogue d : all) {
            if (d.socket().getInputStream().available() > 0) {
              found[0] = d;
              return true;
            }
          }
          return false;
        });
    return found[0];
  }

  @Test
  void limitsAnswer421() throws IOException {
    try (Chain chain =
        Chain.options()
            .user("alice")
            .user("bob")
            .set("MAX_PER_IP", "3")
            .set("MAX_PER_USER", "1")
            .start()) {
      try (Dialogue a = chain.login("alice");
          Dialogue b = chain.connect();
          Dialogue c = chain.connect()) {
        b.expect(331, "USER alice");
        b.expect(421, "PASS pw-alice");
        c.expect(331, "USER bob");
        c.expect(230, "PASS pw-bob");
        a.expect(200, "NOOP");
        // b's place becomes free in a moment, and then it is the last one.
        Dialogue[] third = new Dialogue[1];
        Chain.eventuallyTold(
            "a third client is welcome",
            () -> {
              third[0] = new Dialogue("127.0.0.1", chain.port());
              return third[0].reply().code() == 220;
            });
        try (Dialogue last = third[0];
            Dialogue tooMany = new Dialogue("127.0.0.1", chain.port())) {
          tooMany.expect(421);
          last.expect(200, "NOOP");
        }
      }
      chain.eventuallyLogged("refused address=127\\.0\\.0\\.1 limit=MAX_PER_IP");
    }
  }
}
