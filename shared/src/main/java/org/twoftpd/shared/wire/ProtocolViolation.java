package org.twoftpd.shared.wire;

/**
 * Says that a peer sent a message that is not in the protocol, or is not allowed now. Whoever
 * catches it ends that peer.
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
