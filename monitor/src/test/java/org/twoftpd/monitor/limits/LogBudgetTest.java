package org.twoftpd.monitor.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.twoftpd.shared.log.Event;
import org.twoftpd.shared.log.Share;

/** Who may have how much logged, on a clock of the test's. */
class LogBudgetTest {
  private static final long SECOND = 1_000_000_000L;
  private static final int LINE = Event.SMALL;

  private final LogBudget budget = new LogBudget(1000, 400, 10, 500, 0);

  private static Share user(String name) {
    return Share.user(name.getBytes(StandardCharsets.US_ASCII));
  }

  private int taken(Share whose, int size, long now) {
    int n = 0;
    while (budget.take(whose, size, now)) {
      n++;
    }
    return n;
  }

  @Test
  void oneHasNoMoreThanHisRate() {
    assertEquals(800, taken(user("anna"), LINE, 0));
    assertEquals(400, taken(user("anna"), LINE, SECOND));
    assertEquals(40, taken(user("anna"), LINE, SECOND + SECOND / 10));
  }

  @Test
  void allHaveNoMoreThanTheirsAndWhoComesSeldomALittleWhateverTheOthersDo() {
    int all = 0;
    for (int i = 0; i < 10; i++) {
      all += taken(user("flooder" + i), LINE, 0);
    }
    // The first three have used up what is for all, and with it their own.
    assertEquals(2000 + 7 * 20, all);
    assertEquals(20, taken(user("anna"), LINE, 0));
    assertFalse(budget.take(user("anna"), LINE, 0));
    assertTrue(budget.take(user("anna"), LINE, SECOND / 10));
  }

  @Test
  void row47_aThousandAddressesHaveNoMoreThanAllMayHave() {
    int first = 0;
    int second = 0;
    for (int i = 0; i < 20_000; i++) {
      first += budget.take(user("first" + i), LINE, 0) ? 1 : 0;
    }
    for (int i = 0; i < 20_000; i++) {
      second += budget.take(user("second" + i), LINE, SECOND) ? 1 : 0;
    }
    assertEquals(2 * (1000 + 500), first);
    assertEquals(1000 + 500, second);
  }

  @Test
  void aLongLineCountsAsSeveral() {
    int lines = taken(user("anna"), 10 * LINE, 0);
    assertTrue(lines >= 80 && lines <= 81, () -> lines + " lines");
  }
}
