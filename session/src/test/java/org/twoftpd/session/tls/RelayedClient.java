/*
 * A client that has logged in over TLS, the relay, and the session's ends of what leads to it.
 */
package org.twoftpd.session.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.twoftpd.shared.os.Native;

/** Plays the session's part of what RelayTest and others look at. */
final class RelayedClient extends SessionEnd implements AutoCloseable {
  static final BufferPool POOL = new BufferPool(2 * BufferPool.RECORD, 4);

  final TestSockets sockets = new TestSockets();
  final TestClient peer;
  final Socket plain;
  final SSLSocket control;

  RelayedClient(Relay relay, TlsTerms terms, TestKeys holder, TestClient peer) throws Exception {
    this(relay, terms, holder, peer, () -> {});
  }

  /**
   * @param beforeLine is run just before the line is made
   */
  RelayedClient(Relay relay, TlsTerms terms, TestKeys holder, TestClient peer, Runnable beforeLine)
      throws Exception {
    this.peer = peer;
    TlsClient client = new TlsClient(terms, holder, 7);
    plain = TestClient.socket(sockets.port());
    control = peer.over(plain);
    CompletableFuture<Exception> done = TestClient.shakeHands(control);
    TlsConnection c = TestSockets.shakeHands(client.control(sockets.acceptForGood(), POOL));
    assertNull(done.get(10, TimeUnit.SECONDS));
    client.remember(c.session());
    assertEquals(0, Native.dataPair(pair));
    beforeLine.run();
    assertEquals(0, Native.dataPair(line));
    relay.add(c, client, pair[0], line[0]);
    speak();
  }

  /** Each side says something to the other; with TLS 1.3 the client has the ticket then. */
  void speak() throws IOException {
    control.getOutputStream().write(new byte[] {'N', '\n'});
    assertEquals(2, read(pair[1], 2).length);
    assertEquals(2, Native.write(pair[1], new byte[] {'2', '\n'}, 0, 2));
    assertEquals(2, control.getInputStream().readNBytes(2).length);
  }

  /** The session ends. */
  void endSession() {
    Native.close(pair[1]);
    Native.close(line[1]);
    pair[1] = -1;
    line[1] = -1;
  }

  @Override
  public void close() throws IOException {
    if (pair[1] >= 0) {
      endSession();
    }
    plain.close();
    sockets.close();
  }
}
