package org.twoftpd.shared.log;

import org.twoftpd.shared.config.Table;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.wire.EndReason;
import org.twoftpd.shared.wire.SessionReport;

/** What happens in the session of a user, from the login to the end. */
public sealed interface SessionEvent extends Event {
  /** A session serves. */
  record Login(byte[] user, Endpoint peer, Table table, int uid, int pid, long millis, Tls tls)
      implements SessionEvent {
    /** A login without TLS. */
    public Login(byte[] user, Endpoint peer, Table table, int uid, int pid, long millis) {
      this(user, peer, table, uid, pid, millis, null);
    }

    @Override
    public int size() {
      return SMALL
          + (tls == null ? 0 : tls.protocol().length + tls.suite().length + tls.subject().length);
    }

    @Override
    public Line entry() {
      Line l =
          line(INFO, "login", user, peer)
              .field("table", table)
              .field("uid", Integer.toUnsignedLong(uid))
              .field("pid", pid)
              .field("ms", millis);
      if (tls == null) {
        return l;
      }
      l.field("tls", tls.protocol()).field("suite", tls.suite());
      return tls.subject().length == 0 ? l : l.field("certificate", tls.subject());
    }
  }

  /**
   * The protocol and the suite of a control connection over TLS.
   *
   * @param subject of the client's certificate; empty without one
   */
  record Tls(byte[] protocol, byte[] suite, byte[] subject) {}

  /**
   * The handshake of a session's data connection failed, or did not resume the control connection's
   * session where that is told (TLS_REUSE=accepted).
   */
  record DataHandshake(byte[] user, Endpoint peer, boolean served, byte[] reason)
      implements SessionEvent {
    @Override
    public int size() {
      return SMALL + reason.length;
    }

    @Override
    public Line entry() {
      return line(INFO, "tls-data", user, peer)
          .field("result", served ? "served" : "refused")
          .field("reason", reason);
    }
  }

  /** A transfer of a session is over. */
  record Transferred(SessionReport.Transferred transfer, byte[] user, Endpoint peer)
      implements SessionEvent {
    @Override
    public int size() {
      return SMALL + user.length + transfer.length();
    }

    @Override
    public Line entry() {
      Line l =
          transfer.upload() ? line(INFO, "upload", user, peer) : line(INFO, "download", user, peer);
      l.field("path", transfer.path())
          .field("bytes", transfer.bytes())
          .field("ms", transfer.millis())
          .field("result", result(transfer.succeeded()));
      if (transfer.succeeded()) {
        return transfer.cut() ? l.field("end", "cut") : l;
      }
      return l.field("reason", transfer.failure());
    }
  }

  /** A session has changed the file system other than by a transfer, or tried to. */
  record Changed(SessionReport.Change change, byte[] user, Endpoint peer) implements SessionEvent {
    @Override
    public int size() {
      return SMALL + user.length + change.length();
    }

    @Override
    public Line entry() {
      Line l =
          switch (change) {
            case SessionReport.Deleted _ -> line(INFO, "delete", user, peer);
            case SessionReport.Renamed _ -> line(INFO, "rename", user, peer);
            case SessionReport.DirectoryMade _ -> line(INFO, "mkdir", user, peer);
            case SessionReport.DirectoryRemoved _ -> line(INFO, "rmdir", user, peer);
            case SessionReport.ModeChanged _ -> line(INFO, "chmod", user, peer);
          };
      l.field("path", change.path());
      if (change instanceof SessionReport.Renamed r) {
        l.field("target", r.target());
      } else if (change instanceof SessionReport.ModeChanged m) {
        l.field("mode", Integer.toOctalString(m.mode()));
      }
      return l.field("result", result(change.succeeded()));
    }
  }

  /** A client gave a command, where the settings want it logged. */
  record Requested(byte[] user, Endpoint peer, byte[] text) implements SessionEvent {
    @Override
    public int size() {
      return SMALL + user.length + text.length;
    }

    @Override
    public Line entry() {
      return line(INFO, "request", user, peer).field("text", text);
    }
  }

  /** A client got a reply, where the settings want it logged. */
  record Replied(byte[] user, Endpoint peer, byte[] text) implements SessionEvent {
    @Override
    public int size() {
      return SMALL + user.length + text.length;
    }

    @Override
    public Line entry() {
      return line(INFO, "reply", user, peer).field("text", text);
    }
  }

  /** Somebody else than the client connected to a passive port of its session. */
  record ForeignDataConnection(byte[] user, Endpoint peer, Endpoint from) implements SessionEvent {
    @Override
    public int size() {
      return SMALL + user.length;
    }

    @Override
    public Line entry() {
      return line(WARNING, "foreign-data-connection", user, peer).field("from", from.toString());
    }
  }

  /** All ports of PASV_PORTS were in use when a session wanted one. */
  record NoPassivePort(byte[] user, Endpoint peer) implements SessionEvent {
    @Override
    public int size() {
      return SMALL + user.length;
    }

    @Override
    public Line entry() {
      return line(WARNING, "no-passive-port", user, peer);
    }
  }

  /** A session did more than {@code rate} things in a second, and is heard no faster. */
  record HeldBack(byte[] user, Endpoint peer, int pid, int rate) implements SessionEvent {
    @Override
    public Line entry() {
      return line(WARNING, "held-back", user, peer).field("pid", pid).field("limit", rate);
    }
  }

  /** A session wanted port 20 for a data connection, and the monitor could not bind it. */
  record PortFailed(byte[] user, Endpoint peer, String reason) implements SessionEvent {
    @Override
    public Line entry() {
      return line(WARNING, "port-failed", user, peer).field("reason", reason);
    }
  }

  /** A session could not tell the monitor of so much, since its line to it was full. */
  record Unheard(byte[] user, Endpoint peer, int pid, long lines) implements SessionEvent {
    @Override
    public Line entry() {
      return line(WARNING, "unheard", user, peer).field("pid", pid).field("lines", lines);
    }
  }

  /** A session has ended in good order. */
  record End(
      byte[] user, Endpoint peer, EndReason reason, long bytesIn, long bytesOut, long seconds)
      implements SessionEvent {
    @Override
    public Line entry() {
      return line(INFO, "end", user, peer)
          .field("reason", reason)
          .field("in", bytesIn)
          .field("out", bytesOut)
          .field("s", seconds);
    }
  }

  /** A login was granted and its session could not begin. */
  record SessionFailed(byte[] user, Endpoint peer, byte[] reason) implements SessionEvent {
    @Override
    public int size() {
      return SMALL + user.length + reason.length;
    }

    @Override
    public Line entry() {
      return line(ERROR, "session-failed", user, peer).field("reason", reason);
    }
  }

  /** A session's process has ended without a word; the status is waitpid(2)'s. */
  record SessionDied(byte[] user, Endpoint peer, int pid, int status) implements SessionEvent {
    @Override
    public Line entry() {
      return line(ERROR, "session-died", user, peer)
          .field("pid", pid)
          .field("status", inWords(status));
    }
  }

  /** A line that begins with whose session it is, as most of these do. */
  private static Line line(int priority, String name, byte[] user, Endpoint peer) {
    return new Line(priority, name).field("user", user).field("address", peer.host());
  }

  private static String result(boolean succeeded) {
    return succeeded ? "done" : "failed";
  }

  /** A status of waitpid(2) in words. */
  static String inWords(int status) {
    int signal = status & 0x7f;
    return signal == 0 ? "exit " + (status >> 8 & 0xff) : "signal " + signal;
  }
}
