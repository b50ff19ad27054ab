/*
 * Trusted to tell a user who comes seldom from one who comes all the time, in bounded memory.
 */
package org.twoftpd.monitor.sessions;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.twoftpd.shared.os.Source;

/**
 * How many sessions each address, each network and each user has had lately. A session counts less
 * as time goes by, and nothing after a minute. Times are System.nanoTime's.
 */
final class RecentUse {
  /** After so long a session counts about a third. */
  private static final double FADING_NANOS = 10e9;

  private static final long FORGOTTEN_NANOS = 60_000_000_000L;
  private static final int REMEMBERED_MAX = 10_000;

  /** Tells the names of users from those of networks, which never begin so. */
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

  /** In the order in which they had their last session. */
  private final LinkedHashMap<String, Use> uses = new LinkedHashMap<>();

  private final Use all = new Use();

  /** Counts a session for its address, its networks and its user. */
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
      forgetOldest(now);
    }
    use.add(now);
    uses.put(name, use);
  }

  private void forgetOldest(long now) {
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

  /** How much the user has had. */
  double ofUser(LoginOrigin share, long now) {
    return of(USER + share.user(), now);
  }

  /**
   * How much the address, its networks or the user have had, whichever is most. Of a network it is
   * the part that one address has in it.
   */
  double of(LoginOrigin share, long now) {
    double most = ofUser(share, now);
    for (Source.Network n : share.networks()) {
      most = Math.max(most, of(n.name(), now) / n.shares());
    }
    return most;
  }

  /** How much everybody together has had. */
  double ofAll(long now) {
    return all.left(now);
  }

  /** How many networks and users are remembered. */
  int size() {
    return uses.size();
  }
}
