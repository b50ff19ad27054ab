package org.twoftpd.session.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * A client of JSSE, which believes in any certificate and resumes whatever it has of the one server
 * that it knows.
 */
public final class TestClient {
  private static final int CONTROL = 21;

  private final SSLContext context;
  private final String protocol;

  /**
   * @param keys whose first certificate it has, or null
   */
  public TestClient(String protocol, TestKeys keys) throws Exception {
    this.protocol = protocol;
    context = SSLContext.getInstance("TLS");
    KeyManagerFactory f = KeyManagerFactory.getInstance("PKIX");
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    if (keys != null) {
      Certificate[] chain = {keys.certificate(0)};
      store.setKeyEntry("client", keys.key(0), new char[0], chain);
    }
    f.init(store, new char[0]);
    context.init(f.getKeyManagers(), new TrustManager[] {new Trusting()}, new SecureRandom());
  }

  /** JSSE resumes no session at another port, so every port is the control connection's. */
  private static final class OfOneServer extends Socket {
    @Override
    public int getPort() {
      return CONTROL;
    }
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

  /** Connects; the handshake begins when it is asked for. */
  SSLSocket connect(int port, Consumer<SSLParameters> more) throws IOException {
    return over(socket(port), more);
  }

  /** A connection to that port, which {@link #over} takes for one to the server. */
  public static Socket socket(int port) throws IOException {
    Socket s = new OfOneServer();
    s.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return s;
  }

  /** Waits for a connection, which {@link #over} takes for one to the server. */
  public static ServerSocket listener() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1")) {
      @Override
      public Socket accept() throws IOException {
        Socket s = new OfOneServer();
        implAccept(s);
        return s;
      }
    };
  }

  /** Over a connection that is there. */
  public SSLSocket over(Socket plain) throws IOException {
    return over(plain, _ -> {});
  }

  private SSLSocket over(Socket plain, Consumer<SSLParameters> more) throws IOException {
    SSLSocket s =
        (SSLSocket) context.getSocketFactory().createSocket(plain, "ftp.test", CONTROL, true);
    SSLParameters p = s.getSSLParameters();
    p.setProtocols(new String[] {protocol});
    more.accept(p);
    s.setSSLParameters(p);
    // In TLS 1.2 a close waits so long for the answer that it gets from no test.
    s.setSoTimeout(1000);
    return s;
  }

  public SSLSocket connect(int port) throws IOException {
    return connect(port, _ -> {});
  }

  /** Begins the handshake on a thread of its own. */
  static CompletableFuture<Exception> shakeHands(SSLSocket s) {
    CompletableFuture<Exception> outcome = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            s.startHandshake();
            outcome.complete(null);
          } catch (IOException | RuntimeException e) {
            outcome.complete(e);
          }
        });
    return outcome;
  }
}
