/*
 * Trusted with nothing: counts turns.
 */
package org.twoftpd.session.gate;

/** So many turns in a second, of which some are saved up. Times are System.nanoTime's. */
final class Budget {
  private static final double SECOND = 1_000_000_000;

  private final int perSecond;
  private final int most;
  private double left;
  private long last;

  /**
   * @param most how many turns are saved up; they are there at the beginning
   */
  Budget(int perSecond, int most, long now) {
    this.perSecond = perSecond;
    this.most = most;
    this.left = most;
    this.last = now;
  }

  /** How many turns are missing from those that can be saved up. */
  synchronized double owed(long now) {
    return Math.max(0, most - left - (now - last) / SECOND * perSecond);
  }

  /**
   * Takes a turn that may not be there yet, so that everybody who waits has one of his own.
   *
   * @return how long until it is there, in nanoseconds
   */
  synchronized long take(long now) {
    left = Math.min(most, left + (now - last) / SECOND * perSecond) - 1;
    last = now;
    return left >= 0 ? 0 : (long) (-left / perSecond * SECOND);
  }
}
