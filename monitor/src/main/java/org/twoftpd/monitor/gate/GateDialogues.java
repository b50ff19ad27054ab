/*
 * Trusted to believe of a gate no more than the state of each connection allows: which client wants to log in, and which
 * has gone.
 */
package org.twoftpd.monitor.gate;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.twoftpd.monitor.client.Connection;
import org.twoftpd.monitor.client.UnauthenticatedLog;
import org.twoftpd.shared.config.AnonymousMode;
import org.twoftpd.shared.wire.GateMessage;
import org.twoftpd.shared.wire.Message;
import org.twoftpd.shared.wire.ProtocolViolation;
import org.twoftpd.shared.wire.Refusal;

/** The connections that the gate has, and what it may say about each of them. */
final class GateDialogues {
  /** The gate has forgotten a client that it keeps for so much longer than it may. */
  private static final long OVERDUE_SECONDS = 30;

  private final GateClients clients;
  private final UnauthenticatedLog log;
  private final Consumer<Message> gate;
  private final Map<Long, Connection> connections = new HashMap<>();

  /**
   * @param gate sends a message to the gate that there is just now
   */
  GateDialogues(GateClients clients, UnauthenticatedLog log, Consumer<Message> gate) {
    this.clients = clients;
    this.log = log;
    this.gate = gate;
  }

  /** Adds a client that the gate is about to be given. */
  void add(Connection c, GateMessage.Options options) {
    connections.put(c.id(), c);
    c.setGreeted(options);
  }

  /** Tells the gate to let go of a client, which from here on it has no say about. */
  void grant(Connection c) {
    connections.remove(c.id());
    gate.accept(new GateMessage.LoginGranted(c.id()));
  }

  /** Tells the gate why a client may not log in. */
  void refuse(Connection c, Refusal refusal) {
    if (c.state() == Connection.State.LOGIN_ASKED) {
      if (refusal != Refusal.LAST) {
        // After the last refusal a gate that asks on is somebody who guesses.
        c.moveTo(Connection.State.AT_GATE);
      }
      gate.accept(new GateMessage.LoginRefused(c.id(), refusal));
    }
  }

  /** Gives up every connection, since the gate that had them is gone. */
  void loseAll() {
    for (Connection c : connections.values()) {
      clients.lost(c);
    }
    connections.clear();
  }

  /**
   * Checks that the gate keeps the times of its clients: AUTH_TIMEOUT, within which TIMEOUT is.
   *
   * @param now of System.nanoTime
   */
  void checkTimes(long now) throws ProtocolViolation {
    for (Connection c : connections.values()) {
      if (c.isOverdue(now, OVERDUE_SECONDS)) {
        throw new ProtocolViolation("has kept a client beyond AUTH_TIMEOUT");
      }
    }
  }

  /** A client gave a name and a password. */
  void handleLoginRequest(GateMessage.LoginRequest m) throws ProtocolViolation {
    Connection c = find(m.connection(), Connection.State.AT_GATE);
    if (c.gateOptions().anonymous() == AnonymousMode.EVERYBODY) {
      throw new ProtocolViolation("nobody is asked for a password");
    }
    checkTls(c);
    c.beginLogin(m.unread());
    clients.passwordGiven(c, m);
  }

  /** A client wants the anonymous service. */
  void handleAnonymousRequest(GateMessage.AnonymousRequest m) throws ProtocolViolation {
    Connection c = find(m.connection(), Connection.State.AT_GATE);
    if (c.gateOptions().anonymous() == AnonymousMode.OFF) {
      throw new ProtocolViolation("there is no anonymous service");
    }
    checkTls(c);
    c.beginLogin(m.unread());
    clients.anonymousWanted(c, m.answersPassword());
  }

  private static void checkTls(Connection c) throws ProtocolViolation {
    if (c.tls().isMissing()) {
      throw new ProtocolViolation("has a client log in without TLS, which TLS=required forbids");
    }
  }

  /** A client gave a command; the settings want it logged. */
  void handleRequestLine(GateMessage.RequestLine m) throws ProtocolViolation {
    Connection c = findReported(m.connection());
    checkWanted(c.gateOptions().logRequests());
    log.requested(c.peer(), m.text());
  }

  /** A client got a reply; the settings want it logged. */
  void handleReplyLine(GateMessage.ReplyLine m) throws ProtocolViolation {
    Connection c = findReported(m.connection());
    checkWanted(c.gateOptions().logReplies());
    log.replied(c.peer(), m.text());
  }

  /** The connection of a line for the log. */
  private Connection findReported(long connection) throws ProtocolViolation {
    // Behind the last refusal the gate says goodbye, and may not ask any more.
    return find(connection, Connection.State.AT_GATE, Connection.State.LOGIN_ASKED);
  }

  private static void checkWanted(boolean wanted) throws ProtocolViolation {
    if (!wanted) {
      throw new ProtocolViolation("reports what it was not asked for");
    }
  }

  /** A connection has ended in the gate. */
  void handleHungUp(GateMessage.HungUp m) throws ProtocolViolation {
    Connection c = find(m.connection(), Connection.State.AT_GATE, Connection.State.LOGIN_ASKED);
    connections.remove(c.id());
    log.disconnected(c.peer(), m.reason());
    clients.gone(c);
  }

  /** The client of that number, which talks to the gate. */
  Connection findTalking(long id) throws ProtocolViolation {
    return find(id, Connection.State.AT_GATE);
  }

  private Connection find(long id, Connection.State... allowed) throws ProtocolViolation {
    Connection c = connections.get(id);
    if (c != null) {
      for (Connection.State s : allowed) {
        if (c.state() == s) {
          return c;
        }
      }
    }
    throw new ProtocolViolation(
        "speaks of a connection that it does not have, or not in that state");
  }
}
