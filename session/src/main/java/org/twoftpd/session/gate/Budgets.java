/*
 * Trusted to know who shares a budget, in bounded memory.
 */
package org.twoftpd.session.gate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.Source;

/**
 * What clients may have the gate do before they have logged in. A client that logs in uses about
 * ten turns; one that sends each byte by itself is heard at its pace for a line or two.
 */
final class Budgets {
  /** Of one connection: turns in a second, and those saved up. */
  static final int OWN_RATE = 20;

  static final int OWN_MOST = 1000;

  /** Of all connections from one source together. */
  static final int SOURCE_RATE = 500;

  static final int SOURCE_MOST = 3000;

  private static final int REMEMBERED_MAX = 10_000;

  /** Of each network; the one that has had no new connection for longest is forgotten first. */
  private final LinkedHashMap<String, Budget> bySource = new LinkedHashMap<>(16, 0.75f, true);

  /** Those of a new connection. */
  synchronized List<Budget> of(Endpoint peer, long now) {
    List<Budget> budgets = new ArrayList<>();
    budgets.add(new Budget(OWN_RATE, OWN_MOST, now));
    for (Source.Network n : Source.networks(peer)) {
      budgets.add(
          bySource.computeIfAbsent(
              n.name(), _ -> new Budget(SOURCE_RATE * n.shares(), SOURCE_MOST * n.shares(), now)));
    }
    while (bySource.size() > REMEMBERED_MAX) {
      bySource.pollFirstEntry();
    }
    return budgets;
  }

  /** How many sources are remembered. */
  synchronized int size() {
    return bySource.size();
  }
}
