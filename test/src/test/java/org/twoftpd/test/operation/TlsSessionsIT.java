/*
 * Sessions over TLS when the processes between which they live end.
 */
package org.twoftpd.test.operation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.Dialogue;

class TlsSessionsIT {
  private static final byte[] FILE = new byte[5_000_000];

  private Chain chain;

  @BeforeEach
  void start() throws Exception {
    chain = Chain.options().user("alice").with("--tls", "on").set("TLS_REUSE", "accepted").start();
    Files.write(chain.user("alice").home().resolve("file"), FILE);
  }

  @AfterEach
  void stop() throws IOException {
    chain.close();
  }

  private static SSLSocket over(Socket plain) throws Exception {
    SSLContext c = SSLContext.getInstance("TLS");
    c.init(null, new TrustManager[] {new Trusting()}, new SecureRandom());
    SSLSocket s = (SSLSocket) c.getSocketFactory().createSocket(plain, "localhost", 21, true);
    s.setSoTimeout(20_000);
    s.startHandshake();
    return s;
  }

  private static final class Trusting implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  private Dialogue secure() throws Exception {
    Dialogue plain = chain.connect();
    plain.expect(234, "AUTH SSL");
    return chain.login(new Dialogue(over(plain.socket())), "alice");
  }

  private static byte[] fetch(Dialogue d) throws Exception {
    d.expect(200, "TYPE I");
    try (Socket plain = d.passive()) {
      d.expect(150, "RETR file");
      byte[] all = over(plain).getInputStream().readAllBytes();
      d.expect(226);
      return all;
    }
  }

  private long gate() {
    return chain.children("gate").getFirst();
  }

  @Test
  void aSessionOutlivesTheMonitor() throws Exception {
    try (Dialogue d = secure();
        Dialogue notIn = chain.connect()) {
      long gate = gate();
      long session = chain.sessionsOf("alice").getFirst();
      assertArrayEquals(FILE, fetch(d));
      chain.killMonitorAlone();
      notIn.expect(421);
      d.expect(257, "PWD");
      d.expect(200, "NOOP");
      d.expect(221, "QUIT");
      assertTrue(d.isClosed());
      Chain.eventually("the gate ends with its last session", () -> isGone(gate));
      Chain.eventually("the session ends", () -> isGone(session));
    }
  }

  private static boolean isGone(long pid) {
    return ProcessHandle.of(pid).isEmpty();
  }

  @Test
  void aGateThatDiesTakesItsSessionsAlong() throws Exception {
    try (Dialogue plain = chain.login("alice");
        Dialogue d = secure()) {
      assertEquals(2, chain.sessionsOf("alice").size());
      Chain.signal("KILL", gate());
      assertThrows(IOException.class, () -> d.expect(200, "NOOP"));
      plain.expect(200, "NOOP");
      Chain.eventually("the session over TLS ends", () -> chain.sessionsOf("alice").size() == 1);
    }
    Chain.eventually("a new gate", () -> !chain.children("gate").isEmpty());
    try (Dialogue d = secure()) {
      d.expect(200, "NOOP");
    }
  }

  @Test
  void whatIsTransferredIsWhole() throws Exception {
    try (Dialogue d = secure()) {
      assertArrayEquals(FILE, fetch(d));
      assertArrayEquals(FILE, fetch(d));
    }
    chain.eventuallyLogged("login user=alice .*tls=TLSv1.3");
  }
}
