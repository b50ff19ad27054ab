package org.twoftpd.shared.log;

import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.wire.EndReason;

/** What clients do that have not logged in. */
public sealed interface ClientEvent extends Event {
  /** A client has connected. */
  record Connect(Endpoint peer, Endpoint local) implements ClientEvent {
    @Override
    public Line entry() {
      return new Line(INFO, "connect")
          .field("address", peer.host())
          .field("port", peer.port())
          .field("local", local.toString());
    }
  }

  /** A client has gone without a login. */
  record Disconnect(Endpoint peer, EndReason reason) implements ClientEvent {
    @Override
    public Line entry() {
      return new Line(INFO, "disconnect").field("address", peer.host()).field("reason", reason);
    }
  }

  /**
   * A client was sent away, or a login that was right; {@code limit} is the setting, {@code user}
   * is empty while nobody has logged in.
   */
  record Refused(Endpoint peer, byte[] user, String limit) implements ClientEvent {
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

  /**
   * A login was refused. The address comes first, where fail2ban's pattern finds it whatever the
   * user's name is.
   */
  record LoginFailed(byte[] user, Endpoint peer, String reason) implements ClientEvent {
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

  /** A client that has not logged in and the gate did not come to an understanding on TLS. */
  record TlsFailed(Endpoint peer, byte[] reason) implements ClientEvent {
    @Override
    public int size() {
      return SMALL + reason.length;
    }

    @Override
    public Line entry() {
      return new Line(INFO, "tls-failed").field("address", peer.host()).field("reason", reason);
    }
  }
}
