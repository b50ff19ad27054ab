/*
 * Trusted to make guessing passwords slow, and then pointless.
 */
package org.twoftpd.monitor.limits;

import java.util.List;
import org.twoftpd.shared.config.IpNetwork;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.Source;

/**
 * What an address has to pay for wrong passwords: a refusal is held back for a second, from the
 * fourth failure on for half a second more each time, up to five seconds; and after a number of
 * failures the address has no connection for a while. They are counted for the address and for the
 * networks that it is part of, and forgotten little by little during that while: a few failures now
 * and then, as from many users behind one address, never add up. Times are System.nanoTime's.
 */
public final class Penalties {
  /** A refusal comes no sooner than this, so that its time tells nothing about its reason. */
  public static final long FIRST_MILLIS = 1000;

  private static final int FREE_FAILURES = 3;
  private static final long STEP_MILLIS = 500;
  private static final long LONGEST_MILLIS = 5000;
  private static final int FAILURES_WHEN_UNLIMITED = 20;
  private static final int REMEMBERED_MAX = 10_000;
  private static final double SECOND = 1_000_000_000;

  private final FailureTallies records = new FailureTallies(REMEMBERED_MAX);
  private int most;
  private long nanos;
  private List<IpNetwork> exempt;

  /**
   * @param most failures until an address is sent away; 0 for never
   * @param seconds for how long it is sent away, at least 1
   * @param exempt networks that never are
   */
  public Penalties(int most, int seconds, List<IpNetwork> exempt) {
    use(most, seconds, exempt);
  }

  /** Uses other limits from now on. What has been counted stays. */
  public void use(int newMost, int seconds, List<IpNetwork> newExempt) {
    most = newMost;
    nanos = (long) (seconds * SECOND);
    exempt = List.copyOf(newExempt);
  }

  /**
   * Counts a wrong password.
   *
   * @return how long the answer is to be held back, in milliseconds
   */
  public long countFailure(Endpoint peer, long now) {
    if (isExempt(peer)) {
      return FIRST_MILLIS;
    }
    double worst = 0;
    for (Source.Network n : Source.networks(peer)) {
      worst = Math.max(worst, count(n, now));
    }
    double beyond = Math.max(0, Math.floor(worst + 0.5) - FREE_FAILURES);
    return (long) Math.min(LONGEST_MILLIS, FIRST_MILLIS + beyond * STEP_MILLIS);
  }

  /** Counts a failure for a network; the larger the network, the less the failure weighs. */
  private double count(Source.Network network, long now) {
    FailureTallies.Tally t = records.get(network.name());
    if (t == null) {
      t = new FailureTallies.Tally();
      t.at = now;
    }
    t.failures = left(t, now) + 1.0 / network.shares();
    t.at = now;
    t.sentAway = most > 0 && t.failures > most - 0.5;
    records.put(network.name(), t, now, nanos);
    return t.failures;
  }

  /** True while nobody from there is let in, whatever password it knows. */
  public boolean sendsAway(Endpoint peer, long now) {
    if (most == 0 || records.size() == 0 || isExempt(peer)) {
      return false;
    }
    for (Source.Network n : Source.networks(peer)) {
      FailureTallies.Tally t = records.get(n.name());
      if (t != null && t.sentAway && now - t.at < nanos) {
        return true;
      }
    }
    return false;
  }

  /** How many networks are remembered. */
  int size() {
    return records.size();
  }

  private boolean isExempt(Endpoint peer) {
    for (IpNetwork n : exempt) {
      if (n.contains(peer)) {
        return true;
      }
    }
    return false;
  }

  /** How many failures are not forgotten yet; after the whole time none is left. */
  private double left(FailureTallies.Tally r, long now) {
    if (now - r.at >= nanos) {
      return 0;
    }
    int whole = most > 0 ? most : FAILURES_WHEN_UNLIMITED;
    return Math.max(0, r.failures - (double) (now - r.at) / nanos * whole);
  }
}
