package org.twoftpd.session.gate;

import org.twoftpd.session.control.ConnectionEnded;
import org.twoftpd.session.control.ControlConnection;
import org.twoftpd.shared.wire.EndReason;
import org.twoftpd.shared.wire.Refusal;

/** What a client is told that may not log in, or whose connection ends. */
final class Goodbye {
  private Goodbye() {}

  /** Says why the connection ends, to a client that may still hear it. */
  static void say(ControlConnection control, EndReason reason) {
    try {
      switch (reason) {
        case LOGIN_TIMEOUT -> control.reply(421, "No login within the time allowed. Goodbye.");
        case IDLE -> control.reply(421, "Idle for too long. Goodbye.");
        case ATTEMPTS -> control.reply(421, "Too many failed logins. Goodbye.");
        case NO_LOGIN -> control.reply(421, "Too many commands without a login. Goodbye.");
        case NOT_FTP -> control.reply(421, "This is an FTP server. Goodbye.");
        case TLS_FAILED -> {
          return;
        }
        case QUIT, CLOSED, SESSION_TIMEOUT, STALLED, ENDED_BY_SERVICE, FAILED, TLS_EXPIRED -> {}
      }
      control.flush();
      control.discardInput();
    } catch (ConnectionEnded e) {
      // The client has gone, so it cannot read the goodbye.
    }
  }

  /**
   * Answers a login that the monitor has refused.
   *
   * @throws ConnectionEnded when the client may not try again
   */
  static void refuseLogin(ControlConnection control, Refusal refusal) throws ConnectionEnded {
    switch (refusal) {
      case AGAIN -> control.reply(530, "Not logged in.");
      case LAST -> {
        control.reply(530, "Not logged in.");
        throw new ConnectionEnded(EndReason.ATTEMPTS);
      }
      case BUSY -> {
        control.reply(421, "The service is too busy. Try again later.");
        throw new ConnectionEnded(EndReason.FAILED);
      }
      case TOO_MANY -> {
        control.reply(421, "Too many sessions of this account (MAX_PER_USER). Try again later.");
        throw new ConnectionEnded(EndReason.FAILED);
      }
    }
  }
}
