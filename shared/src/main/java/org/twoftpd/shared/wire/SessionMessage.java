package org.twoftpd.shared.wire;

import org.twoftpd.shared.config.SessionOptions;
import org.twoftpd.shared.config.Table;
import org.twoftpd.shared.os.Endpoint;

/** What monitor and session say to each other. */
public sealed interface SessionMessage extends Message
    permits SessionMessage.SpareReady,
        SessionMessage.Assignment,
        SessionMessage.SessionLine,
        SessionMessage.Serving,
        SessionMessage.Unable,
        SessionMessage.Unheard,
        SessionMessage.PortRequest,
        SessionMessage.PortGranted,
        SessionMessage.PortRefused,
        SessionMessage.Ping,
        SessionMessage.Pong,
        SessionMessage.Ended,
        SessionReport {
  /** Session to monitor, once: everything is loaded. */
  record SpareReady() implements SessionMessage {
    @Override
    public MessageType type() {
      return MessageType.SPARE_READY;
    }
  }

  /**
   * Monitor to session, once, with the client's descriptor: the login that it serves.
   *
   * @param user the name for the log and for listings
   * @param group the name of the group for listings
   * @param uid not 0
   * @param gid not 0
   * @param groups supplementary groups, none 0
   * @param home an absolute path
   * @param answersPassword whether the client waits for the answer to its PASS
   * @param unread what the client has sent already
   * @param tls 0 for a plain connection; else the bits of {@link TransferLine}
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
      byte[] unread,
      int tls)
      implements SessionMessage {
    @Override
    public MessageType type() {
      return MessageType.ASSIGNMENT;
    }
  }

  /** Session to monitor, once: it is confined, and serves its client from now on. */
  record Serving() implements SessionMessage {
    @Override
    public MessageType type() {
      return MessageType.SERVING;
    }
  }

  /** Session to monitor, instead of {@link Serving}: why it could not confine itself. */
  record Unable(byte[] reason) implements SessionMessage {
    @Override
    public MessageType type() {
      return MessageType.UNABLE;
    }
  }

  /**
   * Session to monitor: so many reports found no room on the way, and are lost.
   *
   * @param lines at least 1
   */
  record Unheard(long lines) implements SessionMessage {
    @Override
    public MessageType type() {
      return MessageType.UNHEARD;
    }
  }

  /** Session to monitor: it wants a socket bound to port 20. It asks for one at a time. */
  record PortRequest() implements SessionMessage {
    @Override
    public MessageType type() {
      return MessageType.PORT_REQUEST;
    }
  }

  /** Monitor to session, with a descriptor: a socket bound to the local address and port 20. */
  record PortGranted() implements SessionMessage {
    @Override
    public MessageType type() {
      return MessageType.PORT_GRANTED;
    }
  }

  /** Monitor to session: no socket for the last {@link PortRequest}. */
  record PortRefused() implements SessionMessage {
    @Override
    public MessageType type() {
      return MessageType.PORT_REFUSED;
    }
  }

  /** Monitor to session: is it alive? The next question waits for the answer to the last. */
  record Ping() implements SessionMessage {
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
  record Pong(boolean moved) implements SessionMessage {
    @Override
    public MessageType type() {
      return MessageType.PONG;
    }
  }

  /** Session to monitor, last: how it ended and how many bytes of files came in and went out. */
  record Ended(EndReason reason, long bytesIn, long bytesOut) implements SessionMessage {
    @Override
    public MessageType type() {
      return MessageType.ENDED;
    }
  }

  /** Monitor to session, with a descriptor, before {@link Assignment}: for {@link TransferLine}. */
  record SessionLine() implements SessionMessage {
    @Override
    public MessageType type() {
      return MessageType.SESSION_LINE;
    }
  }
}
