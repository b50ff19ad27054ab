package org.twoftpd.monitor.sessions;

/**
 * Finds out how many sessions this machine can start in a second, by the moving average of the
 * processors' time that one start takes.
 */
final class StartCost {
  private static final double SECOND = 1e9;

  /** The average until a start has been measured. */
  private static final double FIRST_NANOS = 50e6;

  /** A measurement beyond these bounds is wrong: the machine slept, or the program is not ours. */
  private static final double LEAST_NANOS = 5e6;

  private static final double MOST_NANOS = 1e9;

  /** The part of the average that the last measurement has. */
  private static final double WEIGHT = 0.125;

  /** The part of the processors that starts may have. */
  private static final double PART = 0.75;

  private final int processors;
  private double average = FIRST_NANOS;

  StartCost(int processors) {
    this.processors = processors;
  }

  /**
   * Learns from a start.
   *
   * @param nanos of processors' time that it took; a negative number is ignored
   */
  void addMeasurement(long nanos) {
    if (nanos >= 0) {
      average += (Math.clamp((double) nanos, LEAST_NANOS, MOST_NANOS) - average) * WEIGHT;
    }
  }

  /** How many starts in a second take three quarters of the processors. */
  int perSecond() {
    return (int) Math.max(1, PART * processors * SECOND / average);
  }
}
