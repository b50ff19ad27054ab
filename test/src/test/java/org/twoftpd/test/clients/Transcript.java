/*
 * Plays what a client was seen to send, line by line, and holds the replies against those that the client needs.
 */
package org.twoftpd.test.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.Dialogue;

/**
 * A dialogue as text. Each line is a command, a bar, and the codes of its replies; {@code PORT *}
 * stands for an address where the client listens. A reply of 150 is followed by the data that the
 * command moves: the client connects as soon as it knows where, as real ones do. A bar may be
 * escaped as {@code \x7c}.
 */
final class Transcript implements AutoCloseable {
  /** What is stored by every STOR, APPE and STOU. */
  static final String STORED = "line\r\n";

  private final Dialogue dialogue;
  private ServerSocket listener;
  private Socket data;
  private String received = "";

  Transcript(Chain chain) throws IOException {
    dialogue = chain.connect();
  }

  /** Plays the lines; the first reply that differs ends it with an error. */
  Transcript play(String lines) throws IOException {
    for (String line : lines.lines().toList()) {
      int bar = line.lastIndexOf(" |");
      play(line.substring(0, bar), line.substring(bar + 2).trim().split(" ", -1));
    }
    return this;
  }

  /** What the last transfer brought. */
  String received() {
    return received;
  }

  private void play(String command, String[] codes) throws IOException {
    String verb = command.split(" ", -1)[0].toUpperCase(java.util.Locale.ROOT);
    dialogue.send(command.equals("PORT *") ? port() : command + "\r\n");
    for (String code : codes) {
      Dialogue.Reply r = dialogue.reply();
      assertEquals(code, Integer.toString(r.code()), () -> command + " was answered " + r);
      switch (r.code()) {
        case 227 -> connect(r.text().replaceAll(".*\\((?:\\d+,){4}(\\d+),(\\d+)\\).*", "$1 $2"));
        case 229 -> connect(r.text().replaceAll(".*\\|\\|\\|(\\d+)\\|.*", "$1"));
        case 150 -> transfer(verb.startsWith("ST") || verb.equals("APPE"));
        default -> {}
      }
    }
  }

  private String port() throws IOException {
    if (listener != null) {
      listener.close();
    }
    listener = new ServerSocket(0, 1, dialogue.socket().getLocalAddress());
    listener.setSoTimeout(10_000);
    int p = listener.getLocalPort();
    return "PORT 127,0,0,1," + (p >> 8) + "," + (p & 255) + "\r\n";
  }

  private void connect(String port) throws IOException {
    int p = 0;
    for (String part : port.split(" ", -1)) {
      p = p << 8 | Integer.parseInt(part);
    }
    if (data != null) {
      data.close();
    }
    data = new Socket();
    data.setSoTimeout(10_000);
    data.connect(new InetSocketAddress(dialogue.socket().getInetAddress(), p), 10_000);
  }

  private void transfer(boolean stores) throws IOException {
    if (data == null) {
      data = listener.accept();
      listener.close();
      listener = null;
    }
    if (stores) {
      data.getOutputStream().write(STORED.getBytes(StandardCharsets.US_ASCII));
    } else {
      received = new String(data.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
    data.close();
    data = null;
  }

  @Override
  public void close() throws IOException {
    if (data != null) {
      data.close();
    }
    if (listener != null) {
      listener.close();
    }
    dialogue.close();
  }
}
