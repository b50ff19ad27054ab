package org.twoftpd.session.control;

import org.twoftpd.shared.wire.EndReason;

/**
 * Says that the control connection is over, and why. It records no stack trace, because the end of
 * a connection is an ordinary event and a trace would cost time.
 */
public final class ConnectionEnded extends Exception {
  private static final long serialVersionUID = 1L;

  private final EndReason reason;

  /**
   * @param reason what ended the connection
   */
  public ConnectionEnded(EndReason reason) {
    super(reason.name(), null, false, false);
    this.reason = reason;
  }

  /** Returns what ended the connection. */
  public EndReason reason() {
    return reason;
  }
}
