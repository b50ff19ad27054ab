package org.twoftpd.monitor.process;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.twoftpd.shared.config.LimitSettings;

class OpenFilesTest {
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
    assertEquals(524_288, OpenFiles.hardLimit(lines));
    assertEquals(
        Long.MAX_VALUE,
        OpenFiles.hardLimit(List.of("Max open files            1024    unlimited    files     ")));
  }

  @Test
  void refusesMoreClientsThanDescriptors() {
    assertDoesNotThrow(() -> OpenFiles.check(clients(200), 4096));
    assertDoesNotThrow(() -> OpenFiles.check(clients(100_000), 524_288));
    assertDoesNotThrow(() -> OpenFiles.check(clients(100_000), Long.MAX_VALUE));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> OpenFiles.check(clients(100_000), 65_536));
    assertEquals(
        "MAX_CLIENTS=100000: must be at most 21496 with a limit of 65536 open files (ulimit -Hn,"
            + " LimitNOFILE in a unit)",
        e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> OpenFiles.check(clients(1), 512));
  }
}
