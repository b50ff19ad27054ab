/*
 * Trusted to find out what this machine can bear: how much of its processors a session takes until it is ready.
 */
package org.twoftpd.monitor.sessions;

/**
 * The moving average of what a start takes, and how many starts leave room for what they are for.
 */
final class StartCost {
  private static final double SECOND = 1e9;

  /** Until one has been measured. */
  private static final double FIRST_NANOS = 50e6;

  /** A measurement beyond these is none: a machine that sleeps, or a program that is not ours. */
  private static final double LEAST_NANOS = 5e6;

  private static final double MOST_NANOS = 1e9;

  /** How much of the average the last one is. */
  private static final double WEIGHT = 0.125;

  /** How much of the processors starts may have. */
  private static final double PART = 0.75;

  private final int processors;
  private double average = FIRST_NANOS;

  StartCost(int processors) {
    this.processors = processors;
  }

  /**
   * A start took so many nanoseconds of processors' time; nothing is learned from a negative one.
   */
  void addMeasurement(long nanos) {
    if (nanos >= 0) {
      average += (Math.clamp((double) nanos, LEAST_NANOS, MOST_NANOS) - average) * WEIGHT;
    }
  }

  /** So many starts in a second take three quarters of the processors. */
  int perSecond() {
    return (int) Math.max(1, PART * processors * SECOND / average);
  }
}
