/*
 * Trusted to share out what may be logged in a second, so that nobody's flood costs somebody else's line.
 */
package org.twoftpd.monitor.limits;

import java.util.LinkedHashMap;
import java.util.Map;
import org.twoftpd.shared.log.Event;
import org.twoftpd.shared.log.Share;

/**
 * Rates of lines: for all, for each share, and another one for all who come seldom, which those who
 * have many written cannot use up. No number of shares has more written than the two rates of all.
 * A line that is longer than usual counts as several, so that they are rates of bytes too. Times
 * are System.nanoTime's.
 */
public final class LogBudget {
  /** Whoever has not been heard for longest is forgotten first, and begins anew. */
  private static final int SHARES = 4096;

  private final int each;
  private final int own;
  private final TokenBucket all;
  private final TokenBucket rest;
  private final Map<Share, Buckets> shares = new LinkedHashMap<>(64, 0.75f, true);

  private record Buckets(TokenBucket each, TokenBucket own) {}

  /**
   * Every rate is saved up to two seconds' worth.
   *
   * @param all a second, of all shares
   * @param each a second, of one share
   * @param own a second, of one share that still comes seldom
   * @param rest a second, of all who come seldom, when the others have used up what is for all
   */
  public LogBudget(int all, int each, int own, int rest, long now) {
    this.each = each;
    this.own = own;
    this.all = new TokenBucket(all, 2 * all, now);
    this.rest = new TokenBucket(rest, 2 * rest, now);
  }

  /** True when a line of that size may be logged now; it has been counted then. */
  public boolean take(Share whose, int size, long now) {
    int cost = Math.max(1, size / Event.SMALL);
    Buckets b = shares.computeIfAbsent(whose, _ -> buckets(now));
    if (shares.size() > SHARES) {
      var oldest = shares.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
    boolean isSeldom = b.own.take(now, cost);
    if (!b.each.has(now) || !all.take(now, cost) && !(isSeldom && rest.take(now, cost))) {
      return false;
    }
    return b.each.take(now, cost);
  }

  private Buckets buckets(long now) {
    return new Buckets(new TokenBucket(each, 2 * each, now), new TokenBucket(own, 2 * own, now));
  }
}
