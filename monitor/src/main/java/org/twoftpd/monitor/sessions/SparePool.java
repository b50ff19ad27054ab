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
import org.twoftpd.monitor.login.Login;
import org.twoftpd.monitor.loop.EventLoop;
import org.twoftpd.monitor.process.ChildCommands;
import org.twoftpd.shared.log.SessionEvent;

/** Spare sessions, and the logins that wait for one. */
final class SparePool {
  private static final long RETRY_MILLIS = 1000;
  private static final long QUIET_MILLIS = 100;
  private static final long WAIT_MILLIS = 60_000;

  /** More than can be started in this time would wait in vain; what is left is for their start. */
  private static final int QUEUE_SECONDS = 50;

  private static final long TELL_NANOS = 10_000_000_000L;

  /** Whoever has had no more than this lately comes seldom. */
  private static final double SELDOM = 2;

  /** So does whoever has had no more than this part of what all together have had. */
  private static final double SMALL_PART = 0.05;

  /** Many come when all together have lately had so many times what there is of spares. */
  private static final int BUSY = 4;

  private final EventLoop loop;
  private final ChildCommands commands;
  private final SessionProcess.Keeper keeper;
  private final Waiters waiters;
  private final SessionLog log;
  private final SpawnRate rate;
  private final int mostStarting = Math.max(2, Runtime.getRuntime().availableProcessors());
  private final ArrayDeque<SessionProcess> idle = new ArrayDeque<>();

  /** Spares that were ended since there were too many. */
  private final Set<SessionProcess> retired = new HashSet<>();

  private final RecentUse use = new RecentUse();
  private final FairQueue<Waiting> waiting = new FairQueue<>(use);
  private int starting;
  private int target;
  private long rateToldAt;
  private boolean pausing;
  private boolean quiet;
  private boolean waitingForQuiet;
  private long lastLoginAt;

  private static final class Waiting {
    final Login login;
    EventLoop.Timer patience;

    Waiting(Login login) {
      this.login = login;
    }
  }

  /** Whoever answers for the logins that get no session. */
  interface Waiters {
    /** So many logins wait for a session that one more from there would wait in vain. */
    void refuseWait(Login login);

    /** A login waited for a session in vain. */
    void endWait(Login login);
  }

  /**
   * @param target how many spares there should be
   * @param perSecond processes started in a second, at most; 0 for as many as the machine bears
   */
  SparePool(
      EventLoop loop,
      ChildCommands commands,
      SessionProcess.Keeper keeper,
      Waiters waiters,
      SessionLog log,
      int target,
      int perSecond) {
    this.loop = loop;
    this.commands = commands;
    this.keeper = keeper;
    this.waiters = waiters;
    this.log = log;
    this.target = target;
    this.rate = new SpawnRate(loop, perSecond);
  }

  /** Uses another number of spares, and another rate of starts. */
  void use(int newTarget, int newPerSecond) {
    target = newTarget;
    rate.use(newPerSecond);
    while (idle.size() > target) {
      retire(idle.poll());
    }
    refill();
  }

  private void retire(SessionProcess session) {
    retired.add(session);
    session.kill();
  }

  /**
   * Starts what is missing. While there are spares enough, that waits for a quiet moment: a
   * starting virtual machine takes a processor away from the logins that the spares are for.
   */
  void refill() {
    serveWaiting();
    if (waiting.isEmpty() && idle.size() + starting > target / 4 && !quiet) {
      awaitQuietMoment();
      return;
    }
    int most = waiting.isEmpty() ? Math.max(1, mostStarting / 2) : mostStarting + 1;
    while (!pausing && starting < most && idle.size() + starting < target + waiting.size()) {
      if (!rate.takeStart()) {
        rate.awaitNext(this::refill);
        tellRate();
        return;
      }
      try {
        SessionProcess.start(loop, commands, keeper, log);
        starting++;
      } catch (IOException e) {
        pauseAfterFailure("cannot start a process: " + e.getMessage());
      }
    }
  }

  private void tellRate() {
    long now = System.nanoTime();
    if (!waiting.isEmpty() && (rateToldAt == 0 || now - rateToldAt >= TELL_NANOS)) {
      rateToldAt = now;
      log.rateReached(rate.perSecond(), waiting.size());
    }
  }

  private void awaitQuietMoment() {
    if (!waitingForQuiet) {
      waitingForQuiet = true;
      loop.runAfter(QUIET_MILLIS, this::refillIfQuiet);
    }
  }

  /** The moment is quiet if no login has come meanwhile; else another one is waited for. */
  private void refillIfQuiet() {
    waitingForQuiet = false;
    quiet = System.nanoTime() - lastLoginAt >= QUIET_MILLIS * 1_000_000;
    refill();
    quiet = false;
  }

  /** Takes a spare that has loaded. */
  void addReady(SessionProcess session) {
    starting--;
    rate.learn(session.startNanos());
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
      LoginOrigin origin = next.getValue();
      SessionProcess session = mayHaveSpare(origin, now) ? takeSpare() : null;
      if (session == null) {
        return;
      }
      Waiting w = next.getKey();
      waiting.remove(w);
      w.patience.cancel();
      assign(session, w.login, origin, now);
    }
  }

  /** While many come, the last spares are kept for those who come seldom. */
  private boolean mayHaveSpare(LoginOrigin origin, long now) {
    double all = use.ofAll(now);
    boolean busy = all > BUSY * Math.max(2, target);
    return !busy
        || idle.size() > target / 2
        || use.of(origin, now) <= Math.max(SELDOM, SMALL_PART * all);
  }

  private SessionProcess takeSpare() {
    SessionProcess session = idle.poll();
    while (session != null && !session.isListening()) {
      // It has closed its line; that its process has ended is about to be seen.
      session = idle.poll();
    }
    return session;
  }

  private void assign(SessionProcess session, Login login, LoginOrigin origin, long now) {
    use.count(origin, now);
    session.assign(login, loop);
  }

  /** Gives the login a session, now or when there is one. */
  void serve(Login login) {
    long now = System.nanoTime();
    lastLoginAt = now;
    LoginOrigin origin = LoginOrigin.of(login);
    SessionProcess session = mayHaveSpare(origin, now) ? takeSpare() : null;
    if (session != null) {
      assign(session, login, origin, now);
    } else if (waiting.turnsUntil(origin) > (long) rate.perSecond() * QUEUE_SECONDS) {
      waiters.refuseWait(login);
    } else {
      Waiting w = new Waiting(login);
      waiting.add(w, origin);
      login.connection().moveTo(Connection.State.AWAITING_SESSION);
      w.patience = loop.runAfter(WAIT_MILLIS, () -> endWait(w));
    }
    refill();
  }

  private void endWait(Waiting w) {
    if (waiting.remove(w)) {
      waiters.endWait(w.login);
    }
  }

  /** Gives no login to a session that is about to end. */
  void discard(SessionProcess session) {
    idle.remove(session);
  }

  /** A spare has ended without a login. */
  void handleLoss(SessionProcess session) {
    if (retired.remove(session)) {
      return;
    }
    discard(session);
    if (session.state() == SessionProcess.State.STARTING) {
      starting--;
    }
    pauseAfterFailure(
        session.notStarted() == null
            ? "ended with " + SessionEvent.inWords(session.status())
            : "cannot start a process: " + session.notStarted());
  }

  /**
   * Starts nothing for a moment. Whatever the reason is, it will be the same at once, and trying
   * without a pause would only fill the log.
   */
  private void pauseAfterFailure(String why) {
    log.spareFailed(why);
    if (!pausing) {
      pausing = true;
      loop.runAfter(RETRY_MILLIS, this::endPause);
    }
  }

  private void endPause() {
    pausing = false;
    refill();
  }
}
