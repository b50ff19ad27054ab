/*
 * Trusted to have everybody pay for signatures with his own time: whoever takes much is made to wait, nobody else.
 */
package org.twoftpd.monitor.tls;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.twoftpd.monitor.limits.TokenBucket;
import org.twoftpd.shared.os.Source;

/**
 * How much time of a processor each network may have spent on signatures: a quarter of each second,
 * and what it has not used of the last four seconds. An RSA key takes some twenty times as long as
 * one on a curve, so that numbers would say little. Times are System.nanoTime's.
 */
final class SigningTime {
  private static final int MICROS_A_SECOND = 250_000;
  private static final int MICROS_SAVED = 1_000_000;
  private static final int REMEMBERED_MAX = 10_000;

  /** In the order in which they had their last signature. */
  private final LinkedHashMap<String, TokenBucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

  /** How many milliseconds until one of these networks may have a signature; 0 when it may now. */
  long millisUntil(List<Source.Network> networks, long now) {
    long most = 0;
    for (Source.Network n : networks) {
      TokenBucket b = buckets.get(n.name());
      if (b != null && !b.has(now)) {
        most = Math.max(most, b.millisToNext());
      }
    }
    return most;
  }

  /** A signature has taken so long. */
  void spend(List<Source.Network> networks, long nanos, long now) {
    int micros = Math.clamp(nanos / 1000, 1, MICROS_SAVED);
    for (Source.Network n : networks) {
      TokenBucket b =
          buckets.computeIfAbsent(
              n.name(),
              _ -> new TokenBucket(MICROS_A_SECOND * n.shares(), MICROS_SAVED * n.shares(), now));
      b.take(now, micros);
    }
    while (buckets.size() > REMEMBERED_MAX) {
      Map.Entry<String, TokenBucket> eldest = buckets.firstEntry();
      buckets.remove(eldest.getKey());
    }
  }

  /** How many networks are remembered. */
  int size() {
    return buckets.size();
  }
}
