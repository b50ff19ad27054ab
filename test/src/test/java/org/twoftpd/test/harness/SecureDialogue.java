/*
 * A control connection over TLS, by the JDK's own TLS, which believes any certificate.
 */
package org.twoftpd.test.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** One dialogue that begins with AUTH TLS. */
public final class SecureDialogue implements AutoCloseable {
  /** By this name the JDK finds a session to resume: that of the control connection. */
  private static final String HOST = "localhost";

  private static final int CONTROL = 21;
  private static final int SECONDS = 20;

  private final SSLContext context;
  private final Socket plain;
  private final SSLSocket socket;
  private final BufferedReader reader;

  /** The JDK resumes no session at another port, so every port is the control connection's. */
  private static final class OfOneServer extends Socket {
    @Override
    public int getPort() {
      return CONTROL;
    }
  }

  private static Socket open(int port) throws IOException {
    Socket s = new OfOneServer();
    s.setSoTimeout(SECONDS * 1000);
    s.connect(new InetSocketAddress("127.0.0.1", port));
    return s;
  }

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
   * Connects and begins TLS.
   *
   * @param keys of the client; null for none
   * @param protocols that the client knows; none for the JDK's own
   */
  public SecureDialogue(int port, KeyManager[] keys, String... protocols)
      throws IOException, GeneralSecurityException {
    context = SSLContext.getInstance("TLS");
    context.init(keys, new TrustManager[] {new Anybody()}, new SecureRandom());
    plain = open(port);
    try {
      BufferedReader before =
          new BufferedReader(
              new InputStreamReader(plain.getInputStream(), StandardCharsets.US_ASCII), 1);
      String line = before.readLine();
      while (!line.startsWith("220 ")) {
        line = before.readLine();
      }
      plain.getOutputStream().write("AUTH TLS\r\n".getBytes(StandardCharsets.US_ASCII));
      line = before.readLine();
      if (!line.startsWith("234 ")) {
        throw new IOException("AUTH TLS is answered " + line);
      }
      socket = wrap(plain, protocols);
      reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      plain.close();
      throw e;
    }
  }

  /** As above, with a client that has no certificate. */
  public SecureDialogue(int port, String... protocols)
      throws IOException, GeneralSecurityException {
    this(port, null, protocols);
  }

  private SSLSocket wrap(Socket s, String... protocols) throws IOException {
    SSLSocket t = (SSLSocket) context.getSocketFactory().createSocket(s, HOST, CONTROL, true);
    if (protocols.length > 0) {
      t.setEnabledProtocols(protocols);
    }
    t.startHandshake();
    return t;
  }

  /** The control connection. */
  public SSLSocket socket() {
    return socket;
  }

  /** What is below TLS, for what no client would send. */
  public Socket raw() {
    return plain;
  }

  /** The certificate of the service. */
  public X509Certificate certificate() throws IOException {
    return (X509Certificate) socket.getSession().getPeerCertificates()[0];
  }

  /** Sends a command, whose reply of one line must have that code. */
  public String expect(int code, String line) throws IOException {
    socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    return expect(code);
  }

  /** Reads a reply of one line, which must have that code. */
  public String expect(int code) throws IOException {
    String answer = reader.readLine();
    if (answer == null || !answer.startsWith(code + " ")) {
      throw new AssertionError("expected " + code + " and got " + answer);
    }
    return answer;
  }

  /** Logs in. */
  public void login(Chain.User user) throws IOException {
    expect(331, "USER " + user.name());
    expect(230, "PASS " + user.password());
  }

  /** The data connection that the next transfer uses, in the clear so far. */
  public Socket passive() throws IOException {
    String answer = expect(229, "EPSV");
    int port = Integer.parseInt(answer.replaceAll(".*\\|\\|\\|(\\d+)\\|.*", "$1"));
    return open(port);
  }

  /** Begins TLS on a data connection, as a continuation of the control connection's session. */
  public SSLSocket resume(Socket data) throws IOException {
    return wrap(data, socket.getSession().getProtocol());
  }

  /** Begins TLS on a data connection without knowing of any session. */
  public SSLSocket beginAnew(Socket data) throws IOException, GeneralSecurityException {
    SSLContext other = SSLContext.getInstance("TLS");
    other.init(null, new TrustManager[] {new Anybody()}, new SecureRandom());
    SSLSocket t = (SSLSocket) other.getSocketFactory().createSocket(data, HOST, CONTROL, true);
    t.startHandshake();
    return t;
  }

  @Override
  public void close() throws IOException {
    socket.close();
    plain.close();
  }
}
