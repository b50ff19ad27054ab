package org.twoftpd.monitor.login;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.twoftpd.shared.config.PortRange;

class LocalPortsTest {
  private static final PortRange ANY = new PortRange(0, 0);

  @Test
  void theKernelsTextIsTwoNumbers() {
    assertEquals(new PortRange(32768, 60999), LocalPorts.parse("32768\t60999\n"));
    assertEquals(new PortRange(1024, 1024), LocalPorts.parse("1024 1024"));
  }

  @Test
  void anythingElseLeavesTheChoiceToTheKernel() {
    for (String s :
        new String[] {"", "\n", "x y", "60999 32768", "0 5", "1 65536", "-1 5", "3", "1 2 3"}) {
      assertEquals(ANY, LocalPorts.parse(s), s);
    }
  }

  @Test
  void thisKernelHasARange() {
    PortRange r = LocalPorts.ofKernel();
    assertTrue(r.high() - r.low() > 100, r.toString());
  }
}
