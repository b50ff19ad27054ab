/*
 * Trusted with nothing: the times that a session has to keep for its client, as the monitor sees them from outside.
 */
package org.twoftpd.monitor.sessions;

/** A backstop behind the session's own clocks, so a generous one. Times are System.nanoTime's. */
final class TimeoutBackstop {
  /** One that keeps its client for so much longer than it may does not keep its times. */
  static final long OVERDUE_SECONDS = 60;

  private static final long SECOND = 1_000_000_000L;

  private final long begun;
  private final long quietSeconds;
  private final long sessionSeconds;
  private long movedAt;

  /**
   * @param sessionSeconds 0 for no bound
   * @param now when the session began to serve
   */
  TimeoutBackstop(int timeoutSeconds, int connectSeconds, int sessionSeconds, long now) {
    begun = now;
    movedAt = now;
    // A client may wait for a data connection, leave a reply unread, and then say nothing.
    quietSeconds = 2L * timeoutSeconds + connectSeconds + OVERDUE_SECONDS;
    this.sessionSeconds = sessionSeconds;
  }

  /**
   * The session has given a sign of life.
   *
   * @param moved whether a command, a byte of a reply or a byte of a file has moved since the last
   *     one
   * @return the setting that it does not keep, or null
   */
  String findBroken(boolean moved, long now) {
    if (moved) {
      movedAt = now;
    }
    if (sessionSeconds > 0 && now - begun >= (sessionSeconds + OVERDUE_SECONDS) * SECOND) {
      return "SESSION_TIMEOUT";
    }
    return now - movedAt >= quietSeconds * SECOND ? "TIMEOUT" : null;
  }
}
