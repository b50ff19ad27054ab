package org.twoftpd.monitor.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** SPAWN_RATE when nobody has set it. */
class StartCostTest {
  private static final long MILLI = 1_000_000;

  private static StartCost after(int processors, int starts, long nanos) {
    StartCost cost = new StartCost(processors);
    for (int i = 0; i < starts; i++) {
      cost.addMeasurement(nanos);
    }
    return cost;
  }

  @Test
  void startsTakeThreeQuartersOfTheProcessors() {
    assertEquals(15, after(2, 100, 100 * MILLI).perSecond());
    assertEquals(60, after(8, 100, 100 * MILLI).perSecond(), 1);
    assertEquals(37, after(2, 100, 40 * MILLI).perSecond());
  }

  @Test
  void oneOddStartChangesLittleAndNoneStopsTheService() {
    StartCost cost = after(2, 100, 50 * MILLI);
    int before = cost.perSecond();
    cost.addMeasurement(0);
    assertTrue(cost.perSecond() <= before * 5 / 4, "one that took nothing");
    cost.addMeasurement(-1);
    assertTrue(cost.perSecond() <= before * 5 / 4, "one that could not be measured");
    assertEquals(1, after(1, 1000, 3_600_000 * MILLI).perSecond());
    assertEquals(300, after(2, 1000, 0).perSecond(), 1);
  }
}
