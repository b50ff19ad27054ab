package org.twoftpd.session.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WarmthTest {
  @Test
  void theSecondTimeIsFaster() throws Exception {
    RemoteSignature.install();
    Warmth warmth = new Warmth();
    long begin = System.nanoTime();
    warmth.spread();
    long first = System.nanoTime();
    warmth.spread();
    long second = System.nanoTime();
    warmth.deepen(2);
    System.out.println((first - begin) / 1000 + " us, then " + (second - first) / 1000);
    assertTrue(second - first < first - begin);
  }

  @Test
  void leavesNoDescriptor() throws Exception {
    RemoteSignature.install();
    new Warmth().deepen(2);
    long before = descriptors();
    Warmth warmth = new Warmth();
    warmth.spread();
    warmth.deepen(2);
    assertEquals(before, descriptors());
  }

  private static long descriptors() throws Exception {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.count();
    }
  }
}
