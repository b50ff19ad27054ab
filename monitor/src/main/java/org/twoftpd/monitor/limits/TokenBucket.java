/*
 * Trusted with nothing: counts what may be done in a second.
 */
package org.twoftpd.monitor.limits;

/**
 * A bound on a rate: what was not used is saved up, to a second's worth unless said. Times are
 * System.nanoTime's.
 */
public final class TokenBucket {
  private static final double SECOND = 1_000_000_000;
  private static final double MILLI = 1_000_000;

  private int rate;
  private int most;
  private double tokens;
  private long last;

  /**
   * @param rate a second, at least 1; the bucket begins full
   * @param now the time
   */
  public TokenBucket(int rate, long now) {
    this(rate, rate, now);
  }

  /**
   * @param rate a second, at least 1; the bucket begins full
   * @param most how many are saved up
   * @param now the time
   */
  public TokenBucket(int rate, int most, long now) {
    this.rate = rate;
    this.most = most;
    this.tokens = most;
    this.last = now;
  }

  /** Another rate from now on, of which a second's worth is saved up at most. */
  public void changeRate(int newRate, long now) {
    if (newRate != rate) {
      tokens = Math.min(newRate, tokens + (now - last) / SECOND * rate);
      last = now;
      rate = newRate;
      most = newRate;
    }
  }

  /** How many a second. */
  public int rate() {
    return rate;
  }

  /** True when there is one. */
  public boolean has(long now) {
    tokens = Math.min(most, tokens + (now - last) / SECOND * rate);
    last = now;
    return tokens >= 1;
  }

  /** True, and one is used up, when there is one. */
  public boolean take(long now) {
    return take(now, 1);
  }

  /** True, and so many are used up, when there is one: what is missing has to come in first. */
  public boolean take(long now, int cost) {
    if (!has(now)) {
      return false;
    }
    tokens -= cost;
    return true;
  }

  /** How long after a vain {@link #take} there will be one, in milliseconds, at least 1. */
  public long millisToNext() {
    return (long) Math.ceil((1 - tokens) / rate * SECOND / MILLI);
  }
}
