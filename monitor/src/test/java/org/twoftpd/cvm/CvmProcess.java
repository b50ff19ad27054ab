/*
 * Runs twoftpd-cvm as a process of its own, from the class path of the build.
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
 * @param log gets what the process writes to descriptors 1 and 2
 * @param follower the thread that writes to the log
 */
record CvmProcess(Process process, Path log, Thread follower) implements AutoCloseable {
  /** A uid and a gid, which need no entry in passwd(5). */
  static final String USER = "64123:64124";

  /** The command that starts twoftpd-cvm. */
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

  /** Reads from a pipe, where lines have priorities; in a file they would have none. */
  private static void follow(Process process, Path log) {
    try (OutputStream out = Files.newOutputStream(log)) {
      process.getInputStream().transferTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts twoftpd-cvm and waits for its socket. */
  static CvmProcess serve(Path users, Path socket) throws Exception {
    CvmProcess cvm =
        start(command("--users", users.toString(), "--socket", socket.toString(), "--user", USER));
    cvm.awaitSocket(socket);
    return cvm;
  }

  void awaitSocket(Path socket) throws Exception {
    for (int i = 0; i < 2000 && process.isAlive(); i++) {
      // A stale socket may be there from the beginning.  The new one comes after the line that
      // counts the accounts.
      if (Files.exists(socket) && said().contains(" accounts")) {
        awaitIds();
        return;
      }
      Thread.sleep(10);
    }
    close();
    fail("no socket: " + said());
  }

  /** Waits until the process has given up root, which it does after it has made the socket. */
  private void awaitIds() throws Exception {
    for (int i = 0; i < 2000 && !status("Seccomp").equals("2"); i++) {
      Thread.sleep(10);
    }
  }

  String said() throws IOException {
    return Files.readString(log);
  }

  /** Waits for a line of the log that contains the text. */
  void awaitLine(String text) throws Exception {
    for (int i = 0; i < 2000 && !said().contains(text); i++) {
      Thread.sleep(10);
    }
    assertTrue(said().contains(text), said());
  }

  /** Waits for the process to end, and returns its exit status. */
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
