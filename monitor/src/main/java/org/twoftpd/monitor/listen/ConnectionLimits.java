/*
 * Trusted to say no before anything is done for a client: counts alone, per address and in all.
 */
package org.twoftpd.monitor.listen;

import java.util.HashMap;
import java.util.Map;
import org.twoftpd.shared.os.Endpoint;

/**
 * How many clients there are, in all and from each source. An IPv6 source is its /64: one host has
 * all of it.
 */
public final class ConnectionLimits {
  private int most;
  private int mostFromOne;
  private final Map<String, Integer> bySource = new HashMap<>();
  private int all;

  /**
   * @param most clients in all, at least 1
   * @param mostFromOne clients from one source, at least 1
   */
  public ConnectionLimits(int most, int mostFromOne) {
    use(most, mostFromOne);
  }

  /** Other limits, for those who come from now on. */
  public void use(int newMost, int newMostFromOne) {
    most = newMost;
    mostFromOne = newMostFromOne;
  }

  /** What came of asking. */
  public enum Answer {
    WELCOME,
    TOO_MANY,
    TOO_MANY_FROM_THERE
  }

  /** Counts a client in, when it may come in. */
  public Answer enter(Endpoint peer) {
    if (all >= most) {
      return Answer.TOO_MANY;
    }
    String source = Source.of(peer);
    int n = bySource.getOrDefault(source, 0);
    if (n >= mostFromOne) {
      return Answer.TOO_MANY_FROM_THERE;
    }
    bySource.put(source, n + 1);
    all++;
    return Answer.WELCOME;
  }

  /** Counts a client out that was counted in. */
  public void leave(Endpoint peer) {
    all--;
    bySource.computeIfPresent(Source.of(peer), (_, n) -> n == 1 ? null : n - 1);
  }
}
