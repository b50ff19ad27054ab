package org.twoftpd.monitor.limits;

/**
 * A bound on how often something may be done in a second. What was not used is saved up, to a
 * second's worth unless another bound is given. Times are System.nanoTime's.
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

  /** Uses another rate from now on, of which a second's worth is saved up at most. */
  public void changeRate(int newRate, long now) {
    if (newRate != rate) {
      tokens = Math.min(newRate, tokens + (now - last) / SECOND * rate);
      last = now;
      rate = newRate;
      most = newRate;
    }
  }

  /** How many tokens come in a second. */
  public int rate() {
    return rate;
  }

  /** True when there is a token. */
  public boolean has(long now) {
    tokens = Math.min(most, tokens + (now - last) / SECOND * rate);
    last = now;
    return tokens >= 1;
  }

  /** Uses up a token; false when there is none. */
  public boolean take(long now) {
    return take(now, 1);
  }

  /**
   * Uses up several tokens if there is at least one. What they are more than there is has to come
   * in before there is one again.
   *
   * @return false when there is none
   */
  public boolean take(long now, int cost) {
    if (!has(now)) {
      return false;
    }
    tokens -= cost;
    return true;
  }

  /** When there is no token: how long until there is one, in milliseconds, at least 1. */
  public long millisToNext() {
    return (long) Math.ceil((1 - tokens) / rate * SECOND / MILLI);
  }
}
