package org.twoftpd.test.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.Dialogue;

/** The dialogue before login, and the step from there into a session. */
class LoginIT {
  private static Chain chain;

  @BeforeAll
  static void start() throws IOException {
    chain =
        Chain.options()
            .user("alice")
            .user("bob")
            .set("LOGINBANNER", "\"one\ntwo\"")
            .set("AUTH_TIMEOUT", "6")
            .set("MAX_PER_IP", "50")
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    chain.close();
  }

  @Test
  void greetingHasTheBannerFirst() throws IOException {
    try (Dialogue d = new Dialogue("127.0.0.1", chain.port())) {
      Dialogue.Reply r = d.expect(220);
      assertEquals("220-one", r.lines().get(0));
      assertEquals("220-two", r.lines().get(1));
      assertTrue(r.lines().size() >= 4, r::toString);
    }
  }

  @Test
  void aGoodPasswordGives230FromAFreshSession() throws IOException {
    try (Dialogue d = chain.login("alice")) {
      assertEquals("\"/\" is the current directory.", d.expect(257, "PWD").text());
      d.expect(230, "USER alice");
      d.expect(530, "USER bob");
      d.expect(221, "QUIT");
      assertTrue(d.isClosed());
    }
    chain.eventuallyLogged(
        "login user=alice address=127\\.0\\.0\\.1 table=xfer uid=\\d+ pid=\\d+ ms=\\d+");
    chain.eventuallyLogged("end user=alice address=127\\.0\\.0\\.1 reason=quit in=0 out=0");
  }

  @Test
  void aBadPasswordAndAnUnknownUserGetTheSameAnswer() throws IOException {
    try (Dialogue d = chain.connect()) {
      d.expect(331, "USER alice");
      Dialogue.Reply wrong = d.expect(530, "PASS wrong");
      d.expect(503, "PASS again");
      d.expect(331, "USER nobody-knows-me");
      assertEquals(wrong, d.expect(530, "PASS wrong"));
    }
    chain.eventuallyLogged("login-failed address=127\\.0\\.0\\.1 user=nobody-knows-me ");
    assertFalse(chain.log().contains("wrong\n") && chain.log().contains("again"));
  }

  @Test
  void threeFailuresEndTheConnection() throws IOException {
    try (Dialogue d = chain.connect()) {
      for (int i = 0; i < 3; i++) {
        d.expect(331, "USER alice");
        d.expect(530, "PASS no");
      }
      d.expect(421);
      assertTrue(d.isClosed());
    }
  }

  @Test
  void row27_theTableLogin() throws IOException {
    try (Dialogue d = chain.connect()) {
      d.expect(503, "PASS x");
      assertEquals("UNIX Type: L8", d.expect(215, "SYST").text());
      d.expect(200, "NOOP");
      d.expect(211, "FEAT");
      d.expect(200, "OPTS UTF8 ON");
      d.expect(214, "HELP");
      d.expect(214, "SITE HELP");
      d.expect(530, "RETR x");
      d.expect(530, "pwd");
      d.expect(502, "NONSENSE");
      d.expect(504, "USER");
      d.expect(501, "SYST x");
      d.expect(221, "QUIT");
    }
  }

  @Test
  void whatIsSentAheadOfTheLoginIsNotLost() throws IOException {
    try (Dialogue d = chain.connect()) {
      d.send("USER alice\r\nPASS pw-alice\r\nPWD\r\nSYST\r\nNO");
      d.expect(331);
      d.expect(230);
      d.expect(257);
      d.expect(215);
      d.expect(200, "OP");
    }
  }

  @Test
  void whatIsSentAheadOfARefusalIsNotLostEither() throws IOException {
    try (Dialogue d = chain.connect()) {
      d.send("USER alice\r\nPASS no\r\nUSER alice\r\nPASS pw-alice\r\nPWD\r\nNO");
      d.expect(331);
      d.expect(530);
      d.expect(331);
      d.expect(230);
      d.expect(257);
      d.expect(200, "OP");
    }
  }

  @Test
  void whatIsSentAheadMayBeHundredsOfCommands() throws IOException {
    try (Dialogue d = chain.connect()) {
      d.send("USER alice\r\nPASS pw-alice\r\n" + "NOOP\r\n".repeat(600) + "PWD\r\n");
      d.expect(331);
      d.expect(230);
      for (int i = 0; i < 600; i++) {
        d.expect(200);
      }
      d.expect(257);
    }
  }

  @Test
  void aClientThatNeverLogsInIsSentAway() throws IOException {
    try (Dialogue silent = chain.connect();
        Dialogue busy = chain.connect()) {
      busy.socket().setSoTimeout(20_000);
      for (int i = 0; i < 3; i++) {
        busy.expect(200, "NOOP");
      }
      silent.expect(421);
      assertTrue(silent.isClosed());
      busy.expect(421);
      assertTrue(busy.isClosed());
    }
  }

  @Test
  void row16_anotherProtocolIsSentAway() throws IOException {
    for (String line : new String[] {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "EHLO x\r\n"}) {
      try (Dialogue d = chain.connect()) {
        d.send(line);
        d.expect(421);
        assertTrue(d.isClosed());
      }
    }
    try (Dialogue d = chain.connect()) {
      for (int i = 0; i < 10; i++) {
        d.expect(502, "XYZZY");
      }
      d.expect(421);
    }
  }

  /** Nothing is started for a client that has not logged in. */
  @Test
  void nothingIsStartedForStrangers() throws IOException {
    Chain.eventually("two spares", () -> chain.children("session").size() == 2);
    try (Dialogue a = chain.connect();
        Dialogue b = chain.connect();
        Dialogue c = chain.connect()) {
      a.expect(200, "NOOP");
      b.expect(200, "NOOP");
      c.expect(200, "NOOP");
      assertEquals(1, chain.children("gate").size());
      assertTrue(chain.children("session").stream().allMatch(p -> Chain.uid(p) == 0));
    }
  }
}
