package org.twoftpd.session.tls;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WarmthTest {
  @Test
  void theSecondTimeIsFaster() {
    RemoteSignature.install();
    long begin = System.nanoTime();
    Warmth.spread();
    long first = System.nanoTime();
    Warmth.spread();
    long second = System.nanoTime();
    System.out.println((first - begin) / 1000 + " us, then " + (second - first) / 1000);
    assertTrue(second - first < first - begin);
  }
}
