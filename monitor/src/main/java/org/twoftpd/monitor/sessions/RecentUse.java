/*
 * Trusted to tell one who comes seldom from one who comes always, in bounded memory.
 */
package org.twoftpd.monitor.sessions;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.twoftpd.shared.os.Source;

/**
 * How many sessions each source and each user has had lately. A session that was had counts less as
 * time goes by, and after a minute nothing. Times are System.nanoTime's.
 */
final class RecentUse {
  /** After so long a third is left. */
  private static final double FADING_NANOS = 10e9;

  private static final long FORGOTTEN_NANOS = 60_000_000_000L;
  private static final int REMEMBERED_MAX = 10_000;

  /** No address has such a name. */
  private static final String USER = "user ";

  private static final class Use {
    double amount;
    long at;

    double left(long now) {
      return amount * Math.exp((at - now) / FADING_NANOS);
    }

    void add(long now) {
      amount = left(now) + 1;
      at = now;
    }
  }

  /** In the order in which they have had their last session. */
  private final LinkedHashMap<String, Use> uses = new LinkedHashMap<>();

  private final Use all = new Use();

  /** Those of a share have a session more. */
  void count(LoginOrigin share, long now) {
    all.add(now);
    for (Source.Network n : share.networks()) {
      count(n.name(), now);
    }
    if (!share.user().isEmpty()) {
      count(USER + share.user(), now);
    }
  }

  private void count(String name, long now) {
    Use use = uses.remove(name);
    if (use == null) {
      use = new Use();
      use.at = now;
      forget(now);
    }
    use.add(now);
    uses.put(name, use);
  }

  private void forget(long now) {
    Iterator<Map.Entry<String, Use>> oldest = uses.entrySet().iterator();
    while (oldest.hasNext()) {
      boolean old = now - oldest.next().getValue().at >= FORGOTTEN_NANOS;
      if (!old && uses.size() < REMEMBERED_MAX) {
        return;
      }
      oldest.remove();
    }
  }

  private double of(String name, long now) {
    Use use = uses.get(name);
    return use == null ? 0 : use.left(now);
  }

  /** What the user has had. */
  double ofUser(LoginOrigin share, long now) {
    return of(USER + share.user(), now);
  }

  /** The most that any of a share has had; of a wider network, what one client's part of it is. */
  double of(LoginOrigin share, long now) {
    double most = ofUser(share, now);
    for (Source.Network n : share.networks()) {
      most = Math.max(most, of(n.name(), now) / n.shares());
    }
    return most;
  }

  /** What everybody together has had. */
  double ofAll(long now) {
    return all.left(now);
  }

  /** How many sources and users are remembered. */
  int size() {
    return uses.size();
  }
}
