/*
 * Trusted to have a session ready before it is needed, and to start no more of them at once than the machine can.
 */
package org.twoftpd.monitor.process;

import java.io.IOException;
import java.util.ArrayDeque;
import org.twoftpd.monitor.Connection;
import org.twoftpd.monitor.EventLoop;
import org.twoftpd.monitor.login.Login;
import org.twoftpd.shared.log.Event;

/** Spare sessions, and the logins that wait for one. First come, first served. */
final class SparePool {
  private static final long RETRY_MILLIS = 1000;
  private static final long QUIET_MILLIS = 100;
  private static final long WAIT_MILLIS = 60_000;

  private final EventLoop loop;
  private final Layout layout;
  private final SessionProcess.Keeper keeper;
  private final Reporter reporter;
  private final int target;
  private final int startingMost = Math.max(2, Runtime.getRuntime().availableProcessors());
  private final ArrayDeque<SessionProcess> idle = new ArrayDeque<>();
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private int starting;
  private boolean pausing;
  private boolean quiet;
  private boolean waitingForQuiet;
  private long lastServed;

  private static final class Waiting {
    final Login login;
    EventLoop.Timer patience;

    Waiting(Login login) {
      this.login = login;
    }
  }

  /** Says what went wrong. */
  interface Reporter {
    /** A spare could not be started, or ended before it had a login. */
    void spareFailed(String why);

    /** A login waited for a session in vain. */
    void gaveUp(Login login);
  }

  /**
   * @param target how many spares there should be
   */
  SparePool(
      EventLoop loop, Layout layout, SessionProcess.Keeper keeper, Reporter reporter, int target) {
    this.loop = loop;
    this.layout = layout;
    this.keeper = keeper;
    this.reporter = reporter;
    this.target = target;
  }

  /**
   * Starts what is missing. While there are spares enough, that waits for a quiet moment: a
   * starting virtual machine takes a processor away from the logins that the spares are for.
   */
  void refill() {
    if (waiting.isEmpty() && idle.size() + starting > target / 4 && !quiet) {
      if (!waitingForQuiet) {
        waitingForQuiet = true;
        loop.after(QUIET_MILLIS, this::quietNow);
      }
      return;
    }
    int most = waiting.isEmpty() ? Math.max(1, startingMost / 2) : startingMost;
    while (!pausing && starting < most && idle.size() + starting < target + waiting.size()) {
      try {
        SessionProcess.start(loop, layout, keeper);
        starting++;
      } catch (IOException e) {
        failed("cannot start a process: " + e.getMessage());
      }
    }
  }

  /** No login has come since this was arranged, or else another moment is waited for. */
  private void quietNow() {
    waitingForQuiet = false;
    quiet = System.nanoTime() - lastServed >= QUIET_MILLIS * 1_000_000;
    refill();
    quiet = false;
  }

  /** A spare has loaded. */
  void ready(SessionProcess session) {
    starting--;
    Waiting w = waiting.poll();
    if (w == null) {
      idle.add(session);
    } else {
      w.patience.cancel();
      session.assign(w.login, loop);
    }
    refill();
  }

  /** Gives the login a session, now or when there is one. */
  void serve(Login login) {
    lastServed = System.nanoTime();
    SessionProcess session = idle.poll();
    if (session != null) {
      session.assign(login, loop);
    } else {
      Waiting w = new Waiting(login);
      waiting.add(w);
      login.connection().become(Connection.State.WAITING);
      w.patience = loop.after(WAIT_MILLIS, () -> giveUp(w));
    }
    refill();
  }

  private void giveUp(Waiting w) {
    if (waiting.remove(w)) {
      reporter.gaveUp(w.login);
    }
  }

  /** A spare has ended without a login. */
  void lost(SessionProcess session) {
    if (!idle.remove(session)) {
      starting--;
    }
    failed("ended with " + Event.status(session.status()));
  }

  private void failed(String why) {
    reporter.spareFailed(why);
    if (!pausing) {
      // Whatever it is will be the same in a moment; trying without a pause would only fill the
      // log.
      pausing = true;
      loop.after(RETRY_MILLIS, this::resume);
    }
  }

  private void resume() {
    pausing = false;
    refill();
  }
}
