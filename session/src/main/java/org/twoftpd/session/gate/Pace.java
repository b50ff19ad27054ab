/*
 * Trusted to keep what strangers have the gate do in bounds: whoever talks much before a login is listened to more slowly,
 * so that the others have their turn.
 */
package org.twoftpd.session.gate;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.twoftpd.session.control.Readiness;

/**
 * How fast one client is heard. Each time that something is read of it, and each command, costs a
 * turn out of every budget that it shares: its own, and those of the addresses that it comes from.
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

  /** Takes a turn; how long it is to be waited for, in nanoseconds. */
  long takeTurn() {
    long now = System.nanoTime();
    long longest = 0;
    for (Budget b : budgets) {
      longest = Math.max(longest, b.takeTurn(now));
    }
    return longest;
  }

  /** Waits without a processor. */
  static void sleepNanos(long nanos) {
    long end = System.nanoTime() + nanos;
    for (long left = nanos; left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
