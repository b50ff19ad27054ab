/*
 * Trusted with nothing: names for the ways in which a login is refused.  What the client hears is the gate's to say, and
 * is the same for an unknown user and a wrong password.
 */
package org.twoftpd.shared.wire;

/** Why there is no session for a client. The order is the number on the wire. */
public enum Refusal {
  /**
   * The credentials did not hold, or those of an account did that no session can be had for, which
   * nobody is to learn; the client may try again.
   */
  AGAIN,
  /** The same, and that was the last attempt. */
  LAST,
  /** The account has as many sessions as it may have. */
  TOO_MANY,
  /** Nobody could be asked just now; that says nothing about the credentials. */
  BUSY
}
