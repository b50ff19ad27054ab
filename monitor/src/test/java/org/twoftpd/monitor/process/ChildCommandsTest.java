package org.twoftpd.monitor.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a gate is started with for TLS alone. */
class ChildCommandsTest {
  private static List<String> gate(boolean tls) {
    return Arrays.stream(new ChildCommands(Path.of("/nowhere"), false).gate(9, tls).arguments())
        .map(a -> new String(a, StandardCharsets.UTF_8))
        .toList();
  }

  @Test
  void noClientBeginsAnotherHandshakeInsideOfTls() {
    String property = "-Djdk.tls.rejectClientInitiatedRenegotiation=true";

    assertEquals(1, gate(true).stream().filter(property::equals).count());
    assertEquals(0, gate(false).stream().filter(a -> a.startsWith("-Djdk.tls")).count());
  }

  /** The virtual machine uses the last of several. */
  @Test
  void theCompilerThatKnowsCiphersIsThereForTlsAlone() {
    assertEquals("-XX:TieredStopAtLevel=4", compilers(true).getLast());
    assertEquals(List.of("-XX:TieredStopAtLevel=1"), compilers(false));
  }

  /** What compiling has used is given back, and ciphers are compiled long before all else. */
  @Test
  void aGateWithTlsIsGivenWhatItsCiphersNeed() {
    List<String> soon =
        gate(true).stream().filter(a -> a.endsWith("crypto.provider.*::*,0.01")).toList();

    assertEquals(1, soon.size());
    assertTrue(gate(true).contains("-XX:TrimNativeHeapInterval=10000"));
    assertEquals(
        List.of(),
        gate(false).stream().filter(a -> a.matches(".*(CompileCommand|Trim).*")).toList());
  }

  private static List<String> compilers(boolean tls) {
    return gate(tls).stream().filter(a -> a.startsWith("-XX:TieredStopAtLevel")).toList();
  }
}
