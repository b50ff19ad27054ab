/*
 * Trusted to keep clients that have not logged in from using up the gate: it reads more slowly from those that send much.
 */
package org.twoftpd.session.gate;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.twoftpd.session.control.Readiness;

/**
 * Limits how fast one client is read. Each read and each command takes a turn from every budget of
 * the client: its own and those of the networks that its address belongs to.
 */
final class Pace implements Readiness {
  private final Readiness readiness;
  private final List<Budget> budgets;

  Pace(Readiness readiness, List<Budget> budgets) {
    this.readiness = readiness;
    this.budgets = budgets;
  }

  @Override
  public boolean await(int fd, short events, long deadline) {
    boolean ready = readiness.await(fd, events, deadline);
    if (ready && events == READ) {
      sleepNanos(takeTurn());
    }
    return ready;
  }

  /** Takes a turn from each budget and returns how long to wait for it, in nanoseconds. */
  long takeTurn() {
    long now = System.nanoTime();
    long longest = 0;
    for (Budget b : budgets) {
      longest = Math.max(longest, b.takeTurn(now));
    }
    return longest;
  }

  /** Parks the thread for that many nanoseconds. */
  static void sleepNanos(long nanos) {
    long end = System.nanoTime() + nanos;
    for (long left = nanos; left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
