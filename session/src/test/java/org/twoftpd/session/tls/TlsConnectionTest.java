/*
 * One TLS connection as JSSE's own client and openssl see it.
 */
package org.twoftpd.session.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.twoftpd.session.control.Readiness;
import org.twoftpd.shared.config.ClientCertificates;
import org.twoftpd.shared.config.TlsReuse;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.tls.SignatureScheme;
import org.twoftpd.shared.wire.TransferLine;

@Timeout(60)
class TlsConnectionTest {
  private static final String BOTH = "TLSv1.3 TLSv1.2";
  private static final BufferPool POOL = new BufferPool(BufferPool.RECORDS, 4);
  private static final boolean UPLOAD = true;
  private static final boolean DOWNLOAD = false;

  @TempDir Path directory;
  private TestSockets sockets;

  @BeforeAll
  static void install() {
    RemoteSignature.install();
  }

  @BeforeEach
  void listen() throws IOException {
    sockets = new TestSockets();
  }

  @AfterEach
  void close() {
    sockets.close();
  }

  private TestKeys keys(String... kinds) throws Exception {
    TestKeys k = new TestKeys(directory);
    for (String kind : kinds) {
      k.with(kind, "ftp.test");
    }
    return k;
  }

  /** A control connection, its handshake done, from the server's side. */
  private TlsConnection control(TlsClient client, SSLSocket s) throws Exception {
    CompletableFuture<Exception> done = TestClient.shakeHands(s);
    TlsConnection c = TestSockets.shakeHands(client.control(sockets.accept(), POOL));
    assertNull(done.get(10, TimeUnit.SECONDS));
    client.remember(c.session());
    return c;
  }

  private static byte[] receive(TlsConnection c) throws Exception {
    while (!c.receive()) {
      TestSockets.await(c.fd(), c.wants());
    }
    byte[] b = new byte[c.available()];
    if (b.length > 0) {
      c.plain().bytes().get(b);
    }
    return b;
  }

  private static void send(TlsConnection c, byte[] bytes) throws Exception {
    ByteBuffer from = ByteBuffer.wrap(bytes);
    while (from.hasRemaining() || c.hasOutput()) {
      c.send(from);
      if (!c.flush()) {
        TestSockets.await(c.fd(), Readiness.WRITE);
      }
    }
  }

  private static byte[] text(String s) {
    return s.getBytes(StandardCharsets.US_ASCII);
  }

  @ParameterizedTest
  @CsvSource({
    "TLSv1.3, ec -pkeyopt ec_paramgen_curve:P-256, ECDSA_SHA256, 146",
    "TLSv1.3, rsa:2048, RSA_PSS_RSAE_SHA256, 146",
    "TLSv1.3, ed25519, ED25519, 146",
    "TLSv1.2, ec -pkeyopt ec_paramgen_curve:P-256, ECDSA_SHA256, 100",
    "TLSv1.2, rsa:2048, RSA_PSS_RSAE_SHA256, 100"
  })
  void aHandshakeAsksTheKeysHolderOnce(
      String protocol, String kind, SignatureScheme scheme, int bytes) throws Exception {
    TestKeys keys = keys(kind);
    TlsClient client = new TlsClient(keys.terms(TlsReuse.REQUIRED, BOTH), keys, 7);
    try (SSLSocket s = new TestClient(protocol, null).connect(sockets.port())) {
      TlsConnection c = control(client, s);
      assertEquals(protocol, c.session().getProtocol());
      assertEquals(List.of(scheme), keys.schemes);
      // With SHA-384 as hash of the suite 1.3 has 16 more.
      int length = keys.signed.get(0).length;
      assertTrue(length == bytes || length == bytes - 16 || length < 110, "bytes: " + length);
      s.getOutputStream().write(text("USER me\r\n"));
      assertArrayEquals(text("USER me\r\n"), receive(c));
      send(c, text("331 Send the password.\r\n"));
      assertArrayEquals(text("331 Send the password.\r\n"), s.getInputStream().readNBytes(24));
    }
  }

  @Test
  void theKeyOfTheTypeThatTheClientKnowsIsUsed() throws Exception {
    TestKeys keys = keys(TestKeys.RSA, TestKeys.EC);
    TlsClient client = new TlsClient(keys.terms(TlsReuse.REQUIRED, BOTH), keys, 7);
    try (SSLSocket s =
        new TestClient("TLSv1.2", null)
            .connect(
                sockets.port(),
                p -> p.setCipherSuites(new String[] {"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"}))) {
      control(client, s);
      assertEquals(keys.certificate(0), s.getSession().getPeerCertificates()[0]);
    }
  }

  @Test
  void theCertificateIsThatOfTheNameThatTheClientGives() throws Exception {
    TestKeys keys = keys(TestKeys.EC).with(TestKeys.EC, "other.test");
    TlsTerms terms = keys.terms(TlsReuse.REQUIRED, BOTH);
    for (String name : new String[] {"ftp.test", "other.test", "unknown.test"}) {
      TlsClient client = new TlsClient(terms, keys, 7);
      try (SSLSocket s =
          new TestClient("TLSv1.3", null)
              .connect(sockets.port(), p -> p.setServerNames(List.of(new SNIHostName(name))))) {
        control(client, s);
        int which = name.equals("other.test") ? 1 : 0;
        assertEquals(keys.certificate(which), s.getSession().getPeerCertificates()[0]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void aDataConnectionResumesAndAsksForNoSignature(String protocol) throws Exception {
    TestKeys keys = keys(TestKeys.EC);
    TlsClient client = new TlsClient(keys.terms(TlsReuse.REQUIRED, BOTH), keys, 7);
    TestClient peer = new TestClient(protocol, null);
    try (SSLSocket s = peer.connect(sockets.port())) {
      TlsConnection c = control(client, s);
      // The client learns of its ticket when it reads.
      send(c, text("x"));
      assertEquals('x', s.getInputStream().read());
      try (SSLSocket d = peer.connect(sockets.port())) {
        CompletableFuture<Exception> done = TestClient.shakeHands(d);
        TlsConnection data = TestSockets.shakeHands(client.data(sockets.accept(), POOL, UPLOAD));
        assertNull(done.get(10, TimeUnit.SECONDS));
        assertTrue(client.resumed());
        assertEquals(1, keys.signed.size());
        byte[] file = new byte[3_000_000];
        Arrays.fill(file, (byte) 'f');
        CompletableFuture<byte[]> read =
            CompletableFuture.supplyAsync(() -> {
              try {
                return d.getInputStream().readAllBytes();
              } catch (IOException e) {
                return null;
              }
            });
        send(data, file);
        data.finish();
        assertTrue(data.flush());
        assertArrayEquals(file, read.get(10, TimeUnit.SECONDS));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_3", "-tls1_2"})
  void opensslResumesOneTicketAgainAndAgain(String protocol) throws Exception {
    TestKeys keys = keys(TestKeys.EC);
    TlsClient client = new TlsClient(keys.terms(TlsReuse.REQUIRED, BOTH), keys, 7);
    String session = directory.resolve("session").toString();
    assertTrue(openssl(client::control, protocol, "-sess_out", session).contains("\nNew, TLSv1"));
    for (int i = 0; i < 3; i++) {
      String said =
          openssl((fd, pool) -> client.data(fd, pool, DOWNLOAD), protocol, "-sess_in", session);
      assertTrue(said.contains("\nReused, TLSv1"), said);
      assertTrue(client.resumed());
    }
    assertEquals(1, keys.signed.size());
  }

  private interface Kind {
    TlsConnection of(int fd, BufferPool pool) throws TlsFailed;
  }

  /** What openssl-s_client(1ssl) says of a connection over which each says one byte. */
  private String openssl(Kind kind, String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of("openssl", "s_client"));
    command.addAll(List.of("-connect", "127.0.0.1:" + sockets.port()));
    command.addAll(List.of(options));
    Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
    CompletableFuture<String> said =
        CompletableFuture.supplyAsync(() -> {
          try {
            return new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
          } catch (IOException e) {
            return e.toString();
          }
        });
    TlsConnection c = TestSockets.shakeHands(kind.of(sockets.accept(), POOL));
    send(c, text("x"));
    p.getOutputStream().write('x');
    p.getOutputStream().close();
    receive(c);
    c.finish();
    assertTrue(c.flush());
    Native.shutdown(c.fd(), 1);
    return said.get(10, TimeUnit.SECONDS);
  }

  @Test
  void keysAreExchangedOverCurvesAlone() throws Exception {
    TestKeys keys = keys(TestKeys.EC);
    TlsTerms terms = keys.terms(TlsReuse.REQUIRED, BOTH);
    for (String group : new String[] {"ffdhe2048", "ffdhe8192"}) {
      TestClient peer = new TestClient("TLSv1.3", null);
      try (SSLSocket s =
          peer.connect(sockets.port(), p -> p.setNamedGroups(new String[] {group}))) {
        CompletableFuture<Exception> done = TestClient.shakeHands(s);
        TlsConnection c = new TlsClient(terms, keys, 7).control(sockets.accept(), POOL);
        assertThrows(TlsFailed.class, () -> TestSockets.shakeHands(c), group);
        c.alert();
        Native.close(c.fd());
        assertNotNull(done.get(10, TimeUnit.SECONDS));
      }
    }
    assertEquals(List.of(), keys.signed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void aDataConnectionWithoutTheControlConnectionsSessionIsRefused(String protocol)
      throws Exception {
    TestKeys keys = keys(TestKeys.EC);
    TlsTerms terms = keys.terms(TlsReuse.REQUIRED, BOTH);
    TlsClient client = new TlsClient(terms, keys, 7);
    TlsClient other = new TlsClient(terms, keys, 8);
    TestClient thief = new TestClient(protocol, null);
    try (SSLSocket s = new TestClient(protocol, null).connect(sockets.port());
        SSLSocket t = thief.connect(sockets.port())) {
      control(client, s);
      TlsConnection c = control(other, t);
      send(c, text("x"));
      assertEquals('x', t.getInputStream().read());
      for (TestClient who : new TestClient[] {thief, new TestClient(protocol, null)}) {
        try (SSLSocket d = who.connect(sockets.port())) {
          CompletableFuture<Exception> done = TestClient.shakeHands(d);
          TlsConnection data = client.data(sockets.accept(), POOL, UPLOAD);
          TlsFailed e = assertThrows(TlsFailed.class, () -> TestSockets.shakeHands(data));
          assertEquals(TransferLine.NOT_RESUMED, e.refusal(), e.getMessage());
          data.alert();
          Native.close(data.fd());
          Exception failure = done.get(10, TimeUnit.SECONDS);
          assertNotNull(failure);
          assertTrue(failure.getMessage().contains("internal_error"), failure.toString());
        }
      }
      assertEquals(2, keys.signed.size());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void whereResumptionIsNotRequiredItIsTold(String protocol) throws Exception {
    TestKeys keys = keys(TestKeys.EC);
    TlsClient client = new TlsClient(keys.terms(TlsReuse.ACCEPTED, BOTH), keys, 7);
    TestClient peer = new TestClient(protocol, null);
    try (SSLSocket s = peer.connect(sockets.port())) {
      TlsConnection c = control(client, s);
      send(c, text("x"));
      assertEquals('x', s.getInputStream().read());
      // The client of JSSE offers a ticket of TLS 1.3 once.
      for (TestClient who : new TestClient[] {new TestClient(protocol, null), peer}) {
        try (SSLSocket d = who.connect(sockets.port())) {
          CompletableFuture<Exception> done = TestClient.shakeHands(d);
          TestSockets.shakeHands(client.data(sockets.accept(), POOL, UPLOAD));
          assertNull(done.get(10, TimeUnit.SECONDS));
          assertEquals(who == peer, client.resumed());
        }
      }
    }
  }

  @Test
  void anUploadGetsNoTicketNorDoesAnybodyWhoMayBeginASession() throws Exception {
    for (TlsReuse reuse : new TlsReuse[] {TlsReuse.REQUIRED, TlsReuse.ACCEPTED}) {
      TestKeys keys = keys(TestKeys.EC);
      TlsClient client = new TlsClient(keys.terms(reuse, BOTH), keys, 7);
      TestClient peer = new TestClient("TLSv1.3", null);
      try (SSLSocket s = peer.connect(sockets.port())) {
        TlsConnection c = control(client, s);
        send(c, text("x"));
        assertEquals('x', s.getInputStream().read());
        boolean bound = reuse == TlsReuse.REQUIRED;
        for (int i = 0; i < (bound ? 1 : 3); i++) {
          TestClient who = i == 1 ? new TestClient("TLSv1.3", null) : peer;
          Socket plain = TestClient.socket(sockets.port());
          try (SSLSocket d = who.over(plain)) {
            CompletableFuture<Exception> done = TestClient.shakeHands(d);
            TestSockets.shakeHands(client.data(sockets.accept(), POOL, bound ? UPLOAD : DOWNLOAD));
            assertNull(done.get(10, TimeUnit.SECONDS));
            Thread.sleep(100);
            assertEquals(0, plain.getInputStream().available());
          }
        }
      }
    }
  }

  /**
   * A client that uses each ticket once, as those of JSSE and of OpenSSL do, goes from one download
   * to the next. JSSE counts the tickets of a session in a byte: there must be no end to them.
   */
  @Test
  void eachDownloadBringsTheTicketForTheNext() throws Exception {
    TestKeys keys = keys(TestKeys.EC);
    TlsClient client = new TlsClient(keys.terms(TlsReuse.REQUIRED, BOTH), keys, 7);
    TestClient peer = new TestClient("TLSv1.3", null);
    try (SSLSocket s = peer.connect(sockets.port())) {
      TlsConnection c = control(client, s);
      send(c, text("x"));
      assertEquals('x', s.getInputStream().read());
      for (int i = 0; i < 300; i++) {
        try (SSLSocket d = peer.connect(sockets.port())) {
          CompletableFuture<Exception> done = TestClient.shakeHands(d);
          TlsConnection data =
              TestSockets.shakeHands(client.data(sockets.accept(), POOL, DOWNLOAD));
          assertNull(done.get(10, TimeUnit.SECONDS));
          assertTrue(client.resumed());
          send(data, text("y"));
          assertEquals('y', d.getInputStream().read());
          data.release();
          Native.close(data.fd());
        }
      }
    }
  }

  @Test
  void anEndWithoutGoodbyeIsNotClean() throws Exception {
    TestKeys keys = keys(TestKeys.EC);
    for (boolean goodbye : new boolean[] {true, false}) {
      TlsClient client = new TlsClient(keys.terms(TlsReuse.REQUIRED, BOTH), keys, 7);
      Socket plain = TestClient.socket(sockets.port());
      try (SSLSocket s = new TestClient("TLSv1.3", null).over(plain)) {
        TlsConnection c = control(client, s);
        s.getOutputStream().write('x');
        if (goodbye) {
          s.shutdownOutput();
        } else {
          plain.shutdownOutput();
        }
        assertArrayEquals(text("x"), receive(c));
        assertArrayEquals(text(""), receive(c));
        assertTrue(c.hasEnded());
        assertEquals(goodbye ? TransferLine.CLEAN : TransferLine.CUT, c.end());
      }
    }
  }

  @Test
  void row18_aClientOfAnotherProtocolIsRefused() throws Exception {
    TestKeys keys = keys(TestKeys.EC);
    TlsTerms terms = keys.terms(TlsReuse.REQUIRED, BOTH);
    for (String protocol : new String[] {"http/1.1", "ftp"}) {
      TlsClient client = new TlsClient(terms, keys, 7);
      try (SSLSocket s =
          new TestClient("TLSv1.3", null)
              .connect(sockets.port(), p -> p.setApplicationProtocols(new String[] {protocol}))) {
        CompletableFuture<Exception> done = TestClient.shakeHands(s);
        TlsConnection c = client.control(sockets.accept(), POOL);
        if (protocol.equals("ftp")) {
          TestSockets.shakeHands(c);
          assertNull(done.get(10, TimeUnit.SECONDS));
          assertEquals("ftp", s.getApplicationProtocol());
        } else {
          assertThrows(TlsFailed.class, () -> TestSockets.shakeHands(c));
          c.alert();
          assertTrue(
              done.get(10, TimeUnit.SECONDS).getMessage().contains("no_application_protocol"));
        }
      }
    }
  }

  @Test
  void aClientsCertificateIsAskedForAndHeldAgainstItsDataConnections() throws Exception {
    TestKeys mine = new TestKeys(directory.resolve("mine")).with(TestKeys.EC, "client.test");
    TestKeys theirs = new TestKeys(directory.resolve("theirs")).with(TestKeys.EC, "client.test");
    TestKeys keys = keys(TestKeys.EC).asking(ClientCertificates.REQUIRED, mine.certificate(0));
    TlsTerms terms = keys.terms(TlsReuse.ACCEPTED, BOTH);
    for (TestKeys who : new TestKeys[] {mine, theirs, null}) {
      TlsClient client = new TlsClient(terms, keys, 7);
      TestClient peer = new TestClient("TLSv1.2", who);
      try (SSLSocket s = peer.connect(sockets.port())) {
        if (who == mine) {
          TlsConnection c = control(client, s);
          assertEquals(mine.certificate(0), c.session().getPeerCertificates()[0]);
          for (TestClient p : new TestClient[] {peer, new TestClient("TLSv1.3", mine)}) {
            try (SSLSocket d = p.connect(sockets.port())) {
              CompletableFuture<Exception> done = TestClient.shakeHands(d);
              TlsConnection data =
                  TestSockets.shakeHands(client.data(sockets.accept(), POOL, UPLOAD));
              assertNull(done.get(10, TimeUnit.SECONDS));
              assertEquals(p == peer, client.resumed());
              assertFalse(client.isForeign(data.session()));
            }
          }
        } else {
          CompletableFuture<Exception> done = TestClient.shakeHands(s);
          TlsConnection c = client.control(sockets.accept(), POOL);
          assertThrows(TlsFailed.class, () -> TestSockets.shakeHands(c));
          c.alert();
          assertNotNull(done.get(10, TimeUnit.SECONDS));
        }
      }
    }
  }

  @Test
  void aHolderThatDoesNotSignFailsTheHandshakeAlone() throws Exception {
    TestKeys keys = keys(TestKeys.EC);
    KeyHolder silent =
        (_, _, _, _, _) -> {
          throw new java.security.SignatureException("no answer");
        };
    TlsClient client = new TlsClient(keys.terms(TlsReuse.REQUIRED, BOTH), silent, 7);
    try (SSLSocket s = new TestClient("TLSv1.3", null).connect(sockets.port())) {
      CompletableFuture<Exception> done = TestClient.shakeHands(s);
      TlsConnection c = client.control(sockets.accept(), POOL);
      assertThrows(TlsFailed.class, () -> TestSockets.shakeHands(c));
      c.alert();
      assertNotNull(done.get(10, TimeUnit.SECONDS));
    }
  }
}
