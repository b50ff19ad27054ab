package org.twoftpd.session.control;

import org.twoftpd.shared.wire.EndReason;

/**
 * How long a client may send nothing or read nothing, and when its connection ends in any case.
 * Times are on the clock of System.nanoTime.
 */
final class TimeLimits {
  /** The last reply, after the end of the connection's time, may take this long to be written. */
  private static final long LAST_WRITE_NANOS = 2_000_000_000L;

  private final long idleNanos;
  private boolean hasEndTime;
  private long endTime;
  private EndReason endReason;

  /** Whether a command that does not come is missed because the connection's time is over. */
  private boolean endFirst;

  TimeLimits(int idleSeconds) {
    this.idleNanos = idleSeconds * 1_000_000_000L;
  }

  /** Sets a time at which the connection ends, for that reason. */
  void endAt(long time, EndReason reason) {
    hasEndTime = true;
    endTime = time;
    endReason = reason;
  }

  /**
   * Returns until when the next command has to come.
   *
   * @throws ConnectionEnded when the connection's time is over already
   */
  long beginCommand(long now) throws ConnectionEnded {
    if (hasEndTime && now - endTime >= 0) {
      throw new ConnectionEnded(endReason);
    }
    endFirst = hasEndTime && endTime - now < idleNanos;
    return endFirst ? endTime : now + idleNanos;
  }

  /** Returns why the connection ends when no command has come within its time. */
  EndReason reasonOfSilence() {
    return endFirst ? endReason : EndReason.IDLE;
  }

  /** Returns until when the client has to read a reply. */
  long computeWriteDeadline(long now) {
    long left = hasEndTime ? Math.max(endTime - now, LAST_WRITE_NANOS) : idleNanos;
    return now + Math.min(left, idleNanos);
  }
}
