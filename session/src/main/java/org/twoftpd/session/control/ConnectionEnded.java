/*
 * Trusted with nothing: says that there is nobody to talk to any more, and why.
 */
package org.twoftpd.session.control;

import org.twoftpd.shared.wire.EndReason;

/** The control connection is over. */
public final class ConnectionEnded extends Exception {
  private static final long serialVersionUID = 1L;

  private final EndReason reason;

  /**
   * @param reason what ended it
   */
  public ConnectionEnded(EndReason reason) {
    super(reason.name(), null, false, false);
    this.reason = reason;
  }

  /** What ended it. */
  public EndReason reason() {
    return reason;
  }
}
