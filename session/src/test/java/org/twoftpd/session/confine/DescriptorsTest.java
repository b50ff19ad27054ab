package org.twoftpd.session.confine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.twoftpd.shared.os.Native;

/**
 * Shows what a virtual machine can still do without its descriptors. Each test starts a process,
 * since it takes all descriptors of that process away.
 */
final class DescriptorsTest {
  /**
   * Takes its own descriptors away, loads a class of the run-time image and writes which
   * descriptors are left.
   */
  static final class Dropper {
    public static void main(String[] arguments) throws Exception {
      Native.load();
      Descriptors.replaceAll();
      String loaded = Class.forName("java.util.concurrent.Phaser").getSimpleName();
      try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
        System.out.println(
            open.map(Dropper::target)
                    .filter(t -> !t.startsWith("/proc/"))
                    .collect(Collectors.joining(" "))
                + " loaded "
                + loaded);
      }
    }

    private static String target(Path fd) {
      try {
        return Files.readSymbolicLink(fd).toString();
      } catch (java.io.IOException e) {
        return "/proc/gone";
      }
    }
  }

  @Test
  void theRunTimeImageStaysAndNothingElse() throws Exception {
    Process p =
        new ProcessBuilder(
                List.of(
                    System.getProperty("java.home") + "/bin/java",
                    "-Dtwoftpd.native=" + System.getProperty("twoftpd.native"),
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Dropper.class.getName()))
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectError(Path.of("/dev/null").toFile())
            .start();
    String said = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
    assertTrue(p.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, p.exitValue(), said);
    assertTrue(said.endsWith(" loaded Phaser"), said);
    for (String target : said.split(" ", -1)) {
      assertTrue(
          target.equals("/dev/null")
              || target.startsWith("pipe:")
              || target.endsWith("/lib/modules")
              || target.equals("loaded")
              || target.equals("Phaser"),
          said);
    }
  }
}
