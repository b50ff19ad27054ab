/*
 * Clients whose handshakes, or what they send in the place of one, cost more than they should.
 */
package org.twoftpd.session.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
import org.twoftpd.shared.config.TlsReuse;

@Timeout(60)
class HostileHandshakeTest {
  private static final BufferPool POOL = new BufferPool(2 * BufferPool.RECORD, 4);
  private static final int ALERT = 21;
  private static final int HANDSHAKE = 22;
  private static final int WARNING = 1;
  private static final int SERVER_HELLO = 2;
  private static final int SMALL = 5;

  /** The certificate is in it, so every answer to a hello is longer. */
  private static final int ANSWER = 120;

  @TempDir static Path directory;
  private static TestKeys keys;
  private TestSockets sockets;

  @BeforeAll
  static void install() throws Exception {
    RemoteSignature.install();
    keys = new TestKeys(directory).with(TestKeys.EC, "ftp.test");
  }

  @BeforeEach
  void listen() throws IOException {
    sockets = new TestSockets();
  }

  @AfterEach
  void close() {
    sockets.close();
  }

  private TlsConnection accept() throws Exception {
    TlsTerms terms = keys.terms(TlsReuse.REQUIRED, "TLSv1.3 TLSv1.2");
    return new TlsClient(terms, keys, 7).control(sockets.accept(), POOL);
  }

  /** A client of whom the server hears these bytes, however long it takes him to hear them. */
  private Socket saying(byte[] bytes) throws IOException {
    Socket s = TestClient.socket(sockets.port());
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            s.getOutputStream().write(bytes);
          } catch (IOException e) {
            // The server has had enough.
          }
        });
    return s;
  }

  /** The server takes these bytes, and answers them. */
  private byte[] answer(byte[] hello) throws Exception {
    try (Socket s = saying(hello)) {
      TlsConnection c = accept();
      int step = c.handshake();
      s.setSoTimeout(10_000);
      while (s.getInputStream().available() == 0) {
        if (step == TlsConnection.TASK) {
          c.compute();
        } else {
          TestSockets.await(c.fd(), step);
        }
        step = c.handshake();
      }
      c.release();
      return s.getInputStream().readNBytes(ANSWER);
    }
  }

  private static void assertServerHello(byte[] answer) {
    assertEquals(HANDSHAKE, answer[0]);
    assertEquals(SERVER_HELLO, answer[SMALL]);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 100, 5000})
  void aHelloMayComeInPieces(int size) throws Exception {
    assertServerHello(answer(new ClientHello().padding(1500).records(size)));
    assertServerHello(answer(new ClientHello().tls13().padding(1500).records(size)));
  }

  @Test
  void row58_aLongHelloMayComeInPiecesToo() throws Exception {
    assertServerHello(answer(new ClientHello().padding(16_000).records(7)));
  }

  @Test
  void row58_noHelloMayBeLongerThanAnyHasToBe() {
    byte[] hello = new ClientHello().padding(40_000).records();
    assertThrows(TlsFailed.class, () -> answer(hello));
  }

  /** A stranger who says nothing but that, and says it again and again. */
  @ParameterizedTest
  @CsvSource({"21", "46", "90", "100", "41", "0"})
  void row58_warningsWithoutEndAreNotHeard(int warning) throws Exception {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < 100_000; i++) {
      all.writeBytes(ClientHello.record(ALERT, (byte) WARNING, (byte) warning));
    }
    try (Socket _ = saying(all.toByteArray())) {
      TlsConnection c = accept();
      assertThrows(TlsFailed.class, () -> TestSockets.shakeHands(c));
      c.release();
    }
  }

  /** A client that changes its keys costs the server more than itself. */
  @Test
  void row58_keysThatChangeWithoutEndEndTheConnection() throws Exception {
    try (SSLSocket s = new TestClient("TLSv1.3", null).connect(sockets.port())) {
      CompletableFuture<Exception> done = TestClient.shakeHands(s);
      TlsConnection c = TestSockets.shakeHands(accept());
      assertNull(done.get(10, TimeUnit.SECONDS));
      CompletableFuture<Integer> sent =
          CompletableFuture.supplyAsync(() -> {
            int n = 0;
            try {
              for (; n < 50; n++) {
                // With TLS 1.3 this changes the keys. With a word in between it is welcome.
                s.startHandshake();
                s.getOutputStream().write('a');
              }
              for (; n < 250; n++) {
                s.startHandshake();
              }
            } catch (IOException e) {
              // The server has had enough.
            }
            return n;
          });
      ByteArrayOutputStream heard = new ByteArrayOutputStream();
      TlsFailed why =
          assertThrows(
              TlsFailed.class,
              () -> {
                while (true) {
                  while (!c.receive()) {
                    TestSockets.await(c.fd(), c.wants());
                  }
                  byte[] b = new byte[c.available()];
                  c.plain().bytes().get(b);
                  heard.writeBytes(b);
                }
              });
      assertEquals("too many records without data", why.getMessage());
      byte[] before = new byte[c.available()];
      c.plain().bytes().get(before);
      heard.writeBytes(before);
      assertArrayEquals("a".repeat(50).getBytes(StandardCharsets.US_ASCII), heard.toByteArray());
      c.release();
      assertTrue(sent.get(10, TimeUnit.SECONDS) > 50);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1 64 0", "1"})
  void row58_noCompressionIsAgreedUpon(String offered) throws Exception {
    int[] methods = Stream.of(offered.split(" ", -1)).mapToInt(Integer::parseInt).toArray();
    byte[] answer = answer(new ClientHello().compression(methods).records());
    assertServerHello(answer);
    // Heads of the record and of the message, version, random, the session's id, the suite.
    int id = SMALL + 4 + 2 + 32;
    assertEquals(0, answer[id + 1 + answer[id] + 2]);
  }

  /** Data that would come before the handshake is over is never taken for any. */
  @Test
  void row58_noDataComesBeforeTheHandshakeIsOver() throws Exception {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(new ClientHello().tls13().extension(42).records());
    all.writeBytes(
        ClientHello.record(23, "USER alice\r\nPASS pw\r\n".getBytes(StandardCharsets.US_ASCII)));
    try (Socket _ = saying(all.toByteArray())) {
      TlsConnection c = accept();
      assertThrows(TlsFailed.class, () -> TestSockets.shakeHands(c));
      assertEquals(0, c.available());
      c.release();
    }
  }

  @Test
  void row58_whoHasNothingInCommonWithTheServerIsTold() {
    byte[] suite = new ClientHello().suites(0x002f).records();
    assertThrows(TlsFailed.class, () -> answer(suite));
    byte[] old = new ClientHello().version(0x0302).records();
    assertThrows(TlsFailed.class, () -> answer(old));
  }
}
