/*
 * Trusted to name every file that a child is started from: absolute paths below one directory that only root can write.
 */
package org.twoftpd.monitor.process;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where the installed program lies.
 *
 * <pre>
 *   HOME/runtime/bin/  java, or a copy of it named after the role, so that ps and SELinux can tell roles apart
 *   HOME/jars/         twoftpd-*.jar and junixsocket
 *   HOME/native/       libtwoftpd.so, libjunixsocket.so
 *   HOME/cache/        ROLE.aot, when there is one
 * </pre>
 *
 * @param home an absolute path
 * @param logSyscalls whether children name the system calls that the kernel refuses them
 */
public record Layout(Path home, boolean logSyscalls) {
  /**
   * What both have. The names and texts of the archive of classes are in tables of its own; those
   * that are filled at run time would take 768 KB for each process, nearly empty.
   */
  private static final List<String> LEAN =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:-UsePerfData",
          "-XX:+DisableAttachMechanism",
          "-XX:-CreateCoredumpOnCrash",
          "-XX:+ErrorFileToStderr",
          "-XX:+ExitOnOutOfMemoryError",
          "-Xss256k",
          "-XX:+UnlockExperimentalVMOptions",
          "-XX:StringTableSize=1024",
          "-XX:SymbolTableSize=1024",
          "--enable-native-access=ALL-UNNAMED");

  /**
   * What a session has beside, since there are many and most are short. It changes the ids of all
   * its threads, and looks at each, while its client waits: it has no thread that it can do
   * without, those for finalizers, for signals and for replaying what the training run compiled.
   * The archive of classes lies where it was made for, so that sessions share its pages (4 MB and 2
   * ms less for each); the price is that the addresses of class data, not those of code, are known
   * to whoever attacks it. Most methods are not worth compiling for one login (3 ms), and one
   * compiler is enough for the others: another could not be started later, when the kernel lets no
   * thread be started any more.
   */
  private static final List<String> BRIEF =
      List.of(
          "-Xrs",
          "--finalization=disabled",
          "-XX:+UnlockDiagnosticVMOptions",
          "-XX:-AOTReplayTraining",
          "-XX:ArchiveRelocationMode=0",
          "-XX:CompileThresholdScaling=2",
          "-XX:CICompilerCount=1");

  /** Megabytes of heap: never less, and for what is no client's. */
  private static final int GATE_LEAST = 64;

  private static final int GATE_BASE = 32;

  /** A client's buffers, full, and the copies while what it has sent ahead is handed over. */
  private static final int GATE_CLIENT_KB = 96;

  private static final int TRAINING_CLIENTS = 200;

  /** A program and the arguments that start it; the first is its name. */
  public record Command(byte[] path, byte[][] arguments) {}

  /** This layout, with or without refused system calls in the log. */
  public Layout loggingSyscalls(boolean on) {
    return new Layout(home, on);
  }

  /** A session. */
  Command session() {
    return command("session", "-Xms4m", "-Xmx48m", "org.twoftpd.session.Main");
  }

  /** A role that attacks itself; its arguments are still to be added. */
  public Command attackRehearsal() {
    return command("session", "-Xms4m", "-Xmx48m", "org.twoftpd.session.AttackRehearsal");
  }

  /** The bundled credential module attacking itself, with the rights of a uid and gid. */
  public Command moduleSelfTest(int id) {
    Path own = home.resolve("runtime/bin/twoftpd-cvm");
    Path program = Files.exists(own) ? own : home.resolve("runtime/bin/java");
    byte[][] arguments = {
      bytes("twoftpd-cvm"),
      bytes("@" + home.resolve("cvm.args")),
      bytes("--self-test"),
      bytes("--user"),
      bytes(id + ":" + id)
    };
    return new Command(bytes(program.toString()), arguments);
  }

  /** The gate, with memory for so many clients at a time. */
  Command gate(int clients) {
    long megabytes = Math.max(GATE_LEAST, GATE_BASE + (long) clients * GATE_CLIENT_KB / 1024);
    return command("gate", "-Xms8m", "-Xmx" + megabytes + "m", "org.twoftpd.session.gate.GateMain");
  }

  /**
   * The arguments of a role behind its name, for whoever trains its cache; null for no such role.
   */
  public byte[][] arguments(String role) {
    Command c =
        switch (role) {
          case "gate" -> gate(TRAINING_CLIENTS);
          case "session" -> session();
          default -> null;
        };
    return c == null ? null : Arrays.copyOfRange(c.arguments, 1, c.arguments.length);
  }

  private Command command(String role, String initialHeap, String largestHeap, String main) {
    Path own = home.resolve("runtime/bin/twoftpd-" + role);
    Path program = Files.exists(own) ? own : home.resolve("runtime/bin/java");
    Path cache = home.resolve("cache/" + role + ".aot");
    List<String> a = new ArrayList<>();
    a.add("twoftpd-" + role);
    a.addAll(LEAN);
    if (role.equals("session")) {
      a.addAll(BRIEF);
    }
    a.add(initialHeap);
    a.add(largestHeap);
    if (Files.exists(cache)) {
      a.add("-XX:AOTCache=" + cache);
    }
    a.add("-Dtwoftpd.native=" + home.resolve("native/libtwoftpd.so"));
    if (logSyscalls) {
      a.add("-Dtwoftpd.logsyscalls=true");
    }
    a.add("-cp");
    a.add(home.resolve("jars/twoftpd-session.jar") + ":" + home.resolve("jars/twoftpd-shared.jar"));
    a.add(main);
    byte[][] arguments = new byte[a.size()][];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = bytes(a.get(i));
    }
    return new Command(bytes(program.toString()), arguments);
  }

  private static byte[] bytes(String s) {
    return s.getBytes(StandardCharsets.UTF_8);
  }
}
