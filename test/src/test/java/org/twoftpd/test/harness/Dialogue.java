/*
 * A client that says exactly what a test wants, byte for byte, and hides nothing of the answer.
 */
package org.twoftpd.test.harness;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One control connection. Text is ISO 8859-1, so that every byte is a character. */
public final class Dialogue implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 60_000;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  /** The client's TLS; null when this is in the clear. */
  private final SecureClient tls;

  private final SecureStream stream;

  /** A reply: its code and its lines, without their ends. */
  public record Reply(int code, List<String> lines) {
    /** The last line without the code. */
    public String text() {
      return lines.getLast().substring(4);
    }

    @Override
    public String toString() {
      return String.join(" / ", lines);
    }
  }

  /** Connects; the greeting is still to be read. */
  public Dialogue(String host, int port) throws IOException {
    this(connected(host, port));
  }

  /** Takes a connected socket over. */
  public Dialogue(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.setTcpNoDelay(true);
    in = new java.io.BufferedInputStream(socket.getInputStream());
    out = socket.getOutputStream();
    tls = null;
    stream = null;
  }

  /** Goes on over TLS. */
  Dialogue(Socket socket, SecureStream stream, SecureClient tls) {
    this.socket = socket;
    this.in = new java.io.BufferedInputStream(stream.in());
    this.out = stream.out();
    this.tls = tls;
    this.stream = stream;
  }

  /** What its data connections are protected with; null when this dialogue is in the clear. */
  public SecureClient tls() {
    return tls;
  }

  /** The control connection over TLS; null when this dialogue is in the clear. */
  public SecureStream stream() {
    return stream;
  }

  private static Socket connected(String host, int port) throws IOException {
    Socket s = new Socket();
    s.connect(new InetSocketAddress(host, port), TIMEOUT_MILLIS);
    return s;
  }

  /** The socket itself. */
  public Socket socket() {
    return socket;
  }

  /** Sends bytes as they are. */
  public void send(byte[] bytes) throws IOException {
    out.write(bytes);
  }

  /** Sends characters as bytes, with no line end added. */
  public void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends a command and reads its reply. */
  public Reply command(String line) throws IOException {
    send(line + "\r\n");
    return reply();
  }

  /** Reads one whole reply. */
  public Reply reply() throws IOException {
    List<String> lines = new ArrayList<>();
    while (true) {
      String line = line();
      lines.add(line);
      if (line.matches("(?s)[1-5]\\d\\d( .*)?")
          && line.startsWith(lines.getFirst().substring(0, 3))) {
        return new Reply(Integer.parseInt(line.substring(0, 3)), lines);
      }
    }
  }

  /** Reads so many bytes, which need not be a reply. */
  public byte[] read(int length) throws IOException {
    return in.readNBytes(length);
  }

  /** Reads one line, without its end. */
  public String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the server has closed the connection after: " + line);
      }
      line.write(c);
    }
    String s = line.toString(StandardCharsets.ISO_8859_1);
    if (!s.endsWith("\r")) {
      throw new IOException("a line without CR LF: " + s);
    }
    return s.substring(0, s.length() - 1);
  }

  /** Reads a reply that must have that code. */
  public Reply expect(int code) throws IOException {
    Reply r = reply();
    if (r.code != code) {
      throw new AssertionError("expected " + code + " and got " + r);
    }
    return r;
  }

  /** Sends a command whose reply must have that code. */
  public Reply expect(int code, String line) throws IOException {
    Reply r = command(line);
    if (r.code != code) {
      throw new AssertionError("expected " + code + " to " + line + " and got " + r);
    }
    return r;
  }

  /** True when the server has closed the connection, and said nothing before. */
  public boolean isClosed() throws IOException {
    try {
      return in.read() < 0;
    } catch (java.net.SocketException e) {
      return true;
    }
  }

  /** Asks for a passive data connection and makes it. */
  public Socket passive() throws IOException {
    String port = expect(229, "EPSV").text().replaceAll(".*\\(\\|\\|\\|(\\d+)\\|\\).*", "$1");
    Socket s = new Socket();
    s.setSoTimeout(TIMEOUT_MILLIS);
    s.connect(
        new InetSocketAddress(socket.getInetAddress(), Integer.parseInt(port)), TIMEOUT_MILLIS);
    return s;
  }

  /** Listens for an active data connection and tells the server. */
  public ServerSocket active() throws IOException {
    InetAddress here = socket.getLocalAddress();
    ServerSocket s = new ServerSocket(0, 1, here);
    s.setSoTimeout(TIMEOUT_MILLIS);
    int family = here.getAddress().length == 4 ? 1 : 2;
    expect(200, "EPRT |" + family + "|" + here.getHostAddress() + "|" + s.getLocalPort() + "|");
    return s;
  }

  /** Fetches over a passive connection; the transfer must succeed. */
  public byte[] fetch(String line) throws IOException {
    try (Socket data = passive()) {
      expect(150, line);
      byte[] all = data.getInputStream().readAllBytes();
      expect(226);
      return all;
    }
  }

  /** As {@link #fetch}, as text. */
  public String fetchText(String line) throws IOException {
    return new String(fetch(line), StandardCharsets.ISO_8859_1);
  }

  /** Sends over a passive connection; the transfer must succeed. */
  public Reply store(String line, byte[] bytes) throws IOException {
    try (Socket data = passive()) {
      expect(150, line);
      data.getOutputStream().write(bytes);
      data.shutdownOutput();
      return expect(226);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
