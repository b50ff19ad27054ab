package org.twoftpd.session.tls;

/** Is told of data connections whose handshake is not as it should be. */
public interface HandshakeWatcher {
  /**
   * One is refused, or served though it did not resume the control connection's session.
   *
   * @param connection the monitor's number for the client
   * @param served whether it is served
   * @param reason printable ASCII, 200 characters at most
   */
  void noticeHandshake(long connection, boolean served, String reason);
}
