/*
 * Trusted to be fair: a user who comes seldom does not wait for one who comes all the time.
 */
package org.twoftpd.monitor.sessions;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What waits for a session. A login's turn depends on how many sessions its address and its user
 * have had lately, whichever has had more: the one with the fewest comes first. Among equals, as
 * all from one address are, the one comes first whose user has had the fewest, and then the one
 * that has waited longest.
 */
final class FairQueue<T> {
  private final RecentUse use;

  /** In the order in which they came. */
  private final LinkedHashMap<T, LoginOrigin> waiting = new LinkedHashMap<>();

  FairQueue(RecentUse use) {
    this.use = use;
  }

  void add(T what, LoginOrigin share) {
    waiting.put(what, share);
  }

  /** Takes out what waits; false when it did not wait any more. */
  boolean remove(T what) {
    return waiting.remove(what) != null;
  }

  int size() {
    return waiting.size();
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Finds whose turn it is; null when nobody waits. */
  Map.Entry<T, LoginOrigin> next(long now) {
    Map.Entry<T, LoginOrigin> best = null;
    double bestUse = 0;
    double bestUser = 0;
    for (Map.Entry<T, LoginOrigin> e : waiting.entrySet()) {
      double had = use.of(e.getValue(), now);
      double userHad = use.ofUser(e.getValue(), now);
      if (best == null || had < bestUse || had == bestUse && userHad < bestUser) {
        best = e;
        bestUse = had;
        bestUser = userHad;
      }
    }
    return best;
  }

  /**
   * Counts how many would have had a session when one more of that origin has, itself included, if
   * the addresses took turns.
   */
  int turnsUntil(LoginOrigin share) {
    Map<String, Integer> bySource = new HashMap<>();
    for (LoginOrigin s : waiting.values()) {
      bySource.merge(s.source(), 1, Integer::sum);
    }
    int mine = bySource.merge(share.source(), 1, Integer::sum);
    return bySource.values().stream().mapToInt(n -> Math.min(n, mine)).sum();
  }
}
