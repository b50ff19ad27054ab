/*
 * A gate with TLS compiles what it needs before clients come for it, with what its confinement leaves it.
 */
package org.twoftpd.test.operation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.twoftpd.test.harness.Chain;

class GateWarmthIT {
  @Test
  void theGateWarmsItselfAndSaysNothing() throws IOException {
    try (Chain chain = Chain.options().user("alice").with("--tls", "on").start()) {
      long gate = chain.children("gate").getFirst();

      Chain.eventually("the gate has begun", () -> threads(gate).contains("warmth"));
      Chain.eventually("the gate is warm", () -> !threads(gate).contains("warmth"));
      // What a filter refuses is other tests' affair.
      assertTrue(
          chain.log().lines().noneMatch(l -> l.matches("stderr role=gate (?!.*refused-syscall).*")),
          chain.log());
    }
  }

  private static List<String> threads(long pid) {
    try (Stream<Path> all = Files.list(Path.of("/proc/" + pid + "/task"))) {
      return all.map(GateWarmthIT::name).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name(Path thread) {
    try {
      return Files.readString(thread.resolve("comm")).trim();
    } catch (IOException e) {
      return "gone";
    }
  }
}
