/*
 * So many a second and no more, whatever the pattern.
 */
package org.twoftpd.monitor.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TokenBucketTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void aSecondsWorthIsThereAtOnceAndThenOneAtATime() {
    TokenBucket b = new TokenBucket(4, -5);
    for (int i = 0; i < 4; i++) {
      assertTrue(b.take(-5));
    }
    assertFalse(b.take(-5));
    assertEquals(250, b.millisToNext());
    assertFalse(b.take(-5 + SECOND / 4 - 1_000_000));
    assertTrue(b.take(-5 + SECOND / 4));
    assertFalse(b.take(-5 + SECOND / 4));
  }

  @Test
  void noMoreThanASecondsWorthIsSavedUp() {
    TokenBucket b = new TokenBucket(3, 0);
    int n = 0;
    while (b.take(3600 * SECOND)) {
      n++;
    }
    assertEquals(3, n);
  }

  @Test
  void anotherRateHoldsFromThenOn() {
    TokenBucket b = new TokenBucket(4, 0);
    b.changeRate(2, 0);
    assertEquals(2, b.rate());
    assertTrue(b.take(0));
    assertTrue(b.take(0));
    assertFalse(b.take(0));
    b.changeRate(8, SECOND / 2);
    assertTrue(b.take(SECOND / 2));
    assertFalse(b.take(SECOND / 2));
    assertEquals(125, b.millisToNext());
  }

  @Test
  void moreMayBeSavedUp() {
    TokenBucket b = new TokenBucket(3, 7, 0);
    for (long now : new long[] {0, 3600 * SECOND}) {
      int n = 0;
      while (b.take(now)) {
        n++;
      }
      assertEquals(7, n);
    }
  }

  @Test
  void askingInVainCostsNothing() {
    TokenBucket b = new TokenBucket(2, 0);
    int n = 0;
    for (long t = 0; t <= 10 * SECOND; t += SECOND / 1000) {
      n += b.take(t) ? 1 : 0;
    }
    assertEquals(2 + 20, n);
  }
}
