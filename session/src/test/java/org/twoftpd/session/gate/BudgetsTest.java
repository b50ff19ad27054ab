package org.twoftpd.session.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.twoftpd.shared.os.AddressText;
import org.twoftpd.shared.os.Endpoint;

/**
 * Tests how many commands the gate takes before login, from one connection and from one network.
 */
class BudgetsTest {
  private static final long SECOND = 1_000_000_000L;

  private final Budgets budgets = new Budgets();

  private List<Budget> from(String address) {
    return budgets.findBudgets(new Endpoint(AddressText.parse(address), 4711, 0), 0);
  }

  private static long take(List<Budget> some, long now) {
    return some.stream().mapToLong(b -> b.takeTurn(now)).max().orElseThrow();
  }

  @Test
  void aTurnIsThereAtOnceUntilTheyAreUsedUp() {
    Budget b = new Budget(20, 5, 0);
    for (int i = 0; i < 5; i++) {
      assertEquals(0, b.takeTurn(0));
    }
    assertEquals(SECOND / 20, b.takeTurn(0));
    assertEquals(SECOND / 10, b.takeTurn(0));
    assertEquals(0, b.takeTurn(SECOND / 5));
    int more = 0;
    while (b.takeTurn(3600 * SECOND) == 0) {
      more++;
    }
    assertEquals(5, more);
  }

  @Test
  void aLoginIsNotSlowed() {
    for (int i = 0; i < 32; i++) {
      List<Budget> client = from("192.0.2.1");
      for (int turn = 0; turn < 20; turn++) {
        assertEquals(0, take(client, 0));
      }
    }
  }

  @Test
  void row52_connectingAgainGivesNoOtherBudgetToASource() {
    int atOnce = 0;
    for (int i = 0; i < 200; i++) {
      List<Budget> client = from("192.0.2.1");
      for (int turn = 0; turn < 50; turn++) {
        if (take(client, 0) == 0) {
          atOnce++;
        }
      }
    }
    assertEquals(Budgets.SOURCE_CAPACITY, atOnce);
    assertEquals(0, take(from("192.0.2.2"), 0));
  }

  @Test
  void row52_aWideNetworkOfIpv6HasABudgetToo() {
    int atOnce = 0;
    for (int i = 0; i < 1000; i++) {
      List<Budget> client = from(String.format("2001:db8:1:%x::1", i * 64));
      for (int turn = 0; turn < 50; turn++) {
        if (take(client, 0) == 0) {
          atOnce++;
        }
      }
    }
    assertEquals(4 * Budgets.SOURCE_CAPACITY, atOnce);
    assertEquals(0, take(from("2001:db8:2::1"), 0));
  }

  @Test
  void manyNetworksDoNotMakeOneForgetWhatItOwes() {
    List<Budget> busy = from("192.0.2.1");
    for (int i = 0; i < 2 * Budgets.SOURCE_CAPACITY; i++) {
      take(busy, 0);
    }
    for (int i = 0; i < 11_000; i++) {
      from("10.0." + i / 256 + "." + i % 256);
    }
    assertTrue(take(from("192.0.2.1"), 0) > 0);
    assertTrue(budgets.countNetworks() <= 10_000);
  }

  @Test
  void whereAllOweTheLeastIsForgotten() {
    for (int i = 0; i < 11_000; i++) {
      List<Budget> each = from("10.0." + i / 256 + "." + i % 256);
      take(each, 0);
      take(each, 0);
    }
    List<Budget> busy = from("192.0.2.1");
    for (int i = 0; i < 2 * Budgets.SOURCE_CAPACITY; i++) {
      take(busy, 0);
    }
    for (int i = 0; i < 11_000; i++) {
      take(from("10.1." + i / 256 + "." + i % 256), 0);
    }
    assertTrue(take(from("192.0.2.1"), 0) > 0);
    assertTrue(budgets.countNetworks() <= 10_000);
  }

  @Test
  void memoryIsBounded() {
    for (int i = 0; i < 11_000; i++) {
      from("10.0." + i / 256 + "." + i % 256);
    }
    assertTrue(budgets.countNetworks() <= 10_000);
  }
}
