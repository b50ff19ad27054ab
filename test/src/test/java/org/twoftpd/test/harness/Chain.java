/*
 * Starts the real processes for a test, through test/try, and ends it again.
 */
package org.twoftpd.test.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Monitor, gate, spares and twoftpd-cvm, running on a free port of 127.0.0.1 with accounts of their
 * own.
 */
public final class Chain implements AutoCloseable {
  /** A directory that root trusts; test/lib/build.sh lays the program out beside it. */
  public static final Path PLACE = Path.of("/var/lib/twoftpd-test/chains");

  /** How long a test waits for what must happen; machines of tests may be very busy. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** An account that the chain was started with. */
  public record User(String name, String password, int uid, Path home) {}

  private final Process script;
  private final Path directory;
  private final Map<String, User> users;
  private final List<String> places = new ArrayList<>();
  private long monitor;
  private long module = -1;
  private Path log;
  private List<String> startedWith;

  /** A chain without accounts yet. */
  public static ChainOptions options() {
    return new ChainOptions();
  }

  /** A chain with the accounts alice and bob. */
  public static Chain ofAliceAndBob() throws IOException {
    return options().user("alice").user("bob").start();
  }

  Chain(ChainOptions o) throws IOException {
    directory = o.directory;
    users = Map.copyOf(o.users);
    List<String> command = new ArrayList<>(o.before);
    command.add(System.getProperty("twoftpd.try"));
    command.addAll(List.of("--no-build", "--port", "0", "--hash", "1", "--tls", "off"));
    command.addAll(o.arguments);
    Path output = directory.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.to(output.toFile()));
    builder.environment().putAll(o.environment);
    script = builder.start();
    BufferedReader out = script.inputReader(StandardCharsets.UTF_8);
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith("listening on ")) {
        places.add(line.substring("listening on ".length()));
      } else if (line.startsWith("monitor ")) {
        String[] words = line.split("[ ,;]+", -1);
        monitor = Long.parseLong(words[1]);
        if (words[2].equals("twoftpd-cvm")) {
          module = Long.parseLong(words[3]);
        }
        log = Path.of(words[words.length - 1]);
        return;
      }
    }
    String said = Files.readString(output);
    close();
    throw new IOException("the chain did not start: " + said);
  }

  /**
   * Has the service read its settings again: those that it was started with, to which these lines
   * are added, or which they replace.
   *
   * @return the line of the log that says what came of it
   */
  public String reload(String... lines) throws IOException {
    Path file = configuration();
    if (startedWith == null) {
      startedWith = Files.readAllLines(file);
    }
    List<String> all = new ArrayList<>(startedWith);
    for (String line : lines) {
      String name = line.substring(0, line.indexOf('=') + 1);
      all.removeIf(l -> l.startsWith(name));
      all.add(line);
    }
    Files.write(file, all);
    int before = reloads().size();
    signal("HUP", monitor);
    eventuallyTold("the settings are read again", () -> reloads().size() > before);
    return reloads().getLast();
  }

  private List<String> reloads() throws IOException {
    return log().lines().filter(l -> l.contains("reload result=")).toList();
  }

  /** The port of 127.0.0.1, or of the first address. */
  public int port() {
    return port(0);
  }

  /** The port of one of the addresses listened on; 0 is the first. */
  public int port(int place) {
    String p = places.get(place);
    return Integer.parseInt(p.substring(p.lastIndexOf(':') + 1));
  }

  /** An account. */
  public User user(String name) {
    return users.get(name);
  }

  /** The monitor's pid. */
  public long monitor() {
    return monitor;
  }

  /** The credential module's pid. */
  public long module() {
    return module;
  }

  /** The file of settings. */
  public Path configuration() {
    return log.resolveSibling("twoftpd.conf");
  }

  /** Everything that was logged so far. */
  public String log() throws IOException {
    return Files.readString(log, StandardCharsets.ISO_8859_1);
  }

  /** Where homes lie. */
  public Path directory() {
    return directory;
  }

  /** A connection that has been greeted. */
  public Dialogue connect() throws IOException {
    Dialogue d = new Dialogue("127.0.0.1", port());
    d.expect(220);
    return d;
  }

  /** A connection from one of this machine's own addresses, 127.0.0.9 say; not greeted yet. */
  public Dialogue connectFrom(String source) throws IOException {
    Socket s = new Socket();
    s.bind(new InetSocketAddress(source, 0));
    s.connect(new InetSocketAddress("127.0.0.1", port()), 20_000);
    return new Dialogue(s);
  }

  /** A connection that has logged in. */
  public Dialogue login(String name) throws IOException {
    return login(connect(), name);
  }

  /** Logs a connection in that has been greeted. */
  public Dialogue login(Dialogue d, String name) throws IOException {
    User u = users.get(name);
    d.expect(331, "USER " + name);
    d.expect(230, "PASS " + u.password());
    return d;
  }

  /** The pids of the monitor's children whose command line names that class or role. */
  public List<Long> children(String role) {
    try (Stream<ProcessHandle> all = ProcessHandle.of(monitor).orElseThrow().children()) {
      return all.map(ProcessHandle::pid)
          .filter(p -> commandLine(p).startsWith("twoftpd-" + role))
          .toList();
    }
  }

  private static String commandLine(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  /** The session processes that have become a user's. */
  public List<Long> sessionsOf(String name) {
    return children("session").stream().filter(p -> uid(p) == users.get(name).uid()).toList();
  }

  /** The real uid of a process; -1 when it is gone. */
  public static long uid(long pid) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
      return lines
          .filter(l -> l.startsWith("Uid:"))
          .map(l -> Long.parseLong(l.split("\\s+", -1)[1]))
          .findFirst()
          .orElse(-1L);
    } catch (IOException | UncheckedIOException e) {
      return -1;
    }
  }

  /** Kills the monitor and stops test/try first, which would end everything else with it. */
  public void killMonitorAlone() throws IOException {
    signal("STOP", script.pid());
    signal("KILL", monitor);
  }

  /** Sends a signal to one process that this chain has started; STOP is waited for. */
  public static void signal(String name, long pid) throws IOException {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (name.equals("STOP")) {
      eventually("process " + pid + " stands still", () -> isStopped(pid));
    }
  }

  private static boolean isStopped(long pid) {
    try {
      return ProcessThreads.allAre(pid, "TtZX");
    } catch (IOException e) {
      // Unless it was one thread alone that ended, nothing is left to wait for.
      return !Files.exists(Path.of("/proc/" + pid));
    }
  }

  /** Waits until something has become true, at most {@link #PATIENCE}. */
  public static void eventually(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("not within " + PATIENCE.toSeconds() + " s: " + what);
      }
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
  }

  /** A condition that is found out over the network. */
  public interface Trial {
    /** Tries once. */
    boolean succeeds() throws IOException;
  }

  /** Waits until a trial succeeds, at most {@link #PATIENCE}; one that throws has failed. */
  public static void eventuallyTold(String what, Trial trial) {
    eventually(
        what,
        () -> {
          try {
            return trial.succeeds();
          } catch (IOException e) {
            return false;
          }
        });
  }

  /** Waits until a line of the log matches. */
  public void eventuallyLogged(String regex) {
    eventually(
        "a log line " + regex,
        () -> {
          try {
            return log().lines().anyMatch(l -> l.matches(".*" + regex + ".*"));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /**
   * With LOGSYSCALLS=on in the environment, a test also fails when a filter lacks something that
   * the program needs. Only the program's own thread, which is called java, counts: threads of the
   * virtual machine look for files of /proc and /sys, which a jail does not have. The credential
   * module is in no jail, so there every thread counts.
   */
  private void checkRefusals() throws IOException {
    if (log != null && Files.exists(log)) {
      String refused =
          log()
              .lines()
              .filter(l -> l.matches(".*refused-syscall.*(role=cvm|name=.{1,4}java).*"))
              .collect(Collectors.joining("\n"));
      if (!refused.isEmpty()) {
        throw new AssertionError(refused);
      }
    }
  }

  @Override
  public void close() throws IOException {
    try {
      stop();
    } finally {
      deleteTree(directory);
    }
  }

  private void stop() throws IOException {
    try {
      checkRefusals();
    } finally {
      end();
    }
  }

  private void end() throws IOException {
    try {
      signal("CONT", script.pid());
      script.destroy();
      if (!script.waitFor(30, TimeUnit.SECONDS)) {
        script.destroyForcibly();
        throw new IOException("test/try did not end within 30 s of SIGTERM");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Removes a directory with all that is in it. */
  public static void deleteTree(Path top) throws IOException {
    Files.walkFileTree(
        top,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes a) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path dir, IOException e) throws IOException {
            Files.delete(dir);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
