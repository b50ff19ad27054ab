package org.twoftpd.session.fs;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.twoftpd.session.listing.Listing;
import org.twoftpd.shared.os.Native;

/** Runs a main class of the tests in a JVM of its own, with the flags of a session. */
public final class ChildProgram {
  private ChildProgram() {}

  private static String where(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation().getPath();
  }

  /**
   * Runs the program and returns the lines that it wrote. Fails unless it ends without an error
   * within two minutes.
   */
  public static List<String> run(Class<?> program, String heap, String... arguments)
      throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "--enable-native-access=ALL-UNNAMED",
                "-Dtwoftpd.native=" + System.getProperty("twoftpd.native"),
                "-cp",
                String.join(
                    File.pathSeparator,
                    where(Listing.class),
                    where(ChildProgram.class),
                    where(Native.class)),
                program.getName()));
    command.addAll(List.of(arguments));
    File output = File.createTempFile("twoftpd-fs", ".out");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output).start();
    try {
      boolean ended = process.waitFor(120, TimeUnit.SECONDS);
      List<String> lines = java.nio.file.Files.readAllLines(output.toPath(), US_ASCII);
      assertTrue(ended, () -> "still running: " + lines);
      assertEquals(0, process.exitValue(), () -> String.join("\n", lines));
      return lines;
    } finally {
      process.destroyForcibly();
      assertTrue(output.delete());
    }
  }
}
