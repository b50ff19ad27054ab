/*
 * Trusted with nothing: counts turns.
 */
package org.twoftpd.session.gate;

/** So many turns in a second, of which some are saved up. Times are System.nanoTime's. */
final class Budget {
  private static final double NANOS_PER_SECOND = 1_000_000_000;

  private final int perSecond;
  private final int capacity;
  private double available;
  private long updatedAt;

  /**
   * @param capacity how many turns are saved up; they are there at the beginning
   */
  Budget(int perSecond, int capacity, long now) {
    this.perSecond = perSecond;
    this.capacity = capacity;
    this.available = capacity;
    this.updatedAt = now;
  }

  /** How many turns are missing from those that can be saved up. */
  synchronized double countMissing(long now) {
    return Math.max(0, capacity - available - (now - updatedAt) / NANOS_PER_SECOND * perSecond);
  }

  /**
   * Takes a turn that may not be there yet, so that everybody who waits has one of his own.
   *
   * @return how long until it is there, in nanoseconds
   */
  synchronized long takeTurn(long now) {
    available =
        Math.min(capacity, available + (now - updatedAt) / NANOS_PER_SECOND * perSecond) - 1;
    updatedAt = now;
    return available >= 0 ? 0 : (long) (-available / perSecond * NANOS_PER_SECOND);
  }
}
