package org.twoftpd.shared.wire;

/** Why a control connection ended. The place of a value is its number on the wire. */
public enum EndReason {
  /** The client said QUIT. */
  QUIT,
  /** The client closed the connection, or it broke. */
  CLOSED,
  /** The client gave no command within TIMEOUT. */
  IDLE,
  /** The client did not log in within AUTH_TIMEOUT. */
  LOGIN_TIMEOUT,
  /** The session lasted longer than SESSION_TIMEOUT. */
  SESSION_TIMEOUT,
  /** The client used up its attempts to log in. */
  ATTEMPTS,
  /** The client did not take our replies. */
  STALLED,
  /** The client spoke another protocol, or nonsense. */
  NOT_FTP,
  /** The service ended it. */
  ENDED_BY_SERVICE,
  /** Something failed here. */
  FAILED,
  /** The client sent very much before a login, and did not log in. */
  NO_LOGIN,
  /** The handshake of TLS did not come to its end. */
  TLS_FAILED,
  /** The client's ticket runs out, and without it no data connection is let in (TLS_REUSE). */
  TLS_EXPIRED
}
