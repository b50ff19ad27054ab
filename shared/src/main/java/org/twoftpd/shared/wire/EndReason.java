/*
 * Trusted with nothing: names for the ways in which a connection ends.
 */
package org.twoftpd.shared.wire;

/** Why a control connection ended. The order is the number on the wire. */
public enum EndReason {
  /** The client said QUIT. */
  QUIT,
  /** The client closed the connection, or it broke. */
  CLOSED,
  /** No command within TIMEOUT. */
  IDLE,
  /** No login within AUTH_TIMEOUT. */
  LOGIN_TIMEOUT,
  /** The session lasted longer than SESSION_TIMEOUT. */
  SESSION_TIMEOUT,
  /** Too many failed logins. */
  ATTEMPTS,
  /** The client did not take our replies. */
  STALLED,
  /** The client spoke another protocol, or nonsense. */
  NOT_FTP,
  /** The service said so. */
  ENDED_BY_SERVICE,
  /** Something failed here. */
  FAILED,
  /** The client said very much before a login, and did not log in. */
  NO_LOGIN
}
