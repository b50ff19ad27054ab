package org.twoftpd.session.gate;

/**
 * Limits how often something may happen: a token bucket, whose tokens are called turns. A fixed
 * number of turns arrives each second, and unused ones are saved up to a limit. All times are those
 * of System.nanoTime.
 */
final class Budget {
  private static final double NANOS_PER_SECOND = 1_000_000_000;

  private final int perSecond;
  private final int capacity;
  private double available;
  private long updatedAt;

  /**
   * @param perSecond how many turns arrive each second
   * @param capacity how many turns can be saved up; all of them are there at the beginning
   */
  Budget(int perSecond, int capacity, long now) {
    this.perSecond = perSecond;
    this.capacity = capacity;
    this.available = capacity;
    this.updatedAt = now;
  }

  /** Returns how many turns are missing until no more can be saved up. */
  synchronized double countMissing(long now) {
    return Math.max(0, capacity - available - (now - updatedAt) / NANOS_PER_SECOND * perSecond);
  }

  /**
   * Takes a turn, even one that arrives only later, so that everyone who waits has a turn of his
   * own.
   *
   * @return the nanoseconds until the turn arrives; 0 when it was there
   */
  synchronized long takeTurn(long now) {
    available =
        Math.min(capacity, available + (now - updatedAt) / NANOS_PER_SECOND * perSecond) - 1;
    updatedAt = now;
    return available >= 0 ? 0 : (long) (-available / perSecond * NANOS_PER_SECOND);
  }
}
