/*
 * Trusted to say which user a line is about, and to keep one user's lines from costing another's.
 */
package org.twoftpd.monitor.sessions;

import java.nio.charset.StandardCharsets;
import org.twoftpd.monitor.client.Connection;
import org.twoftpd.monitor.limits.LogBudget;
import org.twoftpd.monitor.login.Login;
import org.twoftpd.shared.log.ClientEvent;
import org.twoftpd.shared.log.Event;
import org.twoftpd.shared.log.Journal;
import org.twoftpd.shared.log.ProcessEvent;
import org.twoftpd.shared.log.ServiceEvent;
import org.twoftpd.shared.log.SessionEvent;
import org.twoftpd.shared.log.Share;
import org.twoftpd.shared.log.TransferWriter;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.wire.SessionMessage;
import org.twoftpd.shared.wire.SessionReport;
import org.twoftpd.shared.wire.TlsMessage;

/** What is logged of sessions, from the wait for one to its end. */
final class SessionLog {
  private static final byte[] NO_SESSION =
      "no session process within a minute".getBytes(StandardCharsets.US_ASCII);

  /**
   * What sessions may have logged in a second: all of them, those of one user, and when the others
   * leave nothing those of one user who comes seldom and of all such users. It is more than the
   * fastest client with the smallest files makes of it, and few enough for the log.
   */
  private static final int ALL_PER_SECOND = 10_000;

  private static final int USER_PER_SECOND = 5000;
  private static final int SELDOM_USER_PER_SECOND = 100;
  private static final int SELDOM_PER_SECOND = 5000;

  private final Journal journal;
  private final TransferWriter transfers;
  private final LogBudget budget =
      new LogBudget(
          ALL_PER_SECOND,
          USER_PER_SECOND,
          SELDOM_USER_PER_SECOND,
          SELDOM_PER_SECOND,
          System.nanoTime());

  /**
   * @param transfers null when transfers have no log of their own
   */
  SessionLog(Journal journal, TransferWriter transfers) {
    this.journal = journal;
    this.transfers = transfers;
  }

  /** The log of transfers may have been given another name: a new file is begun. */
  void reopenTransferLog() {
    if (transfers != null) {
      transfers.reopen();
    }
  }

  /** True when the session's user may have a line of that size now, which counts it. */
  boolean mayLog(SessionProcess session, int size) {
    return budget.take(session.share(), size, System.nanoTime());
  }

  /** True when a log that is slow has much of the session's user waiting. */
  boolean isCrowded(SessionProcess session) {
    return journal.isCrowded(session.share())
        || transfers != null && transfers.isCrowded(session.share());
  }

  /** A login has its session. */
  void loggedIn(SessionProcess session) {
    Login l = session.login();
    write(
        session,
        new SessionEvent.Login(
            l.account().user(),
            l.connection().peer(),
            l.table(),
            l.account().uid(),
            session.pid(),
            l.millis(),
            tls(l.connection())));
  }

  private static SessionEvent.Tls tls(Connection c) {
    TlsMessage.TlsStarted t = c.tls().started();
    return t == null ? null : new SessionEvent.Tls(t.protocol(), t.suite(), t.subject());
  }

  /** A session has reported something that is worth a line. */
  void reported(SessionProcess session, SessionReport report) {
    Login l = session.login();
    write(session, ReportEvents.of(report, l.account().user(), l.connection().peer()));
    if (transfers != null && report instanceof SessionReport.Transferred t) {
      transfers.write(session.share(), ReportEvents.transfer(t, l));
    }
  }

  /** A session could not tell of so many lines. */
  void unheard(SessionProcess session, long lines) {
    Login l = session.login();
    write(
        session,
        new SessionEvent.Unheard(l.account().user(), l.connection().peer(), session.pid(), lines));
  }

  /** A session is heard more slowly, since it says more than is logged in a second. */
  void heldBack(SessionProcess session) {
    Login l = session.login();
    write(
        session,
        new SessionEvent.HeldBack(
            l.account().user(), l.connection().peer(), session.pid(), USER_PER_SECOND));
  }

  /** There is no socket with port 20 for a session. */
  void portFailed(SessionProcess session, SystemCallException why) {
    Login l = session.login();
    write(
        session,
        new SessionEvent.PortFailed(l.account().user(), l.connection().peer(), why.getMessage()));
  }

  /** A session has written a line to its descriptor 2. */
  void said(SessionProcess session, byte[] line) {
    Share whose = session.share() == null ? Share.SERVICE : session.share();
    journal.write(whose, new ProcessEvent.Stderr("session", session.pid(), line));
  }

  /** A session said something that it may not say. */
  void violated(SessionProcess session, String what) {
    journal.write(new ProcessEvent.Violation("session", session.pid(), what));
  }

  /** A session hangs. */
  void hung(SessionProcess session, String what) {
    journal.write(new ProcessEvent.Hung("session", session.pid(), what));
  }

  /** A session that had a login is gone: by its own end, before it could serve, or killed. */
  void gone(SessionProcess session) {
    Login l = session.login();
    SessionMessage.Ended e = session.ended();
    if (e != null) {
      write(
          session,
          new SessionEvent.End(
              l.account().user(),
              l.connection().peer(),
              e.reason(),
              e.bytesIn(),
              e.bytesOut(),
              l.millis() / 1000));
    } else if (session.unable() != null) {
      write(
          session,
          new SessionEvent.SessionFailed(
              l.account().user(), l.connection().peer(), session.unable()));
    } else {
      write(
          session,
          new SessionEvent.SessionDied(
              l.account().user(), l.connection().peer(), session.pid(), session.status()));
    }
  }

  private void write(SessionProcess session, Event event) {
    journal.write(session.share(), event);
  }

  /** A login is refused because so many wait for a session that it would wait in vain. */
  void tooManyWait(Login login) {
    Connection c = login.connection();
    journal.write(
        login.share(), new ClientEvent.Refused(c.peer(), login.account().user(), "SPAWN_RATE"));
  }

  /** A login has waited for a session in vain. */
  void waitedInVain(Login login) {
    journal.write(
        login.share(),
        new SessionEvent.SessionFailed(
            login.account().user(), login.connection().peer(), NO_SESSION));
  }

  /** A spare could not be started, or ended before it had a login. */
  void spareFailed(String why) {
    journal.write(new ProcessEvent.SpareFailed(why));
  }

  /** Logins wait because no more sessions may be started in a second. */
  void rateReached(int perSecond, int loginsThatWait) {
    journal.write(new ServiceEvent.SpawnRate(perSecond, loginsThatWait));
  }
}
