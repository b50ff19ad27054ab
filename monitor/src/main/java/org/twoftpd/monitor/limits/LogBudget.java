/*
 * Trusted to share out what may be logged in a second, so that nobody's flood costs somebody else's line.
 */
package org.twoftpd.monitor.limits;

import java.util.LinkedHashMap;
import java.util.Map;
import org.twoftpd.shared.log.Event;
import org.twoftpd.shared.log.Share;

/**
 * Rates of lines: one for all shares together, one for each share, and one for all that come
 * seldom, which those that have many lines written cannot use up. However many shares there are, no
 * more is written than the first and the last rate allow. A line that is longer than usual counts
 * as several, so that these are rates of bytes too. Times are System.nanoTime's.
 */
public final class LogBudget {
  /** So many shares are remembered. The one that had no line for longest is forgotten first. */
  private static final int SHARES = 4096;

  private final int each;
  private final int own;
  private final TokenBucket all;
  private final TokenBucket rest;
  private final Map<Share, Buckets> shares = new LinkedHashMap<>(64, 0.75f, true);

  private record Buckets(TokenBucket each, TokenBucket own) {}

  /**
   * Two seconds' worth of every rate is saved up.
   *
   * @param all lines in a second of all shares together
   * @param each lines in a second of one share
   * @param own lines in a second up to which a share comes seldom
   * @param rest lines in a second of all shares that come seldom, when the others have used up what
   *     is for all
   */
  public LogBudget(int all, int each, int own, int rest, long now) {
    this.each = each;
    this.own = own;
    this.all = new TokenBucket(all, 2 * all, now);
    this.rest = new TokenBucket(rest, 2 * rest, now);
  }

  /** Counts a line of that size; false when it may not be logged now, and is not counted. */
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
