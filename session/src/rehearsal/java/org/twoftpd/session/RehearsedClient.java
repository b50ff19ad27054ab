package org.twoftpd.session;

import static org.twoftpd.shared.os.SocketFlags.SHUT_WR;
import static org.twoftpd.shared.os.SocketFlags.SOCK_STREAM;

import org.twoftpd.session.text.Ascii;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/**
 * Is the client of a {@link Rehearsal}. It sends every command once, with transfers in both
 * directions, and uses system calls alone, so that it adds no class to the archive.
 */
final class RehearsedClient extends Thread {
  static final Endpoint LOOPBACK = new Endpoint(new byte[] {127, 0, 0, 1}, 0, 0);
  private static final byte[] FILE = Ascii.encode("one\r\ntwo\r\n");

  /**
   * A "&lt;" marks a command that receives data over a passive connection, "&gt;" one that sends.
   */
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
    "DELE f",
    "QUIT",
  };

  private final int control;
  private final byte[] buffer = new byte[4096];

  /** Says why the rehearsal is incomplete, or is null. */
  private volatile String fault;

  RehearsedClient(int control) {
    this.control = control;
  }

  String fault() {
    return fault;
  }

  @Override
  public void run() {
    try {
      readReply();
      for (String line : SCRIPT) {
        char mark = line.charAt(0);
        if (mark == '<' || mark == '>') {
          transferData(line.substring(1), mark == '>');
        } else {
          sendLine(line);
          readReply();
        }
      }
    } catch (SystemCallException e) {
      fault = e.getMessage();
    }
    Native.close(control);
  }

  private void transferData(String line, boolean send) throws SystemCallException {
    sendLine("EPSV");
    int data = SystemCallException.check(Native.socket(LOOPBACK.domain(), SOCK_STREAM, 0));
    Native.setNonblocking(data, false);
    byte[] address = LOOPBACK.withPort(parsePort(readReply())).toSockaddr();
    SystemCallException.check(Native.connect(data, address));
    sendLine(line);
    readReply();
    if (send) {
      SystemCallException.check(Native.write(data, FILE, 0, FILE.length));
      Native.shutdown(data, SHUT_WR);
    }
    while (Native.read(data, buffer, 0, buffer.length) > 0) {
      // The contents do not matter.
    }
    Native.close(data);
    readReply();
  }

  /** Reads the port from "229 ... (|||PORT|)". */
  private static int parsePort(String reply) {
    int from = reply.indexOf("|||") + 3;
    return Integer.parseInt(reply.substring(from, reply.indexOf('|', from)));
  }

  private void sendLine(String line) throws SystemCallException {
    byte[] bytes = Ascii.encode(line.concat("\r\n"));
    SystemCallException.check(Native.write(control, bytes, 0, bytes.length));
  }

  /** Returns the last line of the next reply. */
  private String readReply() throws SystemCallException {
    int from = 0;
    int to = 0;
    // Bytes are read one by one, since those after this reply belong to the next one.
    while (to == 0 || buffer[to - 1] != '\n' || buffer[from] == ' ' || buffer[from + 3] != ' ') {
      if (to > 0 && buffer[to - 1] == '\n') {
        from = to;
      }
      if (SystemCallException.check(Native.read(control, buffer, to, 1)) == 0) {
        fault = "the session has ended";
        return "";
      }
      to++;
    }
    return Ascii.decode(buffer, from, to);
  }
}
