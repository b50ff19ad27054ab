/*
 * Runs what cannot be taken back, like giving up root, in a JVM of its own.
 */
package org.twoftpd.shared.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

final class ForkedJvm {
  private ForkedJvm() {}

  /** Runs a main class of this module's tests, which must exit with 0, and returns its output. */
  static String run(Class<?> main, String... options) throws IOException, InterruptedException {
    Path output = Files.createTempFile("twoftpd-forked", ".txt");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(
        List.of("-XX:+UseSerialGC", "-XX:-UsePerfData", "--enable-native-access=ALL-UNNAMED"));
    command.add("-Dtwoftpd.native=" + System.getProperty("twoftpd.native"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    try {
      Process p =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      p.getOutputStream().close();
      boolean ended = p.waitFor(60, TimeUnit.SECONDS);
      p.destroyForcibly();
      String said = Files.readString(output, StandardCharsets.ISO_8859_1);
      assertTrue(ended, "no end after a minute: " + said);
      assertEquals(0, p.exitValue(), said);
      return said;
    } finally {
      Files.delete(output);
    }
  }
}
