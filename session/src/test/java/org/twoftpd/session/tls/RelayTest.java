/*
 * A client over TLS and its session, with the relay between them: what reaches whom, and how each learns how it ended.
 */
package org.twoftpd.session.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
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
import org.twoftpd.shared.config.TlsReuse;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.wire.TransferLine;

@Timeout(60)
class RelayTest {
  private static final BufferPool POOL = new BufferPool(2 * BufferPool.RECORD, 4);
  private static final int SHUT_WR = 1;
  private static final byte[] FILE = new byte[3_000_000];

  @TempDir static Path directory;
  private static TestKeys keys;

  /** What the log is told of data connections. */
  private final BlockingQueue<String> noticed = new LinkedBlockingQueue<>();

  private final Relay relay =
      Relay.start(
          POOL, (c, served, why) -> noticed.add(c + (served ? " served: " : " refused: ") + why));
  private TestSockets sockets;
  private TlsClient client;
  private TestClient peer;
  private Socket controlPlain;
  private SSLSocket control;
  private final SessionEnd session = new SessionEnd();

  @BeforeAll
  static void install() throws Exception {
    RemoteSignature.install();
    keys = new TestKeys(directory).with(TestKeys.EC, "ftp.test");
    new Random(1).nextBytes(FILE);
  }

  @BeforeEach
  void connect() throws Exception {
    sockets = new TestSockets();
  }

  /** A client that has logged in. */
  private void logIn(String protocol, TlsReuse reuse) throws Exception {
    client = new TlsClient(keys.terms(reuse, "TLSv1.3 TLSv1.2"), keys, 7);
    peer = new TestClient(protocol, null);
    controlPlain = TestClient.socket(sockets.port());
    control = peer.over(controlPlain);
    CompletableFuture<Exception> done = TestClient.shakeHands(control);
    TlsConnection c = TestSockets.shakeHands(client.control(sockets.acceptForGood(), POOL));
    assertNull(done.get(10, TimeUnit.SECONDS));
    client.remember(c.session());
    assertEquals(0, Native.dataPair(session.pair));
    assertEquals(0, Native.dataPair(session.line));
    control.getOutputStream().write(text("PASS x\r\n"));
    while (!c.receive()) {
      TestSockets.await(c.fd(), c.wants());
    }
    relay.add(c, client, session.pair[0], session.line[0]);
    assertEquals("PASS x\r\n", hear(8));
    tell("230 Hello.\r\n");
    assertEquals(
        "230 Hello.\r\n",
        new String(control.getInputStream().readNBytes(12), StandardCharsets.US_ASCII));
  }

  @AfterEach
  void everythingIsFreed() throws Exception {
    Native.close(session.pair[1]);
    Native.close(session.line[1]);
    if (control != null) {
      controlPlain.close();
    }
    eventually(relay::isEmpty);
    sockets.close();
  }

  private static void eventually(BooleanSupplier what) throws InterruptedException {
    for (int i = 0; i < 1000 && !what.getAsBoolean(); i++) {
      Thread.sleep(10);
    }
    assertTrue(what.getAsBoolean());
  }

  private static byte[] text(String s) {
    return s.getBytes(StandardCharsets.US_ASCII);
  }

  private void tell(String s) {
    assertEquals(s.length(), Native.write(session.pair[1], text(s), 0, s.length()));
  }

  private String hear(int length) throws IOException {
    return new String(SessionEnd.read(session.pair[1], length), StandardCharsets.US_ASCII);
  }

  private static void write(int fd, byte[] bytes) throws IOException {
    int from = 0;
    while (from < bytes.length) {
      int n = Native.write(fd, bytes, from, bytes.length - from);
      if (n == -Errno.EAGAIN) {
        TestSockets.await(fd, Readiness.WRITE);
      } else {
        from += SystemCallException.check(n);
      }
    }
  }

  private static CompletableFuture<byte[]> all(SSLSocket s) {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return s.getInputStream().readAllBytes();
      } catch (IOException e) {
        return text(e.toString());
      }
    });
  }

  // ---- the session's part in a transfer ----

  /** As {@link SessionEnd#expect}, behind any news that it still moves. */
  private void expect(int what, int argument) throws IOException {
    session.expectBehind(TransferLine.MOVING, what, argument);
  }

  // ---- the control connection ----

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void bothSidesHearEachOther(String protocol) throws Exception {
    logIn(protocol, TlsReuse.REQUIRED);
    for (int i = 0; i < 100; i++) {
      control.getOutputStream().write(text("NOOP\r\n"));
      assertEquals("NOOP\r\n", hear(6));
      tell("200 Nothing done.\r\n");
      assertEquals(19, control.getInputStream().readNBytes(19).length);
    }
  }

  @Test
  void theSessionsEndIsAGoodbye() throws Exception {
    logIn("TLSv1.3", TlsReuse.REQUIRED);
    control.getOutputStream().write(text("QUIT\r\nNOOP\r\n"));
    assertEquals("QUIT\r\n", hear(6));
    tell("221 Goodbye.\r\n");
    // With something unread, which makes it a reset.
    Native.close(session.pair[1]);
    Native.close(session.line[1]);
    assertArrayEquals(text("221 Goodbye.\r\n"), control.getInputStream().readAllBytes());
    control.close();
    eventually(relay::isEmpty);
    assertEquals(0, Native.dataPair(session.pair));
    assertEquals(0, Native.dataPair(session.line));
    Native.close(session.pair[0]);
    Native.close(session.line[0]);
  }

  @Test
  void aClientThatEndsIsAnEndForTheSessionToo() throws Exception {
    logIn("TLSv1.3", TlsReuse.REQUIRED);
    control.shutdownOutput();
    assertEquals("", hear(1));
    tell("226 Still here.\r\n");
    assertEquals('2', control.getInputStream().read());
  }

  @Test
  void aClientThatBreaksOffLeavesTheSessionAlone() throws Exception {
    logIn("TLSv1.3", TlsReuse.REQUIRED);
    controlPlain.setSoLinger(true, 0);
    controlPlain.close();
    assertEquals("", hear(1));
    eventually(() -> Native.write(session.pair[1], new byte[1], 0, 1) == -Errno.EPIPE);
  }

  @Test
  void aSessionThatIsBusyLosesNothing() throws Exception {
    logIn("TLSv1.3", TlsReuse.REQUIRED);
    CompletableFuture<Void> sent =
        CompletableFuture.runAsync(() -> {
          try {
            control.getOutputStream().write(FILE);
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        });
    Thread.sleep(300);
    assertArrayEquals(FILE, SessionEnd.read(session.pair[1], FILE.length));
    sent.get(10, TimeUnit.SECONDS);
  }

  @Test
  void aClientThatReadsNothingHoldsNobodyUp() throws Exception {
    logIn("TLSv1.3", TlsReuse.REQUIRED);
    int n;
    int written = 0;
    do {
      n = Native.write(session.pair[1], FILE, 0, 65536);
      written += Math.max(n, 0);
      if (n < 0) {
        Thread.sleep(50);
        n = Native.write(session.pair[1], FILE, 0, 65536);
        written += Math.max(n, 0);
      }
    } while (n > 0);
    control.getOutputStream().write(text("NOOP\r\n"));
    assertEquals("NOOP\r\n", hear(6));
    Native.shutdown(session.pair[1], SHUT_WR);
    assertEquals(written, control.getInputStream().readNBytes(written).length);
    assertEquals(-1, control.getInputStream().read());
  }

  // ---- transfers ----

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void aDownloadThatIsCompleteEndsWithGoodbye(String protocol) throws Exception {
    logIn(protocol, TlsReuse.REQUIRED);
    download(FILE);
  }

  /** One download, which must resume. */
  private void download(byte[] file) throws Exception {
    try (SSLSocket d = peer.connect(sockets.port())) {
      int data = sockets.accept();
      int plain = session.hand(data, TransferLine.DOWNLOAD);
      CompletableFuture<byte[]> got = all(d);
      expect(TransferLine.PROTECTED, 1);
      write(plain, file);
      session.say(TransferLine.COMPLETE);
      Native.close(plain);
      expect(TransferLine.WRITTEN, 0);
      sockets.close(data);
      assertArrayEquals(file, got.get(10, TimeUnit.SECONDS));
    }
  }

  /** As those of a transfer of more than 128 GiB do (RFC 8446, 5.5). */
  @Test
  void keysThatChangeWithinADownloadDisturbNothing() throws Exception {
    logIn("TLSv1.3", TlsReuse.REQUIRED);
    download(Arrays.copyOf(FILE, 3 * TestKeys.KEY_LIMIT));
  }

  @Test
  void anEmptyFileIsAHandshakeAndAGoodbye() throws Exception {
    logIn("TLSv1.2", TlsReuse.REQUIRED);
    for (int direction : new int[] {TransferLine.DOWNLOAD, TransferLine.UPLOAD}) {
      try (SSLSocket d = peer.connect(sockets.port())) {
        int data = sockets.accept();
        int plain = session.hand(data, direction);
        CompletableFuture<Exception> done = TestClient.shakeHands(d);
        expect(TransferLine.PROTECTED, 1);
        assertNull(done.get(10, TimeUnit.SECONDS));
        if (direction == TransferLine.DOWNLOAD) {
          session.say(TransferLine.COMPLETE);
          Native.close(plain);
          expect(TransferLine.WRITTEN, 0);
        } else {
          d.shutdownOutput();
          assertEquals(0, SessionEnd.read(plain, 1).length);
          expect(TransferLine.END, TransferLine.CLEAN);
          Native.close(plain);
        }
        sockets.close(data);
        assertEquals(-1, d.getInputStream().read());
      }
    }
  }

  @Test
  void aDownloadThatIsGivenUpEndsWithout() throws Exception {
    logIn("TLSv1.3", TlsReuse.REQUIRED);
    try (SSLSocket d = peer.connect(sockets.port())) {
      int data = sockets.accept();
      Native.setLinger(data, 0);
      int plain = session.hand(data, TransferLine.DOWNLOAD);
      CompletableFuture<byte[]> got = all(d);
      expect(TransferLine.PROTECTED, 1);
      write(plain, text("half"));
      session.say(TransferLine.ABORT);
      Native.close(plain);
      sockets.close(data);
      String end = new String(got.get(10, TimeUnit.SECONDS), StandardCharsets.US_ASCII);
      assertTrue(end.contains("Exception"), end);
    }
  }

  @Test
  void aDownloadWhoseSessionDiesEndsWithout() throws Exception {
    logIn("TLSv1.3", TlsReuse.REQUIRED);
    try (SSLSocket d = peer.connect(sockets.port())) {
      int data = sockets.accept();
      // As a session has it for as long as a download is not complete.
      Native.setLinger(data, 0);
      int plain = session.hand(data, TransferLine.DOWNLOAD);
      CompletableFuture<byte[]> got = all(d);
      expect(TransferLine.PROTECTED, 1);
      write(plain, text("half"));
      Native.close(plain);
      sockets.close(data);
      Native.shutdown(session.line[1], 2);
      String end = new String(got.get(10, TimeUnit.SECONDS), StandardCharsets.US_ASCII);
      assertTrue(end.contains("Exception"), end);
    }
  }

  @Test
  void aDownloadIsGivenUpWhileTheClientReadsNothing() throws Exception {
    logIn("TLSv1.2", TlsReuse.REQUIRED);
    for (int i = 0; i < 2; i++) {
      try (Socket d = TestClient.socket(sockets.port());
          SSLSocket s = peer.over(d)) {
        int data = sockets.accept();
        Native.setLinger(data, 0);
        int plain = session.hand(data, TransferLine.DOWNLOAD);
        CompletableFuture<Exception> done = TestClient.shakeHands(s);
        expect(TransferLine.PROTECTED, 1);
        assertNull(done.get(10, TimeUnit.SECONDS));
        byte[] zeros = new byte[65536];
        long quiet = System.nanoTime();
        while (System.nanoTime() - quiet < 300_000_000L) {
          if (Native.write(plain, zeros, 0, zeros.length) > 0) {
            quiet = System.nanoTime();
          }
        }
        session.say(TransferLine.ABORT);
        Native.close(plain);
        sockets.close(data);
        d.setSoTimeout(5000);
        assertThrows(IOException.class, () -> s.getInputStream().readAllBytes());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void anUploadIsWholeWhenTheClientSaysSo(String protocol) throws Exception {
    logIn(protocol, TlsReuse.REQUIRED);
    try (SSLSocket d = peer.connect(sockets.port())) {
      int data = sockets.accept();
      int plain = session.hand(data, TransferLine.UPLOAD);
      CompletableFuture<Integer> answer =
          CompletableFuture.supplyAsync(() -> {
            try {
              d.getOutputStream().write(FILE);
              d.shutdownOutput();
              return d.getInputStream().read();
            } catch (IOException e) {
              return -2;
            }
          });
      expect(TransferLine.PROTECTED, 1);
      assertArrayEquals(FILE, SessionEnd.read(plain, FILE.length + 1));
      expect(TransferLine.END, TransferLine.CLEAN);
      Native.close(plain);
      sockets.close(data);
      assertEquals(-1, answer.get(10, TimeUnit.SECONDS));
    }
  }

  @ParameterizedTest
  @CsvSource({"false,false,1", "true,false,2", "false,true,2"})
  void anUploadThatEndsWithoutGoodbyeIsCutOrBroken(boolean reset, boolean within, int end)
      throws Exception {
    logIn("TLSv1.3", TlsReuse.REQUIRED);
    Socket raw = TestClient.socket(sockets.port());
    SSLSocket d = peer.over(raw);
    int data = sockets.accept();
    int plain = session.hand(data, TransferLine.UPLOAD);
    CompletableFuture<Exception> done = TestClient.shakeHands(d);
    expect(TransferLine.PROTECTED, 1);
    assertNull(done.get(10, TimeUnit.SECONDS));
    d.getOutputStream().write(text("half"));
    assertArrayEquals(text("half"), SessionEnd.read(plain, 4));
    if (within) {
      // A record of which only the beginning comes.
      raw.getOutputStream().write(new byte[] {23, 3, 3, 0, 99, 1});
    }
    if (reset) {
      raw.setSoLinger(true, 0);
    }
    raw.close();
    assertEquals(0, SessionEnd.read(plain, 1).length);
    expect(TransferLine.END, end);
    Native.close(plain);
    sockets.close(data);
  }

  @Test
  void anUploaderThatNeverReadsLosesNothing() throws Exception {
    logIn("TLSv1.3", TlsReuse.REQUIRED);
    Socket raw = TestClient.socket(sockets.port());
    SSLSocket d = peer.over(raw);
    int data = sockets.accept();
    int plain = session.hand(data, TransferLine.UPLOAD);
    CompletableFuture<Exception> done = TestClient.shakeHands(d);
    expect(TransferLine.PROTECTED, 1);
    assertNull(done.get(10, TimeUnit.SECONDS));
    CompletableFuture<Integer> sent =
        CompletableFuture.supplyAsync(() -> {
          try {
            d.getOutputStream().write(FILE);
            d.shutdownOutput();
            int unread = raw.getInputStream().available();
            raw.close();
            return unread;
          } catch (IOException e) {
            return -2;
          }
        });
    assertEquals(0, sent.get(10, TimeUnit.SECONDS));
    Thread.sleep(100);
    assertArrayEquals(FILE, SessionEnd.read(plain, FILE.length + 1));
    expect(TransferLine.END, TransferLine.CLEAN);
    Native.close(plain);
    sockets.close(data);
  }

  @Test
  void aSessionThatGivesUpAnUploadIsRidOfIt() throws Exception {
    logIn("TLSv1.2", TlsReuse.REQUIRED);
    for (int i = 0; i < 2; i++) {
      try (SSLSocket d = peer.connect(sockets.port())) {
        int data = sockets.accept();
        int plain = session.hand(data, TransferLine.UPLOAD);
        CompletableFuture<Exception> done = TestClient.shakeHands(d);
        expect(TransferLine.PROTECTED, 1);
        assertNull(done.get(10, TimeUnit.SECONDS));
        session.say(TransferLine.ABORT);
        Native.close(plain);
        Native.setLinger(data, 0);
        sockets.close(data);
        assertThrows(
            IOException.class,
            () -> {
              while (true) {
                d.getOutputStream().write(FILE);
              }
            });
      }
    }
  }

  @Test
  void aDataConnectionThatDoesNotResumeIsRefusedAndTheNextIsNot() throws Exception {
    logIn("TLSv1.3", TlsReuse.REQUIRED);
    try (SSLSocket d = new TestClient("TLSv1.3", null).connect(sockets.port())) {
      int data = sockets.accept();
      int plain = session.hand(data, TransferLine.DOWNLOAD);
      CompletableFuture<Exception> done = TestClient.shakeHands(d);
      expect(TransferLine.REFUSED, TransferLine.NOT_RESUMED);
      Native.close(plain);
      sockets.close(data);
      assertTrue(done.get(10, TimeUnit.SECONDS) instanceof IOException);
      assertEquals(
          "7 refused: did not resume the session of the control connection (TLS_REUSE)",
          noticed.poll(10, TimeUnit.SECONDS));
    }
    try (SSLSocket d = peer.connect(sockets.port())) {
      int data = sockets.accept();
      int plain = session.hand(data, TransferLine.DOWNLOAD);
      var _ = TestClient.shakeHands(d);
      expect(TransferLine.PROTECTED, 1);
      Native.close(plain);
      sockets.close(data);
    }
  }

  @Test
  void whereResumptionIsNotRequiredTheSessionIsToldOfItsAbsence() throws Exception {
    logIn("TLSv1.3", TlsReuse.ACCEPTED);
    try (SSLSocket d = new TestClient("TLSv1.3", null).connect(sockets.port())) {
      int data = sockets.accept();
      int plain = session.hand(data, TransferLine.DOWNLOAD);
      var _ = TestClient.shakeHands(d);
      expect(TransferLine.PROTECTED, 0);
      Native.close(plain);
      sockets.close(data);
      assertEquals(
          "7 served: did not resume the session of the control connection (TLS_REUSE)",
          noticed.poll(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void aHandshakeThatFailsOtherwiseIsToldApart() throws Exception {
    logIn("TLSv1.3", TlsReuse.REQUIRED);
    try (Socket d = TestClient.socket(sockets.port())) {
      int data = sockets.accept();
      int plain = session.hand(data, TransferLine.DOWNLOAD);
      d.getOutputStream().write(text("GET / HTTP/1.1\r\n\r\n"));
      expect(TransferLine.REFUSED, TransferLine.HANDSHAKE_FAILED);
      Native.close(plain);
      sockets.close(data);
    }
    try (Socket d = TestClient.socket(sockets.port())) {
      int data = sockets.accept();
      int plain = session.hand(data, TransferLine.DOWNLOAD);
      d.close();
      expect(TransferLine.REFUSED, TransferLine.CLIENT_GONE);
      Native.close(plain);
      sockets.close(data);
    }
    assertTrue(noticed.poll(10, TimeUnit.SECONDS).startsWith("7 refused: "));
    assertEquals("7 refused: the client has gone", noticed.poll(10, TimeUnit.SECONDS));
  }

  @Test
  void aHandshakeThatNeverComesIsGivenUpByTheSession() throws Exception {
    logIn("TLSv1.3", TlsReuse.REQUIRED);
    try (Socket d = TestClient.socket(sockets.port())) {
      int data = sockets.accept();
      Native.setLinger(data, 0);
      int plain = session.hand(data, TransferLine.DOWNLOAD);
      session.say(TransferLine.ABORT);
      Native.close(plain);
      sockets.close(data);
      d.setSoTimeout(10_000);
      assertThrows(IOException.class, () -> d.getInputStream().read());
    }
  }

  @Test
  void aSessionThatSaysWhatItMayNotLosesItsLine() throws Exception {
    logIn("TLSv1.3", TlsReuse.REQUIRED);
    byte[] frame = {TransferLine.PROTECT, 1, 0};
    assertEquals(3, Native.write(session.line[1], frame, 0, 3));
    assertEquals(0, SessionEnd.read(session.line[1], 1).length);
  }
}
