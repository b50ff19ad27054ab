/*
 * Trusted to name every file that a child is started from: absolute paths below one directory that only root can write.
 */
package org.twoftpd.monitor.process;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The commands that start children, and where the installed program lies.
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
public record ChildCommands(Path home, boolean logSyscalls) {
  /** A gate has never less megabytes of heap than this; and so many that are no client's. */
  private static final int GATE_LEAST = 64;

  private static final int GATE_BASE = 32;

  /** A client costs its full buffers, and copies of them while they are handed over. */
  private static final int GATE_CLIENT_KB = 96;

  /**
   * The same for each of the descriptors of a client over TLS, who has five: 560 KB for four
   * buffers of two records, two of eight while there is a transfer, and two engines.
   */
  private static final int GATE_TLS_CLIENT_KB = 112;

  /**
   * What a gate with TLS is given besides. The processors' instructions for ciphers are used by the
   * second compiler alone, and until it has compiled them a megabyte takes a third of a second: so
   * it compiles them after a hundredth of the calls that others need. Each ten seconds the C
   * library gives back what compiling has used, 15 MB after the start. A client has no need to
   * repeat the handshake of TLS 1.2, and each time costs the gate far more than the client.
   */
  private static final List<String> TLS_ARGUMENTS =
      List.of(
          "-XX:TieredStopAtLevel=4",
          "-XX:CompileCommand=quiet",
          "-XX:CompileCommand=CompileThresholdScaling,com.sun.crypto.provider.*::*,0.01",
          "-XX:TrimNativeHeapInterval=10000",
          "-Djdk.tls.rejectClientInitiatedRenegotiation=true");

  /** A program and the arguments that start it; the first is its name. */
  public record Command(byte[] path, byte[][] arguments) {}

  /** The same commands, for children that do or do not name refused system calls in the log. */
  public ChildCommands loggingSyscalls(boolean on) {
    return new ChildCommands(home, on);
  }

  /** Starts a session. */
  public Command session() {
    return command(Program.SESSION, Program.SESSION.largestHeap(), Program.SESSION.mainClass());
  }

  /** A role that attacks itself; its arguments are still to be added. */
  public Command attackRehearsal() {
    return command(
        Program.SESSION,
        Program.SESSION.largestHeap(),
        "org.twoftpd.session.selftest.ConfinementProof");
  }

  /**
   * Starts the bundled credential module so that it attacks its own confinement.
   *
   * @param id its uid and gid
   */
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

  /**
   * Starts the gate, with memory for so many descriptors of clients at a time.
   *
   * @param tls whether it speaks TLS
   */
  public Command gate(int clients, boolean tls) {
    long each = tls ? GATE_TLS_CLIENT_KB : GATE_CLIENT_KB;
    long megabytes = Math.max(GATE_LEAST, GATE_BASE + clients * each / 1024);
    List<String> more = tls ? TLS_ARGUMENTS : List.of();
    return command(Program.GATE, megabytes + "m", Program.GATE.mainClass(), more);
  }

  private Command command(Program program, String largestHeap, String main) {
    return command(program, largestHeap, main, List.of());
  }

  private Command command(Program program, String largestHeap, String main, List<String> more) {
    Path own = home.resolve("runtime/bin/twoftpd-" + program.role());
    Path path = Files.exists(own) ? own : home.resolve("runtime/bin/java");
    List<String> properties = new ArrayList<>(more);
    if (logSyscalls) {
      properties.add("-Dtwoftpd.logsyscalls=true");
    }
    List<String> a = program.arguments(home, largestHeap, properties, main);
    byte[][] arguments = new byte[a.size() + 1][];
    arguments[0] = bytes("twoftpd-" + program.role());
    for (int i = 0; i < a.size(); i++) {
      arguments[i + 1] = bytes(a.get(i));
    }
    return new Command(bytes(path.toString()), arguments);
  }

  private static byte[] bytes(String s) {
    return s.getBytes(StandardCharsets.UTF_8);
  }
}
