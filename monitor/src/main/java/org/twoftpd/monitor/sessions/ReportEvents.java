package org.twoftpd.monitor.sessions;

import java.time.Instant;
import org.twoftpd.monitor.login.Login;
import org.twoftpd.shared.log.Event;
import org.twoftpd.shared.log.SessionEvent;
import org.twoftpd.shared.log.TransferLog;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.wire.SessionReport;

/**
 * What a session reports, as lines for the logs. A session is a user's, so each line says who
 * claims it.
 */
final class ReportEvents {
  private ReportEvents() {}

  /** For the log of transfers. */
  static TransferLog.Entry transfer(SessionReport.Transferred t, Login l) {
    return new TransferLog.Entry(
        Instant.now(),
        t.millis(),
        l.connection().peer(),
        t.bytes(),
        t.path(),
        t.ascii(),
        t.upload(),
        l.anonymous(),
        l.account().user(),
        t.succeeded());
  }

  static Event of(SessionReport report, byte[] user, Endpoint peer) {
    return switch (report) {
      case SessionReport.Transferred t -> new SessionEvent.Transferred(t, user, peer);
      case SessionReport.Change c -> new SessionEvent.Changed(c, user, peer);
      case SessionReport.RequestLine r -> new SessionEvent.Requested(user, peer, r.text());
      case SessionReport.ReplyLine r -> new SessionEvent.Replied(user, peer, r.text());
      case SessionReport.ForeignDataConnection f ->
          new SessionEvent.ForeignDataConnection(user, peer, f.from());
      case SessionReport.NoPassivePort _ -> new SessionEvent.NoPassivePort(user, peer);
    };
  }
}
