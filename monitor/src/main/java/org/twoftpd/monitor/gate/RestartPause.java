package org.twoftpd.monitor.gate;

/** How long to wait before a gate is started in place of one that has died. */
final class RestartPause {
  private static final long FIRST_MILLIS = 100;
  private static final long LONGEST_MILLIS = 5000;

  /** A gate that has served for so long was a good one: the next may come at once. */
  private static final long GOOD_MILLIS = 500;

  private long millis = FIRST_MILLIS;
  private long readySince;

  /** The gate serves from now on. */
  void noteReady() {
    readySince = System.nanoTime();
  }

  /** The gate has died. Returns the pause before the next, longer each time. */
  long nextMillis() {
    // One that gets ready and then fails, whoever makes it, must not be started all the time.
    if (readySince != 0 && System.nanoTime() - readySince >= GOOD_MILLIS * 1_000_000) {
      millis = FIRST_MILLIS;
    }
    readySince = 0;
    long next = millis;
    millis = Math.min(2 * millis, LONGEST_MILLIS);
    return next;
  }
}
