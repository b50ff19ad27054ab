/*
 * Trusted with nothing: says that a peer broke the message protocol.  Whoever catches it ends that peer.
 */
package org.twoftpd.shared.wire;

/**
 * A message that is not in the protocol, or not now. The peer that sent it must not be listened to
 * again.
 */
public final class ProtocolViolation extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what was wrong, in words of our own: never bytes that came from the peer
   */
  public ProtocolViolation(String message) {
    super(message, null, false, false);
  }
}
