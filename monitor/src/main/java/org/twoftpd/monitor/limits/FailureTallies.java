/*
 * Trusted to remember what matters in bounded memory: those who come in great numbers cannot have it forget one who has
 * done more than each of them.
 */
package org.twoftpd.monitor.limits;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How much there is against each network. Where there is no more room, that is forgotten first
 * which weighs least, and of what weighs the same that which is oldest. Times are
 * System.nanoTime's.
 */
final class FailureTallies {
  /** Weights are in doublings: 1, 2 to 3, 4 to 7, and so on; the last is for those sent away. */
  private static final int WEIGHTS = 16;

  /** What there is against one network. */
  static final class Tally {
    double failures;
    long at;
    boolean sentAway;
    private int weight;
  }

  private final int most;
  private final Map<String, Tally> all = new HashMap<>();

  /** For each weight, from the one that was counted longest ago to the last. */
  private final List<LinkedHashMap<String, Tally>> byWeight = new ArrayList<>();

  /**
   * @param most how many are remembered
   */
  FailureTallies(int most) {
    this.most = most;
    for (int i = 0; i < WEIGHTS; i++) {
      byWeight.add(new LinkedHashMap<>());
    }
  }

  int size() {
    return all.size();
  }

  /** That of a network, or null. */
  Tally get(String name) {
    return all.get(name);
  }

  /** Keeps a tally in which something has just been counted. */
  void put(String name, Tally tally, long now, long lifetime) {
    if (all.get(name) == null) {
      forgetOld(now, lifetime);
      while (all.size() >= most) {
        forgetLightest();
      }
      all.put(name, tally);
    } else {
      byWeight.get(tally.weight).remove(name);
    }
    tally.weight = weightOf(tally);
    byWeight.get(tally.weight).put(name, tally);
  }

  private static int weightOf(Tally t) {
    int doublings = Math.getExponent(Math.max(1, t.failures));
    return t.sentAway ? WEIGHTS - 1 : Math.min(WEIGHTS - 2, doublings);
  }

  private void forgetOld(long now, long lifetime) {
    for (LinkedHashMap<String, Tally> some : byWeight) {
      Iterator<Map.Entry<String, Tally>> oldest = some.entrySet().iterator();
      while (oldest.hasNext()) {
        Map.Entry<String, Tally> e = oldest.next();
        if (now - e.getValue().at < lifetime) {
          break;
        }
        oldest.remove();
        all.remove(e.getKey());
      }
    }
  }

  private void forgetLightest() {
    for (LinkedHashMap<String, Tally> some : byWeight) {
      if (!some.isEmpty()) {
        all.remove(some.pollFirstEntry().getKey());
        return;
      }
    }
  }
}
