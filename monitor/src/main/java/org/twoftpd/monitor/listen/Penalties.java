/*
 * Trusted to make guessing slow and then pointless: counts wrong passwords by source, forgets them in time, and never
 * holds more than a bounded number of sources.
 */
package org.twoftpd.monitor.listen;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.twoftpd.shared.config.IpNetwork;
import org.twoftpd.shared.os.Endpoint;

/**
 * What each source has to pay for wrong passwords: an answer that comes later each time, and from a
 * number of them on no connection for a while. A failure is forgotten after its share of that
 * while, so that a steady few of them, as from behind one address of many users, never add up.
 * Times are System.nanoTime's.
 */
public final class Penalties {
  /** An answer comes no sooner than this, so that its time tells nothing. */
  public static final long FIRST_MILLIS = 1000;

  private static final int FREE_FAILURES = 3;
  private static final long STEP_MILLIS = 500;
  private static final long LONGEST_MILLIS = 5000;
  private static final int FAILURES_WHEN_UNLIMITED = 20;
  private static final int SOURCES_MAX = 10_000;
  private static final double SECOND = 1_000_000_000;

  private final Map<String, Tally> records = new LinkedHashMap<>();
  private int most;
  private long nanos;
  private List<IpNetwork> exempt;

  private static final class Tally {
    double failures;
    long at;
    boolean sentAway;
  }

  /**
   * @param most failures until a source is sent away; 0 for never
   * @param seconds for how long, at least 1
   * @param exempt never sent away
   */
  public Penalties(int most, int seconds, List<IpNetwork> exempt) {
    use(most, seconds, exempt);
  }

  /** Other limits from now on; what was counted stays. */
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
  public long failed(Endpoint peer, long now) {
    if (isExempt(peer)) {
      return FIRST_MILLIS;
    }
    String source = Source.of(peer);
    // The youngest is the last of the map, and the first is forgotten when there are too many.
    Tally r = records.remove(source);
    if (r == null) {
      r = new Tally();
      r.at = now;
      forget(now);
    }
    r.failures = left(r, now) + 1;
    r.at = now;
    r.sentAway = most > 0 && r.failures > most - 0.5;
    records.put(source, r);
    double beyond = Math.max(0, Math.floor(r.failures + 0.5) - FREE_FAILURES);
    return (long) Math.min(LONGEST_MILLIS, FIRST_MILLIS + beyond * STEP_MILLIS);
  }

  /** True while nobody from there is listened to. */
  public boolean sendsAway(Endpoint peer, long now) {
    Tally r = most == 0 || records.isEmpty() ? null : records.get(Source.of(peer));
    return r != null && r.sentAway && now - r.at < nanos && !isExempt(peer);
  }

  /** How many sources are remembered. */
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

  /** What is not forgotten of the failures: all of a source's are after the whole time. */
  private double left(Tally r, long now) {
    if (now - r.at >= nanos) {
      return 0;
    }
    int whole = most > 0 ? most : FAILURES_WHEN_UNLIMITED;
    return Math.max(0, r.failures - (double) (now - r.at) / nanos * whole);
  }

  private void forget(long now) {
    Iterator<Tally> oldest = records.values().iterator();
    while (oldest.hasNext()) {
      Tally r = oldest.next();
      if (now - r.at < nanos && records.size() < SOURCES_MAX) {
        return;
      }
      oldest.remove();
    }
  }
}
