package org.twoftpd.shared.wire;

import java.util.Arrays;
import org.twoftpd.shared.config.AnonymousMode;
import org.twoftpd.shared.os.Endpoint;

/**
 * What monitor and gate say to each other. A connection is named by the number that the monitor
 * gave it in {@link Connected}.
 */
public sealed interface GateMessage extends Message {
  /**
   * Monitor to gate, once, first: how to confine itself.
   *
   * @param uid the account of the gate, not 0
   * @param gid its group, not 0
   * @param root the empty directory that becomes its root
   * @param clients how many descriptors it has at a time for its clients, at most
   * @param tls whether it is to be ready for TLS, which it cannot become later
   */
  record Setup(int uid, int gid, byte[] root, int clients, boolean tls) implements GateMessage {
    @Override
    public MessageType type() {
      return MessageType.GATE_SETUP;
    }
  }

  /**
   * Monitor to gate, before the first client and whenever the settings have changed: how to talk to
   * clients that come from now on.
   *
   * @param banner lines before the greeting, separated by LF
   * @param loginSeconds from connect to login
   * @param idleSeconds without a command
   * @param anonymous who is to be handed to an anonymous session
   * @param logRequests whether the gate reports every command
   * @param logReplies whether the gate reports every reply
   */
  record Options(
      byte[] banner,
      int loginSeconds,
      int idleSeconds,
      AnonymousMode anonymous,
      boolean logRequests,
      boolean logReplies)
      implements GateMessage {
    @Override
    public MessageType type() {
      return MessageType.GATE_OPTIONS;
    }
  }

  /** Gate to monitor, once: it is confined and waits for clients. */
  record Ready() implements GateMessage {
    @Override
    public MessageType type() {
      return MessageType.GATE_READY;
    }
  }

  /**
   * Monitor to gate, with the client's descriptor: a client to talk to.
   *
   * @param overTls whether it begins with TLS instead of a greeting
   */
  record Connected(long connection, Endpoint peer, Endpoint local, boolean overTls)
      implements GateMessage {
    @Override
    public MessageType type() {
      return MessageType.CONNECTED;
    }
  }

  /**
   * Gate to monitor: what a client gave as user and password. A connection has one request at a
   * time; the gate reads no more of the client until the answer has come.
   *
   * @param unread what the client has sent behind its PASS, for the session to begin with
   */
  record LoginRequest(long connection, byte[] user, byte[] password, byte[] unread)
      implements GateMessage {
    /** Overwrites the password. */
    public void wipe() {
      Arrays.fill(password, (byte) 0);
    }

    @Override
    public MessageType type() {
      return MessageType.LOGIN_REQUEST;
    }
  }

  /**
   * Gate to monitor: a client wants the anonymous service.
   *
   * @param answersPassword whether the session first answers a PASS; else the client has used a
   *     verb that is not the gate's, and the session is to carry it out
   * @param unread what the session begins with, that verb's line included
   */
  record AnonymousRequest(long connection, boolean answersPassword, byte[] unread)
      implements GateMessage {
    @Override
    public MessageType type() {
      return MessageType.ANONYMOUS_REQUEST;
    }
  }

  /** Monitor to gate: the client gets no session, and what the gate is to tell it. */
  record LoginRefused(long connection, Refusal refusal) implements GateMessage {
    @Override
    public MessageType type() {
      return MessageType.LOGIN_REFUSED;
    }
  }

  /** Monitor to gate: a session has the client, and the gate closes its descriptor. */
  record LoginGranted(long connection) implements GateMessage {
    @Override
    public MessageType type() {
      return MessageType.LOGIN_GRANTED;
    }
  }

  /** Gate to monitor: the connection is over without a login. */
  record HungUp(long connection, EndReason reason) implements GateMessage {
    @Override
    public MessageType type() {
      return MessageType.HUNG_UP;
    }
  }

  /**
   * Gate to monitor, where the options want it: a command that a client gave, for the log.
   *
   * @param text without a parameter that is secret
   */
  record RequestLine(long connection, byte[] text) implements GateMessage {
    @Override
    public MessageType type() {
      return MessageType.GATE_REQUEST_LINE;
    }
  }

  /** Gate to monitor, where the options want it: a reply that a client got, for the log. */
  record ReplyLine(long connection, byte[] text) implements GateMessage {
    @Override
    public MessageType type() {
      return MessageType.GATE_REPLY_LINE;
    }
  }

  /** Monitor to gate: is it alive? The next question waits for the answer to the last. */
  record Ping() implements GateMessage {
    @Override
    public MessageType type() {
      return MessageType.GATE_PING;
    }
  }

  /** Gate to monitor, once for each {@link Ping}: its dialogues have their turn. */
  record Pong() implements GateMessage {
    @Override
    public MessageType type() {
      return MessageType.GATE_PONG;
    }
  }
}
