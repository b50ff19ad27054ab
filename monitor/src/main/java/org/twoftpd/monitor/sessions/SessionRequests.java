/*
 * Trusted with what a session may say at all, and when.  A session that says anything else is ended.
 */
package org.twoftpd.monitor.sessions;

import java.util.EnumSet;
import org.twoftpd.monitor.process.RequestTable;
import org.twoftpd.shared.wire.MessageType;
import org.twoftpd.shared.wire.SessionMessage;
import org.twoftpd.shared.wire.SessionReport;

/** The messages of a session, with the states in which each is allowed and what answers it. */
final class SessionRequests {
  private static final EnumSet<SessionProcess.State> LOADED =
      EnumSet.of(
          SessionProcess.State.IDLE, SessionProcess.State.ASSIGNED, SessionProcess.State.SERVING);
  private static final EnumSet<SessionProcess.State> STARTING =
      EnumSet.of(SessionProcess.State.STARTING);
  private static final EnumSet<SessionProcess.State> ASSIGNED =
      EnumSet.of(SessionProcess.State.ASSIGNED);

  /** The answer to the login is a reply already, where replies are logged. */
  private static final EnumSet<SessionProcess.State> ASSIGNED_OR_SERVING =
      EnumSet.of(SessionProcess.State.ASSIGNED, SessionProcess.State.SERVING);

  private static final EnumSet<SessionProcess.State> SERVING =
      EnumSet.of(SessionProcess.State.SERVING);

  /** Messages about something that is worth a line in the log. */
  private static final EnumSet<MessageType> REPORTS =
      EnumSet.of(
          MessageType.TRANSFERRED,
          MessageType.DELETED,
          MessageType.RENAMED,
          MessageType.DIRECTORY_MADE,
          MessageType.DIRECTORY_REMOVED,
          MessageType.MODE_CHANGED,
          MessageType.REQUEST_LINE,
          MessageType.REPLY_LINE,
          MessageType.FOREIGN_DATA_CONNECTION,
          MessageType.NO_PASSIVE_PORT);

  private SessionRequests() {}

  static RequestTable<SessionProcess.State> makeTable(
      SessionProcess session, SessionActivity activity) {
    return new RequestTable<SessionProcess.State>()
        .row(MessageType.SPARE_READY, STARTING, _ -> session.handleReady())
        .row(MessageType.SERVING, ASSIGNED, _ -> session.handleServing())
        .row(MessageType.UNABLE, ASSIGNED, m -> session.handleUnable((SessionMessage.Unable) m))
        .rows(REPORTS, ASSIGNED_OR_SERVING, m -> activity.handleReport((SessionReport) m))
        .row(MessageType.PONG, LOADED, m -> session.handlePong((SessionMessage.Pong) m))
        .row(
            MessageType.UNHEARD,
            ASSIGNED_OR_SERVING,
            m -> activity.handleUnheard((SessionMessage.Unheard) m))
        .row(MessageType.PORT_REQUEST, SERVING, _ -> session.handlePortRequest())
        .row(MessageType.ENDED, SERVING, m -> session.handleEnded((SessionMessage.Ended) m));
  }
}
