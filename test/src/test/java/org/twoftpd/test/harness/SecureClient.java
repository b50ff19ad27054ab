package org.twoftpd.test.harness;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * The TLS of one client, which believes any certificate. Its later connections resume the session
 * of the first; in TLS 1.3 they need a ticket each, since the JDK uses one once.
 */
public final class SecureClient {
  private final SSLContext context;
  private final String[] protocols;

  private static final class Anybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /**
   * @param protocols that it knows: TLSv1.2, TLSv1.3
   */
  public SecureClient(String... protocols) {
    this.protocols = protocols.clone();
    try {
      context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Anybody()}, new SecureRandom());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** TLS over a socket, which has yet to begin. */
  public SecureStream over(Socket plain) {
    // By this name and port, whatever the socket's, the JDK finds the session to resume.
    SSLEngine e = context.createSSLEngine("localhost", 21);
    e.setUseClientMode(true);
    e.setEnabledProtocols(protocols);
    return new SecureStream(plain, e);
  }

  /** TLS over the data connection of the transfer that has just been answered with 150. */
  public SecureStream protect(Socket data) throws IOException {
    return over(data).shakeHands();
  }

  /** Goes on over TLS with a dialogue in which AUTH has just been answered with 234. */
  public Dialogue begin(Dialogue d) throws IOException {
    return new Dialogue(d.socket(), over(d.socket()).shakeHands(), this);
  }

  /** Has a dialogue that was greeted go on over TLS. */
  public Dialogue secure(Dialogue d) throws IOException {
    d.expect(234, "AUTH TLS");
    return begin(d);
  }

  /** Logs in over TLS, with data connections over TLS as well. */
  public Dialogue login(Chain chain, String user) throws IOException {
    return login(chain, chain.connect(), user);
  }

  /** The same, over a connection that was greeted. */
  public Dialogue login(Chain chain, Dialogue greeted, String user) throws IOException {
    Dialogue d = chain.login(secure(greeted), user);
    d.expect(200, "PROT P");
    return d;
  }
}
