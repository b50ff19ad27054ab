package org.twoftpd.monitor.sessions;

/**
 * The timeouts that a session has to keep for its client, as the monitor sees them from outside.
 * The session's own clocks come first, so this is generous. Times are System.nanoTime's.
 */
final class TimeoutBackstop {
  /** A session that keeps its client for so much longer than it may breaks its timeouts. */
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
    // In the longest case a client waits for a data connection, leaves a reply unread, and then
    // says nothing.
    quietSeconds = 2L * timeoutSeconds + connectSeconds + OVERDUE_SECONDS;
    this.sessionSeconds = sessionSeconds;
  }

  /**
   * Checks the timeouts when the session has given a sign of life.
   *
   * @param moved whether a command, a byte of a reply or a byte of a file has moved since the last
   *     sign
   * @return the setting that the session does not keep, or null
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
