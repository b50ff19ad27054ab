/*
 * Trusted with nothing: what a session said it did, as a line for the log.  A session is a user's, so the line says who
 * claims it.
 */
package org.twoftpd.monitor.sessions;

import java.time.Instant;
import org.twoftpd.monitor.login.Login;
import org.twoftpd.shared.log.Event;
import org.twoftpd.shared.log.TransferLog;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.wire.Deed;
import org.twoftpd.shared.wire.Message;

/** From messages to log lines. */
final class ActivityEvents {
  private ActivityEvents() {}

  /** For the log of transfers. */
  static TransferLog.Entry transfer(Message.Activity a, Login l) {
    return new TransferLog.Entry(
        Instant.now(),
        a.millis(),
        l.connection().peer(),
        a.bytes(),
        a.path(),
        a.ascii(),
        a.deed() == Deed.UPLOAD,
        l.anonymous(),
        l.account().user(),
        a.succeeded());
  }

  static Event of(Message.Activity a, byte[] user, Endpoint peer) {
    return switch (a.deed()) {
      case UPLOAD, DOWNLOAD, DELETE, RENAME, MKDIR, RMDIR, CHMOD ->
          new Event.Done(
              a.deed(),
              a.succeeded(),
              user,
              peer,
              a.path(),
              a.target(),
              a.bytes(),
              a.millis(),
              a.reason());
      case REQUEST, REPLY -> new Event.Said(a.deed(), user, peer, a.path());
      case FOREIGN_DATA_CONNECTION, NO_PASSIVE_PORT ->
          new Event.DataWarning(a.deed(), user, peer, a.path());
    };
  }
}
