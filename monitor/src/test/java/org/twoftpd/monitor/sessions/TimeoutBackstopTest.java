package org.twoftpd.monitor.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

/** Sessions that answer and do not keep their times. */
class TimeoutBackstopTest {
  private static final long SECOND = 1_000_000_000L;

  /** Where the clock overflows meanwhile. */
  private static final long START = Long.MAX_VALUE - 5 * SECOND;

  private static long after(long seconds) {
    return START + seconds * SECOND;
  }

  @Test
  void row48_aClientThatDoesNothingIsNotKeptBeyondTimeout() {
    TimeoutBackstop t = new TimeoutBackstop(100, 30, 0, START);
    assertNull(t.findBroken(false, after(289)));
    assertNull(t.findBroken(true, after(289)));
    assertNull(t.findBroken(false, after(289 + 289)));
    assertEquals("TIMEOUT", t.findBroken(false, after(289 + 290)));
  }

  @Test
  void row48_nobodyIsKeptBeyondSessionTimeout() {
    TimeoutBackstop t = new TimeoutBackstop(100, 30, 1000, START);
    for (int s = 0; s < 1060; s += 5) {
      assertNull(t.findBroken(true, after(s)));
    }
    assertEquals("SESSION_TIMEOUT", t.findBroken(true, after(1060)));
  }
}
