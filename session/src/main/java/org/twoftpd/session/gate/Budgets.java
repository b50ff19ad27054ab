/*
 * Trusted to keep each source of connections within its share of the gate, and to do so in bounded memory.
 */
package org.twoftpd.session.gate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.Source;

/**
 * Limits how much work clients cause in the gate before they log in. A login uses about ten turns,
 * so the limits leave room even for a client that sends a line or two byte by byte.
 */
final class Budgets {
  /** A connection gets this many turns each second. */
  static final int CONNECTION_RATE = 20;

  /** A connection can save up this many turns. */
  static final int CONNECTION_CAPACITY = 1000;

  /** All connections from one network together get this many turns each second. */
  static final int SOURCE_RATE = 500;

  /** All connections from one network together can save up this many turns. */
  static final int SOURCE_CAPACITY = 3000;

  /** Budgets of this many networks are kept at most. */
  private static final int NETWORKS_MAX = 10_000;

  /** This many networks are compared to forget one: more would make each connection costly. */
  private static final int COMPARED_MAX = 100;

  /** The budgets by network. Those that had no new connection for the longest time come first. */
  private final LinkedHashMap<String, Budget> bySource = new LinkedHashMap<>(16, 0.75f, true);

  /** Returns the budgets that a new connection uses: its own and those of its networks. */
  synchronized List<Budget> findBudgets(Endpoint peer, long now) {
    List<Budget> budgets = new ArrayList<>();
    budgets.add(new Budget(CONNECTION_RATE, CONNECTION_CAPACITY, now));
    for (Source.Network n : Source.networks(peer)) {
      budgets.add(
          bySource.computeIfAbsent(
              n.name(),
              _ -> new Budget(SOURCE_RATE * n.shares(), SOURCE_CAPACITY * n.shares(), now)));
    }
    while (bySource.size() > NETWORKS_MAX) {
      forgetOne(now);
    }
    return budgets;
  }

  /**
   * Forgets a network whose budget is full, because a new budget would give it no advantage. When
   * none of those compared is full, it forgets the fullest one and moves the others to the end.
   */
  private void forgetOne(long now) {
    Map.Entry<String, Budget> least = bySource.pollFirstEntry();
    double owed = least.getValue().countMissing(now);
    for (int i = 1; i < COMPARED_MAX && owed > 0; i++) {
      Map.Entry<String, Budget> next = bySource.pollFirstEntry();
      double more = next.getValue().countMissing(now);
      Map.Entry<String, Budget> kept = next;
      if (more < owed) {
        kept = least;
        least = next;
        owed = more;
      }
      bySource.put(kept.getKey(), kept.getValue());
    }
  }

  /** Returns how many networks have a budget here. */
  synchronized int countNetworks() {
    return bySource.size();
  }
}
