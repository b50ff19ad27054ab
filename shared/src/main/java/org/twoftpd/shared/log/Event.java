/*
 * Trusted with nothing: what is worth a line, as values.  Each says its own line and how urgent it is.
 */
package org.twoftpd.shared.log;

import org.twoftpd.shared.config.Table;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.wire.EndReason;
import org.twoftpd.shared.wire.SessionReport;

/**
 * Something that happened. The names and the fields of the lines are documented, and log analysers
 * rely on them.
 */
public sealed interface Event {
  /** Priorities of syslog(3). */
  int ERROR = 3;

  /** See {@link #ERROR}. */
  int WARNING = 4;

  /** See {@link #ERROR}. */
  int INFO = 6;

  /** About what one takes without what clients and others have put into it, in bytes. */
  int SMALL = 256;

  /** Its name and fields, and how urgent it is. */
  Line entry();

  /** About how many bytes it takes while it waits, at least {@link #SMALL}. */
  default int size() {
    return SMALL;
  }

  /** The service cannot start; one of the messages that say why. */
  record SettingsError(String message) implements Event {
    @Override
    public int size() {
      return SMALL + message.length();
    }

    @Override
    public Line entry() {
      return new Line(ERROR, "settings-error").field("message", message);
    }
  }

  /** The settings were read again; {@code needRestart} names those that hold after a restart. */
  record Reloaded(String needRestart) implements Event {
    @Override
    public Line entry() {
      Line l = new Line(needRestart.isEmpty() ? INFO : WARNING, "reload").field("result", "done");
      return needRestart.isEmpty() ? l : l.field("restart-for", needRestart);
    }
  }

  /** The settings were read again and are wrong, as other lines say: the old ones stay. */
  record ReloadRefused() implements Event {
    @Override
    public Line entry() {
      return new Line(ERROR, "reload").field("result", "refused");
    }
  }

  /**
   * A gate or a session, {@code role}, hangs, and is killed; {@code pid} 0 is one not yet there.
   */
  record Hung(String role, int pid, String what) implements Event {
    @Override
    public Line entry() {
      return new Line(ERROR, "hung").field("role", role).field("pid", pid).field("what", what);
    }
  }

  /** So many descriptors cannot be closed: who had them too makes that wait. */
  record ClosingsStall(int count) implements Event {
    @Override
    public Line entry() {
      return new Line(WARNING, "closings-stall").field("count", count);
    }
  }

  /**
   * The settings have not been read for so many seconds: a disk or a name server makes that wait.
   */
  record ReloadWaits(long seconds) implements Event {
    @Override
    public Line entry() {
      return new Line(WARNING, "reload").field("result", "waits").field("s", seconds);
    }
  }

  /** Logins wait because no more session processes may be started in a second. */
  record SpawnRate(int rate, int waiting) implements Event {
    @Override
    public Line entry() {
      return new Line(WARNING, "spawn-rate").field("limit", rate).field("waiting", waiting);
    }
  }

  /** Lines about clients that have not logged in that were too many to be logged. */
  record LinesDropped(long count) implements Event {
    @Override
    public Line entry() {
      return new Line(WARNING, "lines-dropped").field("count", count);
    }
  }

  /** The service listens there. */
  record Listening(Endpoint address) implements Event {
    @Override
    public Line entry() {
      return new Line(INFO, "listening").field("address", address.toString());
    }
  }

  /** The service ends. Its sessions go on. */
  record Stopped() implements Event {
    @Override
    public Line entry() {
      return new Line(INFO, "stopped");
    }
  }

  /** A client has connected. */
  record Connect(Endpoint peer, Endpoint local) implements Event {
    @Override
    public Line entry() {
      return new Line(INFO, "connect")
          .field("address", peer.host())
          .field("port", peer.port())
          .field("local", local.toString());
    }
  }

  /** A client has gone without a login. */
  record Disconnect(Endpoint peer, EndReason reason) implements Event {
    @Override
    public Line entry() {
      return new Line(INFO, "disconnect")
          .field("address", peer.host())
          .field("reason", word(reason));
    }
  }

  /**
   * A client was sent away, or a login that was right; {@code limit} is the setting, {@code user}
   * is empty while nobody has logged in.
   */
  record Refused(Endpoint peer, byte[] user, String limit) implements Event {
    /** A client that has not logged in. */
    public Refused(Endpoint peer, String limit) {
      this(peer, new byte[0], limit);
    }

    @Override
    public Line entry() {
      Line l = new Line(WARNING, "refused").field("address", peer.host()).field("limit", limit);
      return user.length == 0 ? l : l.field("user", user);
    }
  }

  /** A session serves. */
  record Login(byte[] user, Endpoint peer, Table table, int uid, int pid, long millis)
      implements Event {
    @Override
    public Line entry() {
      return new Line(INFO, "login")
          .field("user", user)
          .field("address", peer.host())
          .field("table", word(table))
          .field("uid", Integer.toUnsignedLong(uid))
          .field("pid", pid)
          .field("ms", millis);
    }
  }

  /**
   * A login was refused. The address comes first, where fail2ban's pattern finds it whatever the
   * user's name is.
   */
  record LoginFailed(byte[] user, Endpoint peer, String reason) implements Event {
    @Override
    public int size() {
      return SMALL + user.length + reason.length();
    }

    @Override
    public Line entry() {
      return new Line(WARNING, "login-failed")
          .field("address", peer.host())
          .field("user", user)
          .field("reason", reason);
    }
  }

  /** A transfer of a session is over. */
  record Transferred(SessionReport.Transferred transfer, byte[] user, Endpoint peer)
      implements Event {
    @Override
    public int size() {
      return SMALL + user.length + transfer.length();
    }

    @Override
    public Line entry() {
      Line l = transfer.upload() ? new Line(INFO, "upload") : new Line(INFO, "download");
      l.field("user", user)
          .field("address", peer.host())
          .field("path", transfer.path())
          .field("bytes", transfer.bytes())
          .field("ms", transfer.millis())
          .field("result", result(transfer.succeeded()));
      return transfer.succeeded() ? l : l.field("reason", transfer.failure());
    }
  }

  /** A session has changed the file system other than by a transfer, or tried to. */
  record Changed(SessionReport.Change change, byte[] user, Endpoint peer) implements Event {
    @Override
    public int size() {
      return SMALL + user.length + change.length();
    }

    @Override
    public Line entry() {
      Line l =
          switch (change) {
            case SessionReport.Deleted _ -> new Line(INFO, "delete");
            case SessionReport.Renamed _ -> new Line(INFO, "rename");
            case SessionReport.DirectoryMade _ -> new Line(INFO, "mkdir");
            case SessionReport.DirectoryRemoved _ -> new Line(INFO, "rmdir");
            case SessionReport.ModeChanged _ -> new Line(INFO, "chmod");
          };
      l.field("user", user).field("address", peer.host()).field("path", change.path());
      if (change instanceof SessionReport.Renamed r) {
        l.field("target", r.target());
      } else if (change instanceof SessionReport.ModeChanged m) {
        l.field("mode", Integer.toOctalString(m.mode()));
      }
      return l.field("result", result(change.succeeded()));
    }
  }

  /** A client gave a command, where the settings want it logged. */
  record Requested(byte[] user, Endpoint peer, byte[] text) implements Event {
    @Override
    public int size() {
      return SMALL + user.length + text.length;
    }

    @Override
    public Line entry() {
      return new Line(INFO, "request")
          .field("user", user)
          .field("address", peer.host())
          .field("text", text);
    }
  }

  /** A client got a reply, where the settings want it logged. */
  record Replied(byte[] user, Endpoint peer, byte[] text) implements Event {
    @Override
    public int size() {
      return SMALL + user.length + text.length;
    }

    @Override
    public Line entry() {
      return new Line(INFO, "reply")
          .field("user", user)
          .field("address", peer.host())
          .field("text", text);
    }
  }

  /** Somebody else than the client connected to a passive port of its session. */
  record ForeignDataConnection(byte[] user, Endpoint peer, Endpoint from) implements Event {
    @Override
    public int size() {
      return SMALL + user.length;
    }

    @Override
    public Line entry() {
      return new Line(WARNING, "foreign-data-connection")
          .field("user", user)
          .field("address", peer.host())
          .field("from", from.toString());
    }
  }

  /** All ports of PASV_PORTS were in use when a session wanted one. */
  record NoPassivePort(byte[] user, Endpoint peer) implements Event {
    @Override
    public int size() {
      return SMALL + user.length;
    }

    @Override
    public Line entry() {
      return new Line(WARNING, "no-passive-port").field("user", user).field("address", peer.host());
    }
  }

  /** A session did more than {@code rate} things in a second, and is heard no faster. */
  record HeldBack(byte[] user, Endpoint peer, int pid, int rate) implements Event {
    @Override
    public Line entry() {
      return new Line(WARNING, "held-back")
          .field("user", user)
          .field("address", peer.host())
          .field("pid", pid)
          .field("limit", rate);
    }
  }

  /** A session wanted port 20 for a data connection, and the monitor could not bind it. */
  record PortFailed(byte[] user, Endpoint peer, String reason) implements Event {
    @Override
    public Line entry() {
      return new Line(WARNING, "port-failed")
          .field("user", user)
          .field("address", peer.host())
          .field("reason", reason);
    }
  }

  /** A session has ended in good order. */
  record End(
      byte[] user, Endpoint peer, EndReason reason, long bytesIn, long bytesOut, long seconds)
      implements Event {
    @Override
    public Line entry() {
      return new Line(INFO, "end")
          .field("user", user)
          .field("address", peer.host())
          .field("reason", word(reason))
          .field("in", bytesIn)
          .field("out", bytesOut)
          .field("s", seconds);
    }
  }

  /** A login was granted and its session could not begin. */
  record SessionFailed(byte[] user, Endpoint peer, byte[] reason) implements Event {
    @Override
    public int size() {
      return SMALL + user.length + reason.length;
    }

    @Override
    public Line entry() {
      return new Line(ERROR, "session-failed")
          .field("user", user)
          .field("address", peer.host())
          .field("reason", reason);
    }
  }

  /** A session's process has ended without a word; the status is waitpid(2)'s. */
  record SessionDied(byte[] user, Endpoint peer, int pid, int status) implements Event {
    @Override
    public Line entry() {
      return new Line(ERROR, "session-died")
          .field("user", user)
          .field("address", peer.host())
          .field("pid", pid)
          .field("status", Event.status(status));
    }
  }

  /** A spare could not be had. */
  record SpareFailed(String reason) implements Event {
    @Override
    public int size() {
      return SMALL + reason.length();
    }

    @Override
    public Line entry() {
      return new Line(ERROR, "spare-failed").field("reason", reason);
    }
  }

  /** The gate has died, and another one is started. */
  record GateDied(String reason) implements Event {
    @Override
    public int size() {
      return SMALL + reason.length();
    }

    @Override
    public Line entry() {
      return new Line(ERROR, "gate-died").field("reason", reason);
    }
  }

  /** A process has said what it may not say, and was killed. */
  record Violation(String role, int pid, String what) implements Event {
    @Override
    public int size() {
      return SMALL + what.length();
    }

    @Override
    public Line entry() {
      return new Line(ERROR, "violation").field("role", role).field("pid", pid).field("what", what);
    }
  }

  /**
   * A process that the monitor has started wrote a line to its descriptor 2: a virtual machine that
   * is in trouble, or whoever has taken it over.
   */
  record Stderr(String role, int pid, byte[] text) implements Event {
    @Override
    public int size() {
      return SMALL + text.length;
    }

    @Override
    public Line entry() {
      return new Line(WARNING, "stderr").field("role", role).field("pid", pid).field("text", text);
    }
  }

  /** The log of transfers takes no line; {@code path} is of the transfer that is missing there. */
  record TransferLogFailed(byte[] path) implements Event {
    @Override
    public int size() {
      return SMALL + path.length;
    }

    @Override
    public Line entry() {
      return new Line(ERROR, "xferlog-failed").field("path", path);
    }
  }

  /**
   * Lines are missing here.
   *
   * @param from what is missing: lines of "service", "sessions", "strangers" or "failures", which
   *     are their failed logins, or of "xferlog"
   * @param user whose sessions they were about, or empty for several
   * @param address of an anonymous session's client, or of a stranger; empty for several
   */
  record Lost(long lines, String from, String user, String address) implements Event {
    static Lost of(LogQueue.Next<?> next) {
      Share s = next.share();
      return new Lost(next.lost(), word(s.kind()), s.user(), s.address());
    }

    @Override
    public Line entry() {
      Line l = new Line(WARNING, "lost").field("lines", lines).field("from", from);
      if (!user.isEmpty()) {
        l.field("user", user.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
      }
      return address.isEmpty() ? l : l.field("address", address);
    }
  }

  /** A session could not tell the monitor of so much, since its line to it was full. */
  record Unheard(byte[] user, Endpoint peer, int pid, long lines) implements Event {
    @Override
    public Line entry() {
      return new Line(WARNING, "unheard")
          .field("user", user)
          .field("address", peer.host())
          .field("pid", pid)
          .field("lines", lines);
    }
  }

  /** Something in the monitor itself is wrong; it has gone on. */
  record Fault(String what) implements Event {
    private static final int FRAMES = 8;

    /** With the places in the program that lead to it, the innermost first. */
    public static Fault of(Throwable thrown) {
      StringBuilder what = new StringBuilder(thrown.toString());
      StackTraceElement[] frames = thrown.getStackTrace();
      for (int i = 0; i < frames.length && i < FRAMES; i++) {
        what.append(" at ").append(frames[i]);
      }
      return new Fault(what.toString());
    }

    @Override
    public int size() {
      return SMALL + what.length();
    }

    @Override
    public Line entry() {
      return new Line(ERROR, "fault").field("what", what);
    }
  }

  private static String result(boolean succeeded) {
    return succeeded ? "done" : "failed";
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  /** A status of waitpid(2) in words. */
  static String status(int status) {
    int signal = status & 0x7f;
    return signal == 0 ? "exit " + (status >> 8 & 0xff) : "signal " + signal;
  }
}
