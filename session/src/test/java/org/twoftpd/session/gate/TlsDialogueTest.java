/*
 * Where clear text and TLS meet: the dialogue of a client that begins TLS, and its transfers in a session.
 */
package org.twoftpd.session.gate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
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
import org.twoftpd.session.tls.TestClient;
import org.twoftpd.session.tls.TestKeys;
import org.twoftpd.shared.config.TlsMode;
import org.twoftpd.shared.config.TlsReuse;
import org.twoftpd.shared.wire.EndReason;
import org.twoftpd.shared.wire.GateMessage;
import org.twoftpd.shared.wire.Message;
import org.twoftpd.shared.wire.TlsMessage;
import org.twoftpd.shared.wire.TransferLine;

@Timeout(60)
class TlsDialogueTest {
  private static final byte[] FILE = new byte[2_000_000];

  @TempDir static Path certificates;
  @TempDir Path home;
  private static TestKeys keys;
  private TestService service;

  @BeforeAll
  static void makeKeys() throws Exception {
    keys = new TestKeys(certificates).with(TestKeys.EC, "ftp.test");
    new Random(1).nextBytes(FILE);
  }

  @BeforeEach
  void start() throws Exception {
    serve(false, TransferLine.STRICT_EOF);
    Files.write(home.resolve("file"), FILE);
    Files.createFile(home.resolve("empty"));
    Files.writeString(home.resolve("text"), "one\ntwo\n");
    Files.createDirectory(home.resolve("dir"));
  }

  private void serve(boolean overTls, int bits) throws Exception {
    if (service != null) {
      service.close();
    }
    service = new TestService(home, keys, 0, overTls, bits);
    service.offer(TlsMode.ON, TlsReuse.REQUIRED, false);
  }

  @AfterEach
  void everythingIsFreed() throws Exception {
    for (int i = 0; i < 1000 && !service.relaysNobody(); i++) {
      Thread.sleep(10);
    }
    assertTrue(service.relaysNobody());
    service.close();
  }

  private TestFtp connect(String protocol) throws Exception {
    TestFtp f = new TestFtp(service.port(), protocol);
    f.expect(220);
    return f;
  }

  private TestFtp connect() throws Exception {
    return connect("TLSv1.3");
  }

  private static byte[] all(Socket s) throws IOException {
    return s.getInputStream().readAllBytes();
  }

  private EndReason hungUp() throws InterruptedException {
    for (int i = 0; i < 1000; i++) {
      for (Message m : service.told) {
        if (m instanceof GateMessage.HungUp h) {
          return h.reason();
        }
      }
      Thread.sleep(10);
    }
    throw new AssertionError("nobody hung up");
  }

  // ---- before the login ----

  @ParameterizedTest
  @ValueSource(strings = {"TLS", "tls", "TLS-C", "SSL", "TLS-P"})
  void everyMechanismBeginsTls(String mechanism) throws Exception {
    try (TestFtp f = connect()) {
      f.secure(mechanism).logIn();
      boolean withData = mechanism.equals("SSL") || mechanism.equals("TLS-P");
      assertEquals(
          withData,
          service.told.stream().anyMatch(m -> m.equals(new TlsMessage.DataProtection(1, true))));
      f.expect(221, "QUIT");
      assertEquals("", f.rest());
    }
  }

  @Test
  void whatIsNotUnderstoodIsAnsweredSo() throws Exception {
    try (TestFtp f = connect()) {
      f.expect(504, "AUTH");
      f.expect(504, "AUTH KERBEROS_V4");
      f.expect(503, "PBSZ 0");
      f.expect(503, "PROT P");
      f.expect(533, "CCC");
      f.secure("TLS");
      f.expect(534, "AUTH TLS");
      f.expect(534, "CCC");
      f.expect(501, "PBSZ many");
      f.expect(200, "PBSZ 17");
      f.expect(536, "PROT S");
      f.expect(536, "PROT E");
      f.expect(504, "PROT X");
      f.expect(200, "PROT C");
      f.expect(200, "prot p");
      f.logIn();
      f.expect(534, "AUTH TLS");
      f.expect(534, "CCC");
      f.expect(501, "PBSZ many");
      f.expect(200, "PBSZ 0");
      f.expect(536, "PROT S");
      f.expect(504, "PROT X");
    }
    try (TestFtp f = connect()) {
      f.logIn();
      f.expect(503, "AUTH TLS");
      f.expect(503, "PBSZ 0");
      f.expect(503, "PROT P");
      f.expect(533, "CCC");
    }
  }

  @Test
  void withoutTlsThereIsNoneOfItsCommands() throws Exception {
    service.offer(TlsMode.OFF, TlsReuse.REQUIRED, false);
    try (TestFtp f = connect()) {
      f.expect(502, "AUTH TLS");
      f.expect(502, "PBSZ 0");
      f.logIn();
    }
  }

  @Test
  void theFeaturesAreTheSameBeforeAndBehind() throws Exception {
    for (boolean secure : new boolean[] {false, true}) {
      try (TestFtp f = connect()) {
        if (secure) {
          f.secure("TLS").logIn();
        }
        f.send("FEAT\r\nQUIT\r\n");
        String features = f.rest();
        for (String line : new String[] {" AUTH TLS", " AUTH SSL", " PBSZ", " PROT"}) {
          assertTrue(features.contains("\r\n" + line + "\r\n"), features);
        }
      }
    }
  }

  @Test
  void row19_nothingThatWasSentInClearIsCarriedOutOverTls() throws Exception {
    for (String behind : new String[] {"USER me\r\n", "\r\n", "x", "\u0016\u0003"}) {
      try (TestFtp f = connect()) {
        f.send("AUTH TLS\r\n" + behind);
        f.expect(234);
        assertEquals("", f.rest().replaceAll("421 .*\r\n", ""));
      }
    }
  }

  @Test
  void aNameGivenInClearIsForgotten() throws Exception {
    try (TestFtp f = connect()) {
      f.expect(331, "USER me");
      f.secure("TLS");
      f.expect(503, "PASS right");
      f.expect(331, "USER me");
      f.expect(530, "PASS wrong");
      f.logIn();
    }
  }

  @Test
  void whereTlsIsRequiredNobodyLogsInWithout() throws Exception {
    service.offer(TlsMode.REQUIRED, TlsReuse.REQUIRED, true);
    try (TestFtp f = connect()) {
      f.expect(530, "USER me");
      f.expect(503, "PASS right");
      f.expect(530, "LIST");
      f.secure("TLS");
      f.expect(534, "PROT C");
      f.logIn();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void implicitTlsBeginsAtOnceAndDataIsPrivate(String protocol) throws Exception {
    serve(true, TransferLine.STRICT_EOF);
    try (TestFtp f = new TestFtp(service.port(), protocol)) {
      f.secure();
      f.expect(220);
      f.expect(534, "AUTH TLS");
      f.logIn();
      f.expect(200, "PBSZ 0");
      try (SSLSocket d = f.data()) {
        f.expect(150, "NLST");
        assertTrue(new String(all(d), StandardCharsets.US_ASCII).contains("file\r\n"));
        f.expect(226);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"'GET / HTTP/1.1\r\n\r\n', Unsupported", "'\u0016\u0003\u0001', gone", "'', gone"})
  void aHandshakeThatFailsEndsTheConnection(String sent, String reason) throws Exception {
    try (TestFtp f = connect()) {
      f.expect(234, "AUTH TLS");
      f.plain().getOutputStream().write(sent.getBytes(StandardCharsets.ISO_8859_1));
      f.plain().shutdownOutput();
      f.rest();
      assertEquals(EndReason.TLS_FAILED, hungUp());
      assertTrue(service.told.stream().anyMatch(m -> m instanceof TlsMessage.TlsFailed), reason);
    }
  }

  @Test
  void aHelloInPiecesIsHeard() throws Exception {
    try (TestFtp f = connect();
        ServerSocket between = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      f.expect(234, "AUTH TLS");
      Thread.ofPlatform().daemon().start(() -> inPieces(between, f.plain()));
      SSLSocket s = f.tls().connect(between.getLocalPort());
      s.setSoTimeout(10_000);
      s.startHandshake();
      s.getOutputStream().write("NOOP\r\n".getBytes(StandardCharsets.US_ASCII));
      assertEquals('2', s.getInputStream().read());
    }
  }

  private static void inPieces(ServerSocket from, Socket to) {
    try (Socket client = from.accept()) {
      Thread.ofPlatform().daemon().start(() -> copy(to, client));
      to.setTcpNoDelay(true);
      for (int b = client.getInputStream().read(); b >= 0; b = client.getInputStream().read()) {
        to.getOutputStream().write(b);
      }
    } catch (IOException e) {
      // The test has seen what it wanted.
    }
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // The test has seen what it wanted.
    }
  }

  @Test
  void commandsThatCameAheadAreCarriedOut() throws Exception {
    try (TestFtp f = connect()) {
      f.secure("TLS");
      f.send("USER me\r\nPASS right\r\nNOOP\r\nPWD\r\nQUIT\r\n");
      assertTrue(f.rest().replace("\r\n", "|").matches("331 .*230 .*200 .*257 .*221 .*"), "order");
    }
  }

  // ---- transfers ----

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void aFileIsFetchedAndStored(String protocol) throws Exception {
    try (TestFtp f = connect(protocol)) {
      f.secure("TLS").logIn();
      f.expect(200, "TYPE I");
      f.expect(200, "PROT P");
      try (SSLSocket d = f.data()) {
        f.expect(150, "RETR file");
        assertArrayEquals(FILE, all(d));
        f.expect(226);
      }
    }
    try (TestFtp f = connect(protocol)) {
      f.secure("TLS").logIn();
      f.expect(200, "TYPE I");
      f.expect(200, "PROT P");
      try (SSLSocket d = f.data()) {
        f.expect(150, "STOR new");
        d.getOutputStream().write(FILE);
        d.shutdownOutput();
        f.expect(226);
        assertEquals(-1, d.getInputStream().read());
      }
      assertArrayEquals(FILE, Files.readAllBytes(home.resolve("new")));
    }
  }

  @Test
  void oneSessionServesManyTransfers() throws Exception {
    try (TestFtp f = connect("TLSv1.2")) {
      f.secure("SSL").logIn();
      f.expect(200, "TYPE A");
      for (int i = 0; i < 3; i++) {
        try (SSLSocket d = f.data()) {
          f.expect(150, "RETR text");
          assertEquals("one\r\ntwo\r\n", new String(all(d), StandardCharsets.US_ASCII));
          f.expect(226);
        }
        try (SSLSocket d = f.data()) {
          f.expect(150, "STOR other");
          d.getOutputStream().write("a\r\nb\r\n".getBytes(StandardCharsets.US_ASCII));
          d.close();
          f.expect(226);
          assertEquals("a\nb\n", Files.readString(home.resolve("other")));
        }
        try (SSLSocket d = f.data()) {
          f.expect(150, "LIST dir");
          assertEquals(0, all(d).length);
          f.expect(226);
        }
        try (SSLSocket d = f.data()) {
          f.expect(150, "RETR empty");
          assertEquals(0, all(d).length);
          f.expect(226);
        }
      }
    }
  }

  @Test
  void theLevelCountsWhenTheTransferBegins() throws Exception {
    try (TestFtp f = connect("TLSv1.2")) {
      f.secure("TLS").logIn();
      int port = f.passive();
      f.expect(200, "PROT P");
      try (SSLSocket d = f.tls().connect(port)) {
        f.expect(150, "NLST");
        assertTrue(all(d).length > 0);
        f.expect(226);
      }
      port = f.passive();
      f.expect(200, "TYPE I");
      f.expect(200, "PROT C");
      try (Socket d = new Socket("127.0.0.1", port)) {
        f.expect(150, "RETR file");
        assertArrayEquals(FILE, all(d));
        f.expect(226);
      }
    }
  }

  @Test
  void inActiveModeTheClientBeginsTlsToo() throws Exception {
    try (TestFtp f = connect("TLSv1.2");
        ServerSocket l = TestClient.listener()) {
      f.secure("SSL").logIn();
      f.expect(200, "TYPE I");
      f.expect(200, "EPRT |1|127.0.0.1|" + l.getLocalPort() + "|");
      f.send("RETR file\r\n");
      try (SSLSocket d = f.tls().over(l.accept())) {
        f.expect(150);
        assertEquals(FILE.length, all(d).length);
        f.expect(226);
      }
    }
  }

  @Test
  void row20_whereDataMustBeProtectedNothingIsTouchedInClear() throws Exception {
    serve(false, TransferLine.STRICT_EOF | TransferLine.DATA_REQUIRED);
    try (TestFtp f = connect()) {
      f.secure("TLS").logIn();
      f.expect(534, "PROT C");
      f.passive();
      f.expect(522, "STOR new");
      assertFalse(Files.exists(home.resolve("new")));
      f.passive();
      f.expect(522, "RETR file");
      f.expect(200, "PROT P");
      f.expect(425, "LIST");
    }
  }

  @Test
  void row21_aStrangersSessionIsOfNoUse() throws Exception {
    try (TestFtp f = connect("TLSv1.2");
        TestFtp thief = connect("TLSv1.2")) {
      f.secure("SSL").logIn();
      f.expect(200, "TYPE I");
      thief.secure("SSL").logIn();
      for (TestClient who : new TestClient[] {thief.tls(), new TestClient("TLSv1.2", null)}) {
        try (SSLSocket d = who.connect(f.passive())) {
          f.expect(150, "STOR file");
          assertThrows(IOException.class, d::startHandshake);
          assertTrue(f.expect(522).contains("TLS_REUSE"));
        }
        assertArrayEquals(FILE, Files.readAllBytes(home.resolve("file")));
      }
      try (SSLSocket d = f.data()) {
        f.expect(150, "RETR file");
        assertEquals(FILE.length, all(d).length);
        f.expect(226);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"true,true", "true,false", "false,true", "false,false"})
  void row22_anUploadThatIsCutIsNotStored(boolean strict, boolean reset) throws Exception {
    serve(false, strict ? TransferLine.STRICT_EOF : 0);
    try (TestFtp f = connect()) {
      f.secure("SSL").logIn();
      Socket raw = TestClient.socket(f.passive());
      SSLSocket d = f.tls().over(raw);
      f.expect(150, "STOR new");
      d.getOutputStream().write(FILE);
      if (reset) {
        Thread.sleep(300);
        raw.setSoLinger(true, 0);
      }
      raw.close();
      f.expect(strict || reset ? 426 : 226);
    }
  }

  @Test
  void anAbortedDownloadEndsWithoutGoodbye() throws Exception {
    Files.write(home.resolve("large"), new byte[50_000_000]);
    try (TestFtp f = connect()) {
      f.secure("SSL").logIn();
      try (SSLSocket d = f.data()) {
        f.expect(150, "RETR large");
        d.getInputStream().readNBytes(100_000);
        f.expect(211, "STAT");
        f.send("ABOR\r\n");
        f.expect(426);
        f.expect(226);
        assertThrows(IOException.class, () -> all(d));
      }
    }
  }

  @Test
  void row20_aTransferWithoutAHandshakeIsGivenUp() throws Exception {
    try (TestFtp f = connect()) {
      f.secure("SSL").logIn();
      try (Socket d = new Socket("127.0.0.1", f.passive())) {
        f.expect(150, "RETR file");
        f.send("ABOR\r\n");
        f.expect(426);
        f.expect(226);
        d.setSoTimeout(10_000);
        assertThrows(IOException.class, () -> assertEquals(-2, d.getInputStream().read()));
      }
      try (Socket d = new Socket("127.0.0.1", f.passive())) {
        f.expect(150, "RETR file");
        f.expect(522);
      }
      f.expect(200, "NOOP");
    }
  }
}
