/*
 * Trusted to remember what matters in bounded memory: many addresses with few failures each cannot have it forget one that
 * has more.
 */
package org.twoftpd.monitor.limits;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The failures of each network. When there is no more room, the network with the fewest failures is
 * forgotten first, and among equals the one whose last failure is oldest. Times are
 * System.nanoTime's.
 */
final class FailureTallies {
  /**
   * Failures weigh the same that have the same power of two: 1, 2 to 3, 4 to 7, and so on. The last
   * weight is for networks that are sent away.
   */
  private static final int WEIGHTS = 16;

  /** The failures of one network. */
  static final class Tally {
    double failures;
    long at;
    boolean sentAway;
    private int weight;
  }

  private final int most;
  private final Map<String, Tally> all = new HashMap<>();

  /** The tallies of each weight, the one first whose last failure is oldest. */
  private final List<LinkedHashMap<String, Tally>> byWeight = new ArrayList<>();

  /**
   * @param most how many networks are remembered
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

  /** The tally of a network, or null. */
  Tally get(String name) {
    return all.get(name);
  }

  /**
   * Keeps a tally in which a failure has just been counted.
   *
   * @param lifetime tallies that had no failure for so long are forgotten
   */
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
