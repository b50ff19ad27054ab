/*
 * Trusted to know who shares a budget, in bounded memory.
 */
package org.twoftpd.session.gate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.Source;

/**
 * What clients may have the gate do before they have logged in. A client that logs in uses about
 * ten turns; one that sends each byte by itself is heard at its pace for a line or two.
 */
final class Budgets {
  /** Of one connection: turns in a second, and those saved up. */
  static final int CONNECTION_RATE = 20;

  static final int CONNECTION_CAPACITY = 1000;

  /** Of all connections from one source together. */
  static final int SOURCE_RATE = 500;

  static final int SOURCE_CAPACITY = 3000;

  private static final int NETWORKS_MAX = 10_000;

  /** So many are compared when one has to be forgotten: a connection must not cost much. */
  private static final int COMPARED_MAX = 100;

  /** Of each network; those without a new connection for longest come first. */
  private final LinkedHashMap<String, Budget> bySource = new LinkedHashMap<>(16, 0.75f, true);

  /** Those of a new connection. */
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
   * Forgets a network whose budget is full, so that its next connection has no more than it would
   * have had; where all owe something, the one that owes least. Those that owe more stay, behind
   * the others.
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

  /** How many sources are remembered. */
  synchronized int countNetworks() {
    return bySource.size();
  }
}
