/*
 * strace(1) on a process: it shows what the process asks of the kernel and in which order, and makes calls fail as no disk
 * here can be made to fail.
 */
package org.twoftpd.test.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Traces a process until it is closed. */
public final class Strace implements AutoCloseable {
  private final Process process;
  private final Path output;

  /**
   * Attaches to every thread of a process.
   *
   * @param options of strace
   */
  public Strace(long pid, String... options) throws IOException {
    output = Files.createTempFile("twoftpd-strace", "");
    List<String> command = new ArrayList<>(List.of("strace", "-f", "-y", "-o", output.toString()));
    command.addAll(List.of(options));
    command.addAll(List.of("-p", Long.toString(pid)));
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    Chain.eventually("strace is attached", () -> tracers(pid) == threads(pid));
  }

  private static long threads(long pid) {
    String[] all = Path.of("/proc/" + pid + "/task").toFile().list();
    return all == null ? -1 : all.length;
  }

  private static long tracers(long pid) {
    long n = 0;
    for (String task : Path.of("/proc/" + pid + "/task").toFile().list()) {
      try {
        String status = Files.readString(Path.of("/proc/" + pid + "/task/" + task + "/status"));
        n += status.contains("TracerPid:\t0\n") ? 0 : 1;
      } catch (IOException e) {
        // The thread has ended.
      }
    }
    return n;
  }

  /** The lines that strace has written so far. */
  public List<String> lines() throws IOException {
    return Files.readAllLines(output);
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Files.delete(output);
  }
}
