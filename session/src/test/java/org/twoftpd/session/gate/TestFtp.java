package org.twoftpd.session.gate;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLSocket;
import org.twoftpd.session.tls.TestClient;

/** A client that says what it is told to say, in clear or over TLS. */
final class TestFtp implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 10_000;

  private final TestClient tls;
  private final Socket plain;
  private Socket socket;

  /**
   * @param protocol of TLS, as JSSE names it
   */
  TestFtp(int port, String protocol) throws Exception {
    tls = new TestClient(protocol, null);
    plain = TestClient.socket(port);
    plain.setSoTimeout(TIMEOUT_MILLIS);
    socket = plain;
  }

  Socket plain() {
    return plain;
  }

  Socket socket() {
    return socket;
  }

  TestClient tls() {
    return tls;
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** The last line of a reply, which must have that code. */
  String expect(int code) throws IOException {
    String line = line();
    while (line.length() < 4 || line.charAt(3) != ' ' || line.startsWith(" ")) {
      line = line();
    }
    if (!line.startsWith(code + " ")) {
      throw new AssertionError("expected " + code + ", not: " + line);
    }
    return line;
  }

  String expect(int code, String command) throws IOException {
    send(command + "\r\n");
    return expect(code);
  }

  private String line() throws IOException {
    ByteArrayOutputStream b = new ByteArrayOutputStream();
    InputStream in = socket.getInputStream();
    int c = in.read();
    while (c != '\n') {
      if (c < 0) {
        throw new IOException("the end, behind " + b);
      }
      b.write(c);
      c = in.read();
    }
    return b.toString(StandardCharsets.US_ASCII).stripTrailing();
  }

  /** Everything until the end. */
  String rest() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
  }

  /** Goes over to TLS. */
  TestFtp secure(String mechanism) throws IOException {
    expect(234, "AUTH " + mechanism);
    return secure();
  }

  TestFtp secure() throws IOException {
    SSLSocket s = tls.over(plain);
    s.setSoTimeout(TIMEOUT_MILLIS);
    s.startHandshake();
    socket = s;
    return this;
  }

  TestFtp logIn() throws IOException {
    expect(331, "USER me");
    expect(230, "PASS right");
    return this;
  }

  /** The port of a new passive data connection. */
  int passive() throws IOException {
    return Integer.parseInt(expect(229, "EPSV").replaceAll(".*\\(\\|\\|\\|(\\d+)\\|\\).*", "$1"));
  }

  /** A data connection over TLS, to be begun by its first use. */
  SSLSocket data() throws IOException {
    SSLSocket s = tls.connect(passive());
    s.setSoTimeout(TIMEOUT_MILLIS);
    return s;
  }

  @Override
  public void close() throws IOException {
    plain.close();
  }
}
