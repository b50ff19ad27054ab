/*
 * Trusted with nothing: the messages as values.  Everything that one process can make another do is in this file.
 */
package org.twoftpd.shared.wire;

import java.util.Arrays;
import org.twoftpd.shared.config.AnonymousMode;
import org.twoftpd.shared.config.SessionOptions;
import org.twoftpd.shared.config.Table;
import org.twoftpd.shared.os.Endpoint;

/** One message between the monitor and a gate or a session. */
public sealed interface Message {
  /** Which kind it is. */
  MessageType type();

  /**
   * Monitor to gate, once, first: how to confine itself.
   *
   * @param uid the account of the gate, not 0
   * @param gid its group, not 0
   * @param root the empty directory that becomes its root
   * @param clients how many there are at a time, at most
   */
  record GateOrders(int uid, int gid, byte[] root, int clients) implements Message {
    @Override
    public MessageType type() {
      return MessageType.GATE_ORDERS;
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
   * @param logRequests whether every command is reported
   * @param logReplies whether every reply is reported
   */
  record GateTerms(
      byte[] banner,
      int loginSeconds,
      int idleSeconds,
      AnonymousMode anonymous,
      boolean logRequests,
      boolean logReplies)
      implements Message {
    @Override
    public MessageType type() {
      return MessageType.GATE_TERMS;
    }
  }

  /** Gate to monitor, once: it is confined and listens. */
  record GateReady() implements Message {
    @Override
    public MessageType type() {
      return MessageType.GATE_READY;
    }
  }

  /** Monitor to gate, with the client's descriptor: a client to talk to. */
  record Connected(long connection, Endpoint peer, Endpoint local) implements Message {
    @Override
    public MessageType type() {
      return MessageType.CONNECTED;
    }
  }

  /**
   * Gate to monitor: what a client gave as user and password. One at a time for each connection;
   * the gate reads no more of the client until the answer.
   *
   * @param unread what the client has sent behind its PASS, for the session to begin with
   */
  record LoginRequest(long connection, byte[] user, byte[] password, byte[] unread)
      implements Message {
    @Override
    public MessageType type() {
      return MessageType.LOGIN_REQUEST;
    }

    /** Overwrites the password. */
    public void wipe() {
      Arrays.fill(password, (byte) 0);
    }
  }

  /**
   * Gate to monitor: a client wants the anonymous service.
   *
   * @param answersPassword whether the session's first word is the answer to a PASS; else the
   *     client has used a verb that is not the gate's, and the session is to carry it out
   * @param unread what the session begins with, that verb's line included
   */
  record AnonymousRequest(long connection, boolean answersPassword, byte[] unread)
      implements Message {
    @Override
    public MessageType type() {
      return MessageType.ANONYMOUS_REQUEST;
    }
  }

  /** Monitor to gate: no, and what that means for the client. */
  record LoginRefused(long connection, Refusal refusal) implements Message {
    @Override
    public MessageType type() {
      return MessageType.LOGIN_REFUSED;
    }
  }

  /** Monitor to gate: yes; a session has the client, and the gate is to close its descriptor. */
  record LoginGranted(long connection) implements Message {
    @Override
    public MessageType type() {
      return MessageType.LOGIN_GRANTED;
    }
  }

  /** Gate to monitor: the connection is over without a login. */
  record HungUp(long connection, HangUp reason) implements Message {
    @Override
    public MessageType type() {
      return MessageType.HUNG_UP;
    }
  }

  /**
   * Gate to monitor, where the terms want it: a command or a reply of a dialogue, for the log.
   *
   * @param deed REQUEST or REPLY
   * @param text without a parameter that is secret
   */
  record DialogueLine(long connection, Deed deed, byte[] text) implements Message {
    @Override
    public MessageType type() {
      return MessageType.DIALOGUE_LINE;
    }
  }

  /** Monitor to gate: is it alive? One question at a time. */
  record GatePing() implements Message {
    @Override
    public MessageType type() {
      return MessageType.GATE_PING;
    }
  }

  /** Gate to monitor, once for each {@link GatePing}: its dialogues have their turn. */
  record GatePong() implements Message {
    @Override
    public MessageType type() {
      return MessageType.GATE_PONG;
    }
  }

  /** Session to monitor, once: everything is loaded. */
  record SpareReady() implements Message {
    @Override
    public MessageType type() {
      return MessageType.SPARE_READY;
    }
  }

  /**
   * Monitor to session, once, with the client's descriptor.
   *
   * @param user the name for the log and for listings
   * @param group the name of the group for listings
   * @param uid not 0
   * @param gid not 0
   * @param groups supplementary groups, none 0
   * @param home an absolute path
   * @param answersPassword whether the client waits for the answer to its PASS
   * @param unread what the client has sent already
   */
  record Assignment(
      byte[] user,
      byte[] group,
      int uid,
      int gid,
      int[] groups,
      byte[] home,
      Table table,
      SessionOptions options,
      Endpoint peer,
      Endpoint local,
      boolean answersPassword,
      byte[] unread)
      implements Message {
    @Override
    public MessageType type() {
      return MessageType.ASSIGNMENT;
    }
  }

  /** Session to monitor, once: it is confined and answers 230 next. */
  record Serving() implements Message {
    @Override
    public MessageType type() {
      return MessageType.SERVING;
    }
  }

  /**
   * Session to monitor: something worth a line in the log.
   *
   * @param path in the session's own view; for a command or a reply, its text
   * @param target the second path of a rename, else empty
   * @param ascii of a transfer, whether its type was ASCII
   * @param reason of a transfer that failed, why, at most {@link MessageType.Limits#REASON} bytes;
   *     else empty
   */
  record Activity(
      Deed deed,
      boolean succeeded,
      byte[] path,
      byte[] target,
      long bytes,
      long millis,
      boolean ascii,
      byte[] reason)
      implements Message {
    @Override
    public MessageType type() {
      return MessageType.ACTIVITY;
    }
  }

  /**
   * Session to monitor: so much was worth a line, and there was no room to tell it.
   *
   * @param lines at least 1
   */
  record Unheard(long lines) implements Message {
    @Override
    public MessageType type() {
      return MessageType.UNHEARD;
    }
  }

  /** Session to monitor: a socket bound to port 20 is wanted. One at a time. */
  record PortRequest() implements Message {
    @Override
    public MessageType type() {
      return MessageType.PORT_REQUEST;
    }
  }

  /** Monitor to session, with a descriptor: a socket bound to the local address and port 20. */
  record PortGranted() implements Message {
    @Override
    public MessageType type() {
      return MessageType.PORT_GRANTED;
    }
  }

  /** Monitor to session: there is none. */
  record PortRefused() implements Message {
    @Override
    public MessageType type() {
      return MessageType.PORT_REFUSED;
    }
  }

  /** Monitor to session: is it alive? One question at a time. */
  record Ping() implements Message {
    @Override
    public MessageType type() {
      return MessageType.PING;
    }
  }

  /**
   * Session to monitor, once for each {@link Ping}, when it next waits for its client.
   *
   * @param moved whether a command or a byte of a file has moved since the last answer
   */
  record Pong(boolean moved) implements Message {
    @Override
    public MessageType type() {
      return MessageType.PONG;
    }
  }

  /** Session to monitor, last: how it ended and how many bytes of files came in and went out. */
  record Ended(HangUp reason, long bytesIn, long bytesOut) implements Message {
    @Override
    public MessageType type() {
      return MessageType.ENDED;
    }
  }

  /** Session to monitor, instead of {@link Serving}: why it could not confine itself. */
  record Unable(byte[] reason) implements Message {
    @Override
    public MessageType type() {
      return MessageType.UNABLE;
    }
  }
}
