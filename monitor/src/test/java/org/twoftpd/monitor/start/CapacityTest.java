package org.twoftpd.monitor.start;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.twoftpd.shared.config.LimitSettings;

class CapacityTest {
  private static LimitSettings clients(int most) {
    return new LimitSettings(most, 8, 8, 20, 600, List.of(), 2, 8, 20);
  }

  @Test
  void readsTheHardLimit() {
    List<String> lines =
        List.of(
            "Limit                     Soft Limit           Hard Limit           Units     ",
            "Max processes             15000                16000                processes ",
            "Max open files            1024                 524288               files     ");
    assertEquals(524_288, Capacity.hardLimit(lines));
    assertEquals(
        Long.MAX_VALUE,
        Capacity.hardLimit(List.of("Max open files            1024    unlimited    files     ")));
  }

  @Test
  void refusesMoreClientsThanDescriptors() {
    long heap = 8L << 30;
    assertDoesNotThrow(() -> Capacity.check(clients(200), false, 4096, heap));
    assertDoesNotThrow(() -> Capacity.check(clients(100_000), false, 524_288, heap));
    assertDoesNotThrow(() -> Capacity.check(clients(100_000), false, Long.MAX_VALUE, heap));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Capacity.check(clients(100_000), false, 65_536, heap));
    assertEquals(
        "MAX_CLIENTS=100000: must be at most 21133 with a limit of 65536 open files (ulimit -Hn,"
            + " LimitNOFILE in a unit)",
        e.getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> Capacity.check(clients(1), false, 512, heap));
  }

  @Test
  void refusesMoreClientsThanTheHeapHolds() {
    assertDoesNotThrow(() -> Capacity.check(clients(1024), false, Long.MAX_VALUE, 64 << 20));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Capacity.check(clients(1025), false, Long.MAX_VALUE, 64 << 20));
    assertEquals(
        "MAX_CLIENTS=1025: must be at most 1024 with a heap of 64 MiB (-Xmx of the monitor)",
        e.getMessage());
  }

  @Test
  void aClientOverTlsCostsTheGateMoreDescriptors() {
    long heap = 8L << 30;
    assertDoesNotThrow(() -> Capacity.check(clients(200), true, 4096, heap));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Capacity.check(clients(100_000), true, 65_536, heap));
    assertEquals(
        "MAX_CLIENTS=100000: must be at most 12684 with a limit of 65536 open files (ulimit -Hn,"
            + " LimitNOFILE in a unit)",
        e.getMessage());
  }
}
