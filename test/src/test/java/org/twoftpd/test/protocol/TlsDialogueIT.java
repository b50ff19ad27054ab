/*
 * Control connections over TLS: who may log in how, and how they end.
 */
package org.twoftpd.test.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.ChainOptions;
import org.twoftpd.test.harness.Dialogue;
import org.twoftpd.test.harness.SecureClient;

class TlsDialogueIT {
  private static final byte[] HELLO = "hello\r\n".getBytes(StandardCharsets.US_ASCII);

  private static Chain chain;

  @BeforeAll
  static void start() throws IOException {
    ChainOptions o = Chain.options().user("alice").with("--tls", "on");
    Path pub = Files.createDirectory(o.directory().resolve("pub"));
    Files.writeString(pub.resolve("hello"), "hello\r\n");
    chain =
        o.set("ANONYMOUS", "also")
            .set("UID", "64150")
            .set("GID", "64150")
            .set("HOME", pub.toString())
            .set("MAX_PER_IP", "50")
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    chain.close();
  }

  @AfterEach
  void resetSettings() throws IOException {
    chain.reload();
  }

  private static Dialogue secure(String protocol) throws IOException {
    return new SecureClient(protocol).secure(chain.connect());
  }

  private static void fetchHello(Dialogue d) throws IOException {
    d.expect(200, "TYPE I");
    try (Socket data = d.passive()) {
      d.expect(150, "RETR hello");
      assertArrayEquals(HELLO, d.tls().protect(data).readAll());
      d.expect(226);
    }
  }

  @Test
  void anonymousClientsMayProtectThemselves() throws Exception {
    try (Dialogue d = secure("TLSv1.3")) {
      d.expect(331, "USER anonymous");
      d.expect(230, "PASS me@example.org");
      d.expect(200, "PROT P");
      fetchHello(d);
      d.expect(502, "STOR x");
      d.expect(534, "AUTH TLS");
    }
    chain.reload("ANONYMOUS=on");
    // The first command that the gate does not answer is the login.
    try (Dialogue d = secure("TLSv1.3")) {
      d.expect(200, "PROT P");
      d.expect(257, "PWD");
      fetchHello(d);
    }
  }

  @Test
  void whereTlsIsRequiredNobodyIsAskedForAPasswordInTheClear() throws Exception {
    chain.reload("TLS=required");
    try (Dialogue d = chain.connect()) {
      d.expect(530, "USER alice");
      d.expect(503, "PASS " + chain.user("alice").password());
      d.expect(530, "USER anonymous");
      d.expect(503, "PASS me@example.org");
      d.expect(530, "PWD");
      d.expect(211, "FEAT");
      Dialogue over = new SecureClient("TLSv1.3").login(chain, d, "alice");
      over.expect(257, "PWD");
    }
    chain.reload("TLS=required", "ANONYMOUS=on");
    try (Dialogue d = chain.connect()) {
      d.expect(530, "PWD");
      Dialogue over = new SecureClient("TLSv1.3").secure(d);
      over.expect(257, "PWD");
    }
  }

  /** What comes behind AUTH in the clear may be somebody else's. */
  @Test
  void nothingThatComesBehindAuthIsCarriedOut() throws Exception {
    for (String behind : new String[] {"NOOP\r\n", "USER alice\r\nPASS pw-alice\r\n", "x"}) {
      try (Dialogue d = chain.connect()) {
        d.send("AUTH TLS\r\n" + behind);
        d.expect(234);
        d.expect(421);
        assertTrue(d.isClosed());
      }
    }
  }

  // ---- ends ----

  private static void endsWithGoodbye(Dialogue d) throws IOException {
    assertEquals(-1, d.stream().in().read());
    assertTrue(d.stream().isEndedCleanly(), "an end without close_notify");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void whoQuitsIsToldGoodbye(String protocol) throws Exception {
    try (Dialogue before = secure(protocol);
        Dialogue after = new SecureClient(protocol).login(chain, "alice")) {
      before.expect(221, "QUIT");
      endsWithGoodbye(before);
      after.expect(221, "QUIT");
      endsWithGoodbye(after);
    }
  }

  /** Clients take an end without goodbye for an attack, and say so to their users. */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void whoIsIdleIsToldGoodbye(String protocol) throws Exception {
    chain.reload("TIMEOUT=3");
    try (Dialogue before = secure(protocol);
        Dialogue after = new SecureClient(protocol).login(chain, "alice")) {
      before.expect(421);
      endsWithGoodbye(before);
      after.expect(421);
      endsWithGoodbye(after);
    }
    chain.eventuallyLogged("end user=alice address=127.0.0.1 reason=idle");
  }

  @Test
  void whoseTimeIsOverIsToldGoodbye() throws Exception {
    chain.reload("AUTH_TIMEOUT=5", "SESSION_TIMEOUT=3");
    try (Dialogue before = secure("TLSv1.3");
        Dialogue after = new SecureClient("TLSv1.3").login(chain, "alice")) {
      before.expect(421);
      endsWithGoodbye(before);
      after.expect(421);
      endsWithGoodbye(after);
    }
  }

  @Test
  void whoGuessesPasswordsIsToldGoodbye() throws Exception {
    chain.reload("AUTH_ATTEMPTS=1");
    try (Dialogue d = secure("TLSv1.3")) {
      d.expect(331, "USER alice");
      d.expect(530, "PASS wrong");
      d.expect(421);
      endsWithGoodbye(d);
    }
  }
}
