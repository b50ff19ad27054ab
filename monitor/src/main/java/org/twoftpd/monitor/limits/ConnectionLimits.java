package org.twoftpd.monitor.limits;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.Source;

/** Counts clients: in all, from each address, and from the networks that the address is part of. */
public final class ConnectionLimits {
  private int most;
  private int mostFromOne;
  private final Map<String, Integer> byNetwork = new HashMap<>();
  private int all;

  /**
   * @param most clients in all, at least 1
   * @param mostFromOne clients from one address, at least 1
   */
  public ConnectionLimits(int most, int mostFromOne) {
    use(most, mostFromOne);
  }

  /** Uses other limits for the clients that come from now on. */
  public void use(int newMost, int newMostFromOne) {
    most = newMost;
    mostFromOne = newMostFromOne;
  }

  /** Whether a client may come in. */
  public enum Answer {
    WELCOME,
    TOO_MANY,
    TOO_MANY_FROM_THERE
  }

  /** Counts a client in, if it may come in. */
  public Answer countIn(Endpoint peer) {
    if (all >= most) {
      return Answer.TOO_MANY;
    }
    List<Source.Network> networks = Source.networks(peer);
    for (Source.Network n : networks) {
      if (byNetwork.getOrDefault(n.name(), 0) >= (long) mostFromOne * n.shares()) {
        return Answer.TOO_MANY_FROM_THERE;
      }
    }
    networks.forEach(n -> byNetwork.merge(n.name(), 1, Integer::sum));
    all++;
    return Answer.WELCOME;
  }

  /** Counts a client out that was counted in. */
  public void countOut(Endpoint peer) {
    all--;
    for (Source.Network n : Source.networks(peer)) {
      byNetwork.computeIfPresent(n.name(), (_, count) -> count == 1 ? null : count - 1);
    }
  }
}
