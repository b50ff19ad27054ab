package org.twoftpd.monitor.sessions;

import org.twoftpd.monitor.limits.TokenBucket;
import org.twoftpd.monitor.loop.EventLoop;

/**
 * How many sessions may be started in a second: as many as a setting says, or else as many as leave
 * the machine room for what they are for.
 */
final class SpawnRate {
  private final EventLoop loop;
  private final StartCost cost = new StartCost(Runtime.getRuntime().availableProcessors());
  private final TokenBucket bucket;
  private int setting;
  private boolean waiting;

  /**
   * @param setting starts in a second; 0 for as many as the machine bears
   */
  SpawnRate(EventLoop loop, int setting) {
    this.loop = loop;
    this.setting = setting;
    this.bucket = new TokenBucket(currentRate(), System.nanoTime());
  }

  private int currentRate() {
    return setting > 0 ? setting : cost.perSecond();
  }

  /** Uses another setting from now on. */
  void use(int newSetting) {
    setting = newSetting;
    bucket.changeRate(currentRate(), System.nanoTime());
  }

  /**
   * Learns from a start that is over.
   *
   * @param nanos of processors' time that it took; nothing is learned from a negative number
   */
  void learn(long nanos) {
    cost.addMeasurement(nanos);
    bucket.changeRate(currentRate(), System.nanoTime());
  }

  /** Starts in a second. */
  int perSecond() {
    return bucket.rate();
  }

  /** True when a session may be started now, which counts it. */
  boolean takeStart() {
    return bucket.take(System.nanoTime());
  }

  /** Calls {@code what} when another session may be started; once, however often this is asked. */
  void awaitNext(Runnable what) {
    if (!waiting) {
      waiting = true;
      loop.runAfter(
          bucket.millisToNext(),
          () -> {
            waiting = false;
            what.run();
          });
    }
  }
}
