package org.twoftpd.monitor.sessions;

import org.twoftpd.monitor.process.Child;
import org.twoftpd.shared.config.SessionOption;
import org.twoftpd.shared.log.Event;
import org.twoftpd.shared.wire.ProtocolViolation;
import org.twoftpd.shared.wire.SessionMessage;
import org.twoftpd.shared.wire.SessionReport;

/**
 * What one session tells of its doings, and how fast it is heard. Nothing is thrown away: where too
 * much is to be logged, the session's messages wait, and what it does waits with them.
 */
final class SessionActivity {
  /** A session that has too much logged is not heard for so long. */
  private static final long PAUSE_MILLIS = 20;

  /**
   * What follows something so soon is logged so much later: to be woken for each of a thousand
   * small files costs a session, and its client, more than the line does.
   */
  private static final long GATHER_MILLIS = 5;

  private final SessionProcess session;
  private final Child child;
  private final SessionLog log;
  private long lastAt = System.nanoTime() - GATHER_MILLIS * 1_000_000;
  private boolean heldBack;

  SessionActivity(SessionProcess session, Child child, SessionLog log) {
    this.session = session;
    this.child = child;
    this.log = log;
  }

  /** Handles a report of something that is worth a line. */
  void handleReport(SessionReport report) {
    log.reported(session, report);
    long now = System.nanoTime();
    boolean soon = now - lastAt < GATHER_MILLIS * 1_000_000;
    lastAt = now;
    int size = Event.SMALL + report.length();
    // A session that asks for port 20 waits for the answer, so it is heard at once.
    if (!holdBack(size) && soon && session.login().options().get(SessionOption.BIND_PORT) == 0) {
      child.gather(GATHER_MILLIS);
    }
  }

  /** Handles a message about lines that the session could not tell of. */
  void handleUnheard(SessionMessage.Unheard m) throws ProtocolViolation {
    if (m.lines() <= 0) {
      throw new ProtocolViolation("was unheard " + m.lines() + " times");
    }
    log.unheard(session, m.lines());
    boolean _ = holdBack(Event.SMALL);
  }

  /**
   * Counts a line of that size, and hears no more of the session for a moment when there are too
   * many.
   *
   * @return whether there are too many
   */
  boolean holdBack(int size) {
    boolean tooMuch = !log.mayLog(session, size);
    if (!tooMuch && !log.isCrowded(session)) {
      return false;
    }
    child.pause(PAUSE_MILLIS);
    if (tooMuch && !heldBack) {
      heldBack = true;
      log.heldBack(session);
    }
    return true;
  }
}
