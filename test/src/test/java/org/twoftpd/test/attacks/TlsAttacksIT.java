/*
 * Row 58: clients and strangers who mean ill with TLS, against the running service.
 */
package org.twoftpd.test.attacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.Dialogue;
import org.twoftpd.test.harness.Hello;
import org.twoftpd.test.harness.SecureDialogue;

@Timeout(180)
class TlsAttacksIT {
  private static final int SERVER_HELLO = 2;

  private static Chain chain;

  @BeforeAll
  static void start() throws IOException {
    chain = Chain.options().user("alice").user("bob").with("--tls", "on").start();
  }

  @AfterAll
  static void stop() throws IOException {
    chain.close();
  }

  private static SecureDialogue login(String user, String protocol) throws Exception {
    SecureDialogue d = new SecureDialogue(chain.port(), protocol);
    d.login(chain.user(user));
    return d;
  }

  private static void assertOthersGoOn() throws Exception {
    try (SecureDialogue d = login("bob", "TLSv1.3")) {
      d.expect(257, "PWD");
    }
  }

  /** A client that is about to say its hello. */
  private static Dialogue asked() throws IOException {
    Dialogue d = chain.connect();
    d.expect(234, "AUTH TLS");
    return d;
  }

  private static void assertServerHello(Dialogue d) throws IOException {
    byte[] answer = d.read(Hello.HEAD + 1);
    assertEquals(Hello.HANDSHAKE, answer[0]);
    assertEquals(SERVER_HELLO, answer[Hello.HEAD]);
  }

  /** The client is told by an alert that it is over, and it is. */
  private static void assertAlert(Dialogue d) throws IOException {
    byte[] head = d.read(Hello.HEAD);
    assertEquals(Hello.HEAD, head.length, "closed without a word");
    assertEquals(Hello.ALERT, head[0]);
    byte[] alert = d.read(head[Hello.HEAD - 1]);
    assertTrue(alert.length > 0);
    assertTrue(d.isClosed());
  }

  private static long count(String what) throws IOException {
    return chain.log().lines().filter(l -> l.contains(what)).count();
  }

  private static void awaitOneMore(String what, long before) {
    Chain.eventuallyTold("one more of " + what, () -> count(what) > before);
  }

  // ---- hellos ----

  @Test
  void row58_aHelloInTwoSegmentsIsHeard() throws Exception {
    byte[] hello = Hello.longer("TLSv1.3", 7);
    assertTrue(hello.length > 1900, () -> "" + hello.length);
    try (Dialogue d = asked()) {
      d.send(Arrays.copyOf(hello, 1400));
      Thread.sleep(100);
      d.send(Arrays.copyOfRange(hello, 1400, hello.length));
      assertServerHello(d);
    }
  }

  @Test
  void row58_aHelloByteByByteIsHeard() throws Exception {
    byte[] hello = Hello.of("TLSv1.3");
    try (Dialogue d = asked()) {
      for (byte b : hello) {
        d.send(new byte[] {b});
      }
      assertServerHello(d);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 50, 1000})
  void row58_aLongHelloInManyRecordsIsHeard(int size) throws Exception {
    try (Dialogue d = asked()) {
      d.send(Hello.split(Hello.longer("TLSv1.3", size == 1 ? 2 : 50), size));
      assertServerHello(d);
    }
  }

  @Test
  void row58_aHelloThatIsTooLongIsRefused() throws Exception {
    long before = count("tls-failed ");
    try (Dialogue d = asked()) {
      byte[] hello = Hello.split(Hello.longer("TLSv1.3", 50), 16_000);
      // It is said to be longer than the server may take.
      hello[Hello.HEAD + 1] = 1;
      d.send(hello);
      assertAlert(d);
    }
    awaitOneMore("tls-failed ", before);
    assertOthersGoOn();
  }

  @Test
  void row58_anOldHelloIsRefused() throws Exception {
    byte[] hello = Hello.of("TLSv1.2");
    // The version of the message, behind its head: TLS 1.1. The extension that says otherwise
    // becomes one that nobody knows.
    hello[Hello.HEAD + 5] = 2;
    int versions = find(hello, 0, 43, 0, 3, 2, 3, 3);
    if (versions > 0) {
      hello[versions] = 0x7a;
    }
    long before = count("tls-failed ");
    try (Dialogue d = asked()) {
      d.send(hello);
      assertAlert(d);
    }
    awaitOneMore("tls-failed ", before);
  }

  private static int find(byte[] in, int... what) {
    for (int at = 0; at + what.length <= in.length; at++) {
      int same = 0;
      while (same < what.length && in[at + same] == what[same]) {
        same++;
      }
      if (same == what.length) {
        return at;
      }
    }
    return -1;
  }

  @Test
  void row58_aClientOfAnotherProtocolIsRefused() throws Exception {
    long before = count("tls-failed ");
    try (Dialogue d = asked()) {
      d.send(Hello.of("TLSv1.2", "http/1.1"));
      assertAlert(d);
    }
    awaitOneMore("tls-failed ", before);
  }

  @Test
  void row58_halfAHelloAndSilenceComeToAnEnd() throws Exception {
    assertTrue(chain.reload("AUTH_TIMEOUT=3", "TIMEOUT=3").endsWith("result=done"));
    try (Dialogue d = asked()) {
      byte[] hello = Hello.of("TLSv1.3");
      d.send(Arrays.copyOf(hello, hello.length / 2));
      d.socket().getInputStream().readAllBytes();
      chain.eventuallyLogged("tls-failed .*not within the time allowed.*");
    } finally {
      assertTrue(chain.reload().endsWith("result=done"));
    }
  }

  @Test
  void row58_warningsWithoutEndAreNotHeard() throws Exception {
    byte[] warning = {Hello.ALERT, 3, 3, 0, 2, 1, 90};
    byte[] many = new byte[warning.length * 4000];
    for (int i = 0; i < many.length; i++) {
      many[i] = warning[i % warning.length];
    }
    try (Dialogue d = asked()) {
      assertThrows(
          IOException.class,
          () -> {
            for (int i = 0; i < 10_000; i++) {
              d.send(many);
            }
          });
    }
    chain.eventuallyLogged("tls-failed .*too many records in the handshake.*");
    assertOthersGoOn();
  }

  // ---- what was said before, or elsewhere ----

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void row58_nothingBehindAuthIsCarriedOut(boolean hello) throws Exception {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes("AUTH TLS\r\n".getBytes(StandardCharsets.US_ASCII));
    all.writeBytes(
        hello ? Hello.of("TLSv1.3") : "USER alice\r\n".getBytes(StandardCharsets.US_ASCII));
    try (Dialogue d = chain.connect()) {
      d.send(all.toByteArray());
      d.expect(234);
      String rest =
          new String(d.socket().getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      assertFalse(rest.contains("331"), rest);
    }
  }

  /** Hears everything that one client says, and says the same once more. */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void row58_whatAClientHasSaidIsOfNoUseToOthers(String protocol) throws Exception {
    ByteArrayOutputStream heard = new ByteArrayOutputStream();
    try (ServerSocket between = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      Thread listener = Thread.ofPlatform().daemon().start(() -> relay(between, heard));
      try (SecureDialogue d = new SecureDialogue(between.getLocalPort(), protocol)) {
        d.login(chain.user("alice"));
        d.expect(221, "QUIT");
      }
      listener.join(10_000);
    }
    byte[] all;
    synchronized (heard) {
      all = heard.toByteArray();
    }
    int line = "AUTH TLS\r\n".length();
    assertEquals("AUTH TLS\r\n", new String(all, 0, line, StandardCharsets.US_ASCII));
    chain.eventuallyLogged("end user=alice .*");
    long logins = count("login user=alice ");
    long failed = count("tls-failed ");
    try (Dialogue d = asked()) {
      d.send(Arrays.copyOfRange(all, line, all.length));
      // What comes is a hello and its company, and never a reply to what was said inside.
      assertServerHello(d);
      try {
        d.socket().getInputStream().readAllBytes();
      } catch (IOException e) {
        // It may be a reset, since the server has not read all of it.
      }
    }
    awaitOneMore("tls-failed ", failed);
    assertEquals(logins, count("login user=alice "));
  }

  private static void relay(ServerSocket between, ByteArrayOutputStream heard) {
    try (Socket client = between.accept();
        Socket server = new Socket("127.0.0.1", chain.port())) {
      Thread back =
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                try {
                  server.getInputStream().transferTo(client.getOutputStream());
                  client.shutdownOutput();
                } catch (IOException e) {
                  // One of them has gone.
                }
              });
      byte[] b = new byte[20_000];
      InputStream in = client.getInputStream();
      for (int n = in.read(b); n > 0; n = in.read(b)) {
        synchronized (heard) {
          heard.write(b, 0, n);
        }
        server.getOutputStream().write(b, 0, n);
      }
      back.join(10_000);
    } catch (IOException e) {
      // One of them has gone.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void row58_theSessionOfAnotherControlConnectionOpensNoData(String protocol) throws Exception {
    try (SecureDialogue thief = login("bob", protocol);
        SecureDialogue d = login("alice", protocol)) {
      d.expect(200, "PROT P");
      try (Socket data = d.passive()) {
        d.expect(150, "LIST");
        assertThrows(IOException.class, () -> thief.resume(data).getInputStream().readAllBytes());
        assertTrue(d.expect(522).contains("TLS_REUSE"));
      }
      try (Socket data = d.passive()) {
        d.expect(150, "LIST");
        d.resume(data).getInputStream().readAllBytes();
        d.expect(226);
      }
    }
  }

  // ---- behind the login ----

  @Test
  void row58_keysThatChangeWithoutEndCostOneClientItsConnection() throws Exception {
    try (SecureDialogue d = login("alice", "TLSv1.3")) {
      for (int i = 0; i < 10; i++) {
        d.socket().startHandshake();
        d.expect(200, "NOOP");
      }
      assertThrows(
          IOException.class,
          () -> {
            for (int i = 0; i < 10_000; i++) {
              d.socket().startHandshake();
            }
          });
    }
    assertOthersGoOn();
  }

  /** It asks on and on, and takes none of the answers. */
  @Test
  void row58_aClientThatReadsNothingHoldsNobodyUp() throws Exception {
    byte[] questions = "HELP\r\n".repeat(2000).getBytes(StandardCharsets.US_ASCII);
    try (SecureDialogue d = login("alice", "TLSv1.3")) {
      Thread asking =
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                try {
                  for (int i = 0; i < 1000; i++) {
                    d.socket().getOutputStream().write(questions);
                  }
                } catch (IOException e) {
                  // The connection is over.
                }
              });
      Thread.sleep(1000);
      assertTrue(asking.isAlive(), "everything was taken");
      for (int i = 0; i < 3; i++) {
        assertOthersGoOn();
      }
      d.socket().setSoLinger(true, 0);
    }
  }

  // ---- the key's holder ----

  /** The monitor has the keys, and stands still: whoever needs no key notices nothing of it. */
  @Test
  void row58_aStalledKeyHolderDelaysNobodyElseAndIsGivenUp() throws Exception {
    try (SecureDialogue d = login("alice", "TLSv1.3");
        Dialogue waiting = asked()) {
      waiting.socket().setSoTimeout(2000);
      Chain.signal("STOP", chain.monitor());
      try {
        waiting.send(Hello.of("TLSv1.3"));
        for (int i = 0; i < 10; i++) {
          d.expect(200, "NOOP");
        }
        byte[] b = new byte[1];
        assertThrows(SocketTimeoutException.class, () -> waiting.socket().getInputStream().read(b));
        waiting.socket().setSoTimeout(60_000);
        // The gate gives up by itself, and says so.
        assertEquals(1, waiting.read(1).length);
      } finally {
        Chain.signal("CONT", chain.monitor());
      }
      // The monitor has the connection too, so its end comes now.
      waiting.socket().getInputStream().readAllBytes();
      d.expect(257, "PWD");
    }
    chain.eventuallyLogged("tls-failed .*signature.*");
    assertOthersGoOn();
  }
}
