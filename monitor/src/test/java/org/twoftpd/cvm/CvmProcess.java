/*
 * twoftpd-cvm as it runs: a process of its own, started from the build's class path.
 */
package org.twoftpd.cvm;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A running twoftpd-cvm.
 *
 * @param log what it says on descriptors 1 and 2
 * @param follower writes it there
 */
record CvmProcess(Process process, Path log, Thread follower) implements AutoCloseable {
  /** A uid and a gid that no passwd entry is needed for. */
  static final String USER = "64123:64124";

  /** The command that starts it. */
  static List<String> command(String... arguments) {
    return commandOf(
        System.getProperty("java.class.path"), System.getProperty("twoftpd.native"), arguments);
  }

  static List<String> commandOf(String classPath, String library, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Xms4m",
                "-Xmx64m",
                "--enable-native-access=ALL-UNNAMED",
                "-Dtwoftpd.native=" + library,
                "-cp",
                classPath,
                "org.twoftpd.cvm.Main"));
    command.addAll(List.of(arguments));
    return command;
  }

  static CvmProcess start(List<String> command) throws IOException {
    Path log = Files.createTempFile("twoftpd-cvm", ".log");
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new CvmProcess(process, log, Thread.startVirtualThread(() -> follow(process, log)));
  }

  /** As its lines come, and so with priorities: a file would get none. */
  private static void follow(Process process, Path log) {
    try (OutputStream out = Files.newOutputStream(log)) {
      process.getInputStream().transferTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts it and waits for the socket. */
  static CvmProcess serve(Path users, Path socket) throws Exception {
    CvmProcess cvm =
        start(command("--users", users.toString(), "--socket", socket.toString(), "--user", USER));
    cvm.awaitSocket(socket);
    return cvm;
  }

  void awaitSocket(Path socket) throws Exception {
    for (int i = 0; i < 2000 && process.isAlive(); i++) {
      // A stale one is there from the beginning; ours comes after the line that counts accounts.
      if (Files.exists(socket) && said().contains(" accounts")) {
        awaitIds();
        return;
      }
      Thread.sleep(10);
    }
    close();
    fail("no socket: " + said());
  }

  /** It makes the socket as root; the tests look at what it is a moment later. */
  private void awaitIds() throws Exception {
    for (int i = 0; i < 2000 && !status("Seccomp").equals("2"); i++) {
      Thread.sleep(10);
    }
  }

  String said() throws IOException {
    return Files.readString(log);
  }

  /** Waits for a line with that in it. */
  void awaitLine(String text) throws Exception {
    for (int i = 0; i < 2000 && !said().contains(text); i++) {
      Thread.sleep(10);
    }
    assertTrue(said().contains(text), said());
  }

  /** The exit status of one that ends by itself. */
  int status() throws InterruptedException {
    assertTrue(process.waitFor(20, TimeUnit.SECONDS), "ended");
    assertTrue(follower.join(Duration.ofSeconds(20)), "has said all");
    return process.exitValue();
  }

  /** A line of /proc/PID/status, proc(5). */
  String status(String field) throws IOException {
    return field(Path.of("/proc/" + process.pid() + "/status"), field);
  }

  static String field(Path status, String field) throws IOException {
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith(field + ":"))
        .map(line -> line.substring(field.length() + 1).strip().replace('\t', ' '))
        .findFirst()
        .orElse("");
  }

  List<Path> threads() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/" + process.pid() + "/task"))) {
      return all.toList();
    }
  }

  long descriptors() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
      return all.count();
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    process.destroy();
    process.onExit().completeOnTimeout(process, 5, TimeUnit.SECONDS).join();
    process.destroyForcibly();
    assertTrue(follower.join(Duration.ofSeconds(20)), "has said all");
    Files.deleteIfExists(log);
  }
}
