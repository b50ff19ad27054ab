/*
 * Trusted to have a session ready before it is needed, to start no more of them at once than the machine can, and to
 * share them fairly.
 */
package org.twoftpd.monitor.sessions;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.twoftpd.monitor.client.Connection;
import org.twoftpd.monitor.limits.TokenBucket;
import org.twoftpd.monitor.login.Login;
import org.twoftpd.monitor.loop.EventLoop;
import org.twoftpd.monitor.process.ChildCommands;
import org.twoftpd.shared.log.Event;

/** Spare sessions, and the logins that wait for one. */
final class SparePool {
  private static final long RETRY_MILLIS = 1000;
  private static final long QUIET_MILLIS = 100;
  private static final long WAIT_MILLIS = 60_000;

  /** More than can be started in this time would wait in vain; what is left is for their start. */
  private static final int QUEUE_SECONDS = 50;

  private static final long TELL_NANOS = 10_000_000_000L;

  /** Who has had no more than this lately comes seldom. */
  private static final double SELDOM = 2;

  /** So does who has had no more than this part of what all together have had. */
  private static final double SMALL_PART = 0.05;

  /** Many come when all together have lately had so many times what there is of spares. */
  private static final int BUSY = 4;

  private final EventLoop loop;
  private final ChildCommands layout;
  private final SessionProcess.Keeper keeper;
  private final Reporter reporter;
  private final Set<SessionProcess> retired = new HashSet<>();
  private final int startingMost = Math.max(2, Runtime.getRuntime().availableProcessors());
  private final ArrayDeque<SessionProcess> idle = new ArrayDeque<>();
  private final RecentUse use = new RecentUse();
  private final FairQueue<Waiting> waiting = new FairQueue<>(use);
  private final StartCost cost = new StartCost(Runtime.getRuntime().availableProcessors());
  private int starting;
  private int target;
  private int perSecond;
  private final TokenBucket rate;
  private boolean waitingForRate;
  private long toldOfRate;
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

    /** So many logins wait for a session that one more from there would wait in vain. */
    void tooManyWait(Login login);

    /** Logins wait because of the rate. */
    void rateReached(int perSecond, int loginsThatWait);
  }

  /**
   * @param target how many spares there should be
   * @param perSecond processes started in a second, at most; 0 for as many as the machine bears
   */
  SparePool(
      EventLoop loop,
      ChildCommands layout,
      SessionProcess.Keeper keeper,
      Reporter reporter,
      int target,
      int perSecond) {
    this.loop = loop;
    this.layout = layout;
    this.keeper = keeper;
    this.reporter = reporter;
    this.target = target;
    this.perSecond = perSecond;
    this.rate = new TokenBucket(currentRate(), System.nanoTime());
  }

  private int currentRate() {
    return perSecond > 0 ? perSecond : cost.perSecond();
  }

  /** Another number of spares, and another rate. */
  void use(int newTarget, int newPerSecond) {
    target = newTarget;
    perSecond = newPerSecond;
    rate.change(currentRate(), System.nanoTime());
    while (idle.size() > target) {
      retire(idle.poll());
    }
    refill();
  }

  private void retire(SessionProcess session) {
    retired.add(session);
    session.end();
  }

  /**
   * Starts what is missing. While there are spares enough, that waits for a quiet moment: a
   * starting virtual machine takes a processor away from the logins that the spares are for.
   */
  void refill() {
    serveWaiting();
    if (waiting.isEmpty() && idle.size() + starting > target / 4 && !quiet) {
      if (!waitingForQuiet) {
        waitingForQuiet = true;
        loop.after(QUIET_MILLIS, this::quietNow);
      }
      return;
    }
    int most = waiting.isEmpty() ? Math.max(1, startingMost / 2) : startingMost + 1;
    while (!pausing && starting < most && idle.size() + starting < target + waiting.size()) {
      if (!rate.take(System.nanoTime())) {
        awaitRate();
        return;
      }
      try {
        SessionProcess.start(loop, layout, keeper);
        starting++;
      } catch (IOException e) {
        failed("cannot start a process: " + e.getMessage());
      }
    }
  }

  private void awaitRate() {
    if (!waitingForRate) {
      waitingForRate = true;
      loop.after(
          rate.millisToNext(),
          () -> {
            waitingForRate = false;
            refill();
          });
    }
    long now = System.nanoTime();
    if (!waiting.isEmpty() && (toldOfRate == 0 || now - toldOfRate >= TELL_NANOS)) {
      toldOfRate = now;
      reporter.rateReached(rate.rate(), waiting.size());
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
    cost.measured(session.startNanos());
    rate.change(currentRate(), System.nanoTime());
    idle.add(session);
    serveWaiting();
    if (idle.size() > target) {
      // There were to be more when it was started.
      retire(idle.pollLast());
    }
    refill();
  }

  /** Gives those who wait what there is for them. */
  private void serveWaiting() {
    while (!waiting.isEmpty() && !idle.isEmpty()) {
      long now = System.nanoTime();
      Map.Entry<Waiting, LoginOrigin> next = waiting.next(now);
      SessionProcess session = mayHaveSpare(next.getValue(), now) ? takeSpare() : null;
      if (session == null) {
        return;
      }
      Waiting w = next.getKey();
      LoginOrigin share = next.getValue();
      waiting.remove(w);
      w.patience.cancel();
      assign(session, w.login, share, now);
    }
  }

  /** While many come, the last spares are kept for those who come seldom. */
  private boolean mayHaveSpare(LoginOrigin share, long now) {
    double all = use.ofAll(now);
    boolean busy = all > BUSY * Math.max(2, target);
    return !busy
        || idle.size() > target / 2
        || use.of(share, now) <= Math.max(SELDOM, SMALL_PART * all);
  }

  private SessionProcess takeSpare() {
    SessionProcess session = idle.poll();
    while (session != null && !session.isListening()) {
      // It has closed its line; that its process has ended is about to be seen.
      session = idle.poll();
    }
    return session;
  }

  private void assign(SessionProcess session, Login login, LoginOrigin share, long now) {
    use.count(share, now);
    session.assign(login, loop);
  }

  /** Gives the login a session, now or when there is one. */
  void serve(Login login) {
    long now = System.nanoTime();
    lastServed = now;
    LoginOrigin share = LoginOrigin.of(login);
    SessionProcess session = mayHaveSpare(share, now) ? takeSpare() : null;
    if (session != null) {
      assign(session, login, share, now);
    } else if (waiting.turnsUntil(share) > (long) rate.rate() * QUEUE_SECONDS) {
      reporter.tooManyWait(login);
    } else {
      Waiting w = new Waiting(login);
      waiting.add(w, share);
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

  /** It will end, and must not get a login until it has. */
  void discard(SessionProcess session) {
    idle.remove(session);
  }

  /** A spare has ended without a login. */
  void lost(SessionProcess session) {
    if (retired.remove(session)) {
      return;
    }
    discard(session);
    if (session.state() == SessionProcess.State.STARTING) {
      starting--;
    }
    failed(
        session.notStarted() == null
            ? "ended with " + Event.status(session.status())
            : "cannot start a process: " + session.notStarted());
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
