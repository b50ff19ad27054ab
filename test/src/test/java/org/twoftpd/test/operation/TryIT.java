/*
 * test/try itself: every signal ends it, however it was started, and none of its processes outlives it.
 */
package org.twoftpd.test.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.Checkout;
import org.twoftpd.test.harness.Dialogue;

@Timeout(120)
class TryIT {
  /**
   * A shell that is not interactive has its background jobs ignore SIGINT. This one prints the pid
   * of its job and waits for it.
   */
  private static final String BACKGROUND =
      "\"$0\" --no-build --port 0 --hash 1 & echo pid $!; wait";

  /** A chain that a shell has started in the background, and in which somebody has logged in. */
  private static final class Started implements AutoCloseable {
    private final Process shell;
    private final Dialogue session;
    final ProcessHandle script;
    final ProcessHandle monitor;
    final Path run;
    private final List<ProcessHandle> all = new ArrayList<>();

    Started() throws IOException {
      shell =
          new ProcessBuilder(
                  "env",
                  "--default-signal=HUP",
                  "bash",
                  "-c",
                  BACKGROUND,
                  System.getProperty("twoftpd.try"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      BufferedReader out = shell.inputReader(StandardCharsets.UTF_8);
      long pid = Long.parseLong(after("pid ", out));
      String place = after("listening on ", out);
      String log = after("monitor ", out);
      run = Path.of(log.substring(log.indexOf("log ") + "log ".length())).getParent();
      String password = after("account demo, password ", out);
      session =
          new Dialogue("127.0.0.1", Integer.parseInt(place.substring(place.indexOf(':') + 1)));
      session.expect(220);
      session.expect(331, "USER demo");
      session.expect(230, "PASS " + password);
      script = ProcessHandle.of(pid).orElseThrow();
      monitor = ProcessHandle.of(Long.parseLong(log.substring(0, log.indexOf(',')))).orElseThrow();
    }

    /** Reads up to the first line that begins so, and returns its rest. */
    private static String after(String begin, BufferedReader in) throws IOException {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.startsWith(begin)) {
          return line.substring(begin.length());
        }
      }
      throw new IOException("no line begins with " + begin);
    }

    /** Looks for all processes anew: the last of them may start after the login succeeded. */
    boolean isComplete() {
      all.clear();
      try (Stream<ProcessHandle> below = script.descendants()) {
        below.forEach(all::add);
      }
      // The script, its keeper, monitor, gate, a session or a spare, the credential module, tail.
      return left().size() >= 7;
    }

    ProcessHandle keeper() {
      return all.stream()
          .filter(p -> commandLine(p).contains("lib/keeper"))
          .findAny()
          .orElseThrow();
    }

    List<ProcessHandle> gates() {
      return all.stream()
          .filter(p -> commandLine(p).startsWith("twoftpd-gate"))
          .filter(TryIT::lives)
          .toList();
    }

    List<ProcessHandle> left() {
      return all.stream().filter(TryIT::lives).toList();
    }

    @Override
    public void close() throws IOException {
      session.close();
      script.destroy();
      shell.destroy();
      try {
        assertTrue(shell.waitFor(20, TimeUnit.SECONDS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static String commandLine(ProcessHandle p) {
    try {
      return Files.readString(
          Path.of("/proc/" + p.pid() + "/cmdline"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  /** A process that has ended and that nobody waits for has no command line any more. */
  private static boolean lives(ProcessHandle p) {
    return p.isAlive() && !commandLine(p).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM", "HUP", "KILL"})
  void everySignalEndsAllOfIt(String signal) throws IOException {
    try (Started s = new Started()) {
      Chain.eventually("all of it", s::isComplete);
      Chain.signal(signal, s.script.pid());
      Chain.eventually("ended by SIG" + signal, () -> !lives(s.script) && s.left().isEmpty());
      Chain.eventually("its directory is removed", () -> !Files.exists(s.run));
    }
  }

  /**
   * When script and keeper are killed, the kernel tells the monitor, which ends and frees the port.
   */
  @Test
  void aMonitorWhoseStarterIsGoneEnds() throws IOException {
    Started s = new Started();
    try (s) {
      Chain.eventually("all of it", s::isComplete);
      for (ProcessHandle p : List.of(s.keeper(), s.script)) {
        Chain.signal("KILL", p.pid());
      }
      Chain.eventually("the monitor ends", () -> !lives(s.monitor) && s.gates().isEmpty());
      assertTrue(Files.readString(s.run.resolve("log")).contains("stopped"));
    } finally {
      s.left().forEach(ProcessHandle::destroyForcibly);
      Chain.deleteTree(s.run);
    }
  }

  /** Each mode with the number of commands that connect in it. */
  @ParameterizedTest
  @CsvSource({"off, 2", "on, 3", "required, 2"})
  void theCommandsThatItPrintsConnect(String tls, int commands) throws Exception {
    Process script =
        new ProcessBuilder(
                System.getProperty("twoftpd.try"), "--no-build", "--port", "0", "--tls", tls)
            .directory(Checkout.top().toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader out = script.inputReader(StandardCharsets.UTF_8)) {
      String line = Started.after("try:  ", out);
      int tried = 1;
      // lftp's is the last.
      for (; !line.startsWith("lftp "); line = out.readLine().strip()) {
        succeeds(line);
        tried++;
      }
      String listed = succeeds(line);
      assertTrue(listed.contains("README.md"), line + "\n" + listed);
      assertEquals(commands, tried);
    } finally {
      script.destroy();
      script.waitFor();
    }
  }

  /** Runs a shell command, which may ask what to do, and returns what it says. */
  private static String succeeds(String command) throws Exception {
    Process client =
        new ProcessBuilder("sh", "-c", command)
            .directory(Checkout.top().toFile())
            .redirectErrorStream(true)
            .start();
    try (Writer in = client.outputWriter()) {
      in.write("ls\nbye\n");
    } catch (IOException _) {
      // It does not ask.
    }
    String said = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, client.waitFor(), command + "\n" + said);
    return said;
  }
}
