package org.twoftpd.shared.wire;

/**
 * Why a client gets no session. The gate chooses the words for the client, and they are the same
 * for an unknown user and a wrong password. The place of a value is its number on the wire.
 */
public enum Refusal {
  /**
   * The credentials are wrong, or they are right and their account may have no session, which the
   * client is not to learn. It may try again.
   */
  AGAIN,
  /** As {@link #AGAIN}, but the client has used up its attempts. */
  LAST,
  /** The account has as many sessions as it may have. */
  TOO_MANY,
  /** The credentials could not be checked just now. */
  BUSY
}
