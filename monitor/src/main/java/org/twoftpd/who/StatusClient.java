package org.twoftpd.who;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Asks the monitor about its sessions, by the protocol of its status socket. */
final class StatusClient {
  private static final int QUESTION = 5;

  private final Path socket;

  /**
   * @param socket the file "who" in the runtime directory
   */
  StatusClient(Path socket) {
    this.socket = socket;
  }

  /** The monitor's sessions, one a line: pid, user, address, since, table, separated by tabs. */
  String listSessions() throws IOException {
    return ask('L', 0);
  }

  /** Has the monitor end a session; false when it has none with that process id. */
  boolean endSession(int pid) throws IOException {
    return ask('E', pid).equals("ended\n");
  }

  private String ask(char kind, int pid) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      ByteBuffer question = ByteBuffer.allocate(QUESTION).put((byte) kind).putInt(pid).flip();
      while (question.hasRemaining()) {
        channel.write(question);
      }
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      Channels.newInputStream(channel).transferTo(answer);
      return answer.toString(StandardCharsets.ISO_8859_1);
    }
  }
}
