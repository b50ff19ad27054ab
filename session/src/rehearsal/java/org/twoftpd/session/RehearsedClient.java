/*
 * Runs when the program is built, never in service, and lies in no package.  The client of a rehearsal, made of system calls
 * alone: see Rehearsal.
 */
package org.twoftpd.session;

import static org.twoftpd.shared.os.SocketFlags.SHUT_WR;
import static org.twoftpd.shared.os.SocketFlags.SOCK_STREAM;

import org.twoftpd.session.text.Ascii;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/** Says every verb once, with transfers both ways. */
final class RehearsedClient extends Thread {
  static final Endpoint LOOPBACK = new Endpoint(new byte[] {127, 0, 0, 1}, 0, 0);
  private static final byte[] FILE = Ascii.encode("one\r\ntwo\r\n");

  /** "&lt;" wants the data of a passive transfer, "&gt;" sends some. */
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

  /** Why the rehearsal is not whole, or null. */
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
      reply();
      for (String line : SCRIPT) {
        char mark = line.charAt(0);
        if (mark == '<' || mark == '>') {
          transfer(line.substring(1), mark == '>');
        } else {
          say(line);
          reply();
        }
      }
    } catch (SystemCallException e) {
      fault = e.getMessage();
    }
    Native.close(control);
  }

  private void transfer(String line, boolean send) throws SystemCallException {
    say("EPSV");
    int data = SystemCallException.check(Native.socket(LOOPBACK.domain(), SOCK_STREAM, 0));
    Native.setNonblocking(data, false);
    SystemCallException.check(Native.connect(data, LOOPBACK.withPort(port(reply())).toSockaddr()));
    say(line);
    reply();
    if (send) {
      SystemCallException.check(Native.write(data, FILE, 0, FILE.length));
      Native.shutdown(data, SHUT_WR);
    }
    while (Native.read(data, buffer, 0, buffer.length) > 0) {
      // What is in it does not matter.
    }
    Native.close(data);
    reply();
  }

  /** From "229 ... (|||PORT|)". */
  private static int port(String reply) {
    int from = reply.indexOf("|||") + 3;
    return Integer.parseInt(reply.substring(from, reply.indexOf('|', from)));
  }

  private void say(String line) throws SystemCallException {
    byte[] bytes = Ascii.encode(line.concat("\r\n"));
    SystemCallException.check(Native.write(control, bytes, 0, bytes.length));
  }

  /** The last line of the next reply. */
  private String reply() throws SystemCallException {
    int from = 0;
    int to = 0;
    // One at a time: what is behind this reply is the next one's.
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
