/*
 * Trusted to let those first who have had least: one who comes seldom does not wait for one who comes always.
 */
package org.twoftpd.monitor.sessions;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What waits for a session. First come those whose source and user have had least lately, whichever
 * of the two has had more; among equals, as all from one source are, those whose user has had
 * least; then those who came first.
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

  /** False when it was not waiting any more. */
  boolean remove(T what) {
    return waiting.remove(what) != null;
  }

  int size() {
    return waiting.size();
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Whose turn it is, or null. */
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
   * How many would have a session before one more of that share, and that one, when each source has
   * one in turn.
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
