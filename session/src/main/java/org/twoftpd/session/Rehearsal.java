/*
 * Trusted with nothing: runs when the program is built, never in service.  It takes a session through a whole login so
 * that the archive of loaded classes (java(1), -XX:AOTCache) has what a real one needs.
 */
package org.twoftpd.session;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.twoftpd.session.command.Conversation;
import org.twoftpd.session.command.MonitorLink;
import org.twoftpd.session.control.ControlConnection;
import org.twoftpd.session.fs.FileTree;
import org.twoftpd.shared.config.RootKind;
import org.twoftpd.shared.config.Table;
import org.twoftpd.shared.fd.NativeChannel;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.wire.Codec;
import org.twoftpd.shared.wire.Message;
import org.twoftpd.shared.wire.MessageType.Role;
import org.twoftpd.shared.wire.SessionOptions;

/**
 * A client and a monitor in one process with the session, over loopback sockets and in a directory
 * of its own.
 */
final class Rehearsal {
  private static final int SOCK_STREAM = 1;
  private static final byte[] NONE = {};
  private static final Endpoint LOOPBACK = new Endpoint(new byte[] {127, 0, 0, 1}, 0, 0);

  /** What the client says; "&lt;" wants the data of a passive transfer, "&gt;" sends some. */
  private static final String[] SCRIPT = {
    "SYST",
    "FEAT",
    "OPTS UTF8 ON",
    "PWD",
    "TYPE I",
    "CWD /",
    "MKD d",
    "CWD d",
    "CDUP",
    "NOOP",
    "HELP",
    ">STOR f",
    "SIZE f",
    "MDTM f",
    "<RETR f",
    "REST 3",
    "<RETR f",
    ">APPE f",
    "TYPE A",
    ">STOR g",
    "<RETR g",
    "<LIST",
    "<LIST -la *",
    "<NLST",
    "<MLSD",
    "MLST f",
    "STAT",
    "STAT f",
    "RNFR g",
    "RNTO h",
    "SITE CHMOD 644 h",
    "SITE UMASK",
    "MFMT 20200101000000 h",
    "DELE h",
    "DELE nothing",
    "RMD d",
    "ABOR",
    "EPSV ALL",
    "RETR f",
    "CLNT x",
    "ALLO 1",
    "QUIT",
  };

  private Rehearsal() {}

  static void run() throws Exception {
    Path home = Files.createTempDirectory("twoftpd-rehearsal");
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int monitor = connect(listener.getLocalPort());
      try (Socket pretended = listener.accept()) {
        int client = connect(listener.getLocalPort());
        try (Socket control = listener.accept()) {
          Thread t = new Thread(() -> speak(control));
          t.start();
          session(monitor, client, home, pretended);
          t.join();
        }
      }
    } finally {
      Files.deleteIfExists(home.resolve("f"));
      Files.deleteIfExists(home);
    }
  }

  private static int connect(int port) throws SystemCallException {
    int fd = SystemCallException.check(Native.socket(LOOPBACK.domain(), SOCK_STREAM, 0));
    Native.connect(fd, LOOPBACK.withPort(port).toSockaddr());
    return fd;
  }

  private static void session(int monitor, int client, Path home, Socket pretended)
      throws Exception {
    NativeChannel channel = new NativeChannel(monitor, Role.SESSION);
    Message.Assignment sent =
        new Message.Assignment(
            "rehearsal".getBytes(StandardCharsets.US_ASCII),
            NONE,
            1,
            1,
            new int[0],
            home.toString().getBytes(StandardCharsets.UTF_8),
            Table.XFER,
            new SessionOptions(
                RootKind.SOFTCHROOT,
                60,
                60,
                0,
                "Hello".getBytes(StandardCharsets.US_ASCII),
                NONE,
                false,
                false,
                false,
                022,
                false,
                false,
                NONE,
                0,
                0,
                false),
            LOOPBACK,
            LOOPBACK,
            true,
            NONE);
    byte[] frame = Codec.encode(sent);
    pretended.getOutputStream().write(frame);
    // The descriptor cannot come along over TCP, so only its absence is rehearsed here.
    Thread.sleep(50);
    try {
      channel.receive();
      channel.next();
    } catch (org.twoftpd.shared.wire.ProtocolViolation e) {
      // As expected.
    }
    ThreadCheck.open().rehearse();
    FileTree files = FileTree.below(sent.home(), false);
    ControlConnection control = new ControlConnection(client, new PollReadiness(), 60);
    new Conversation(control, files, sent, new MonitorLink(channel)).serve();
    Native.close(client);
  }

  private static void speak(Socket control) {
    try (InputStream in = control.getInputStream()) {
      reply(in);
      for (String line : SCRIPT) {
        char mark = line.charAt(0);
        if (mark == '<' || mark == '>') {
          transfer(control, in, line.substring(1), mark == '>');
        } else {
          say(control, line);
          reply(in);
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void transfer(Socket control, InputStream in, String line, boolean send)
      throws IOException {
    say(control, "EPSV");
    String[] parts = reply(in).split("\\|", -1);
    try (Socket data = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(parts[3]))) {
      say(control, line);
      reply(in);
      if (send) {
        data.getOutputStream().write("one\r\ntwo\r\n".getBytes(StandardCharsets.US_ASCII));
        data.shutdownOutput();
      }
      data.getInputStream().readAllBytes();
    }
    reply(in);
  }

  private static void say(Socket control, String line) throws IOException {
    control.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
  }

  private static String reply(InputStream in) throws IOException {
    while (true) {
      StringBuilder line = new StringBuilder();
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          throw new IOException("the session has ended");
        }
        line.append((char) c);
      }
      if (line.length() > 3 && line.charAt(3) == ' ' && Character.isDigit(line.charAt(0))) {
        return line.toString();
      }
    }
  }
}
