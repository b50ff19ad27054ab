/*
 * Trusted to say how each program's virtual machine is started: which class with which jars, how much memory, and what it
 * must not do.  The monitor starts gate and sessions from here, and the build writes the argument files of the others.
 */
package org.twoftpd.monitor.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The six programs, each a class in a virtual machine of its own. */
public enum Program {
  MONITOR("monitor", "monitor", "org.twoftpd.monitor.Main", Kind.SERVICE, "4m", "256m"),
  GATE("gate", "gate", "org.twoftpd.session.gate.GateMain", Kind.CHILD, "8m", "64m"),
  SESSION("session", "session", "org.twoftpd.session.Main", Kind.SESSION, "4m", "48m"),
  CVM("cvm", "cvm", "org.twoftpd.cvm.Main", Kind.HASHING, "4m", "64m"),
  /** An archive of classes fits every program with the same class path. */
  USERS("users", "cvm", "org.twoftpd.users.Main", Kind.HASHING, "4m", "64m"),
  WHO("who", "monitor", "org.twoftpd.who.Main", Kind.SERVICE, "4m", "32m");

  /** How a program uses the virtual machine. */
  private enum Kind {
    /** The monitor starts it, and it lives as long as the service. */
    CHILD,
    /** The monitor starts many of them, and most live for a short time. */
    SESSION,
    /** Systemd or an administrator starts it. */
    SERVICE,
    /** It is a service that also hashes passwords by crypt(3). */
    HASHING
  }

  /**
   * The arguments that all programs have. The tables of strings and symbols are small, since the
   * archive of classes has tables of its own: those that are filled at run time would take 768 KB
   * in each process, and stay nearly empty.
   */
  private static final List<String> EVERY =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:-UsePerfData",
          "-XX:+DisableAttachMechanism",
          "-XX:-CreateCoredumpOnCrash",
          "-XX:+ErrorFileToStderr",
          "-XX:+ExitOnOutOfMemoryError",
          "-XX:+UnlockExperimentalVMOptions",
          "-XX:StringTableSize=1024",
          "-XX:SymbolTableSize=1024",
          "--enable-native-access=ALL-UNNAMED");

  /**
   * The arguments that a session has besides. While its client waits, it changes the ids of all its
   * threads and looks at each of them, so it has no thread that it can do without: none for
   * finalizers, for signals, or for replaying what the training run compiled. The archive of
   * classes lies at the address that it was made for, so that sessions share its pages (4 MB and 2
   * ms less for each). The price is that an attacker knows the addresses of class data, though not
   * those of code. Few methods are worth compiling for one login (3 ms less), and one compiler is
   * enough for them: another could not be started later, when the kernel filter allows no new
   * thread.
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

  private static final List<String> HASHING_JARS =
      List.of(
          "jnr-posix",
          "jnr-ffi",
          "jffi",
          "jnr-constants",
          "jnr-a64asm",
          "jnr-x86asm",
          "asm",
          "asm-analysis",
          "asm-commons",
          "asm-tree",
          "asm-util");

  private final String role;
  private final String archive;
  private final String main;
  private final Kind kind;
  private final String initialHeap;
  private final String largestHeap;

  /**
   * @param archive the program whose archive of classes it uses
   * @param initialHeap a heap that begins small stays small, since a young generation is used up to
   *     its end before it is collected
   */
  Program(
      String role, String archive, String main, Kind kind, String initialHeap, String largestHeap) {
    this.role = role;
    this.archive = archive;
    this.main = main;
    this.kind = kind;
    this.initialHeap = initialHeap;
    this.largestHeap = largestHeap;
  }

  /** Finds the program of that name; null when there is none. */
  public static Program named(String role) {
    for (Program p : values()) {
      if (p.role.equals(role)) {
        return p;
      }
    }
    return null;
  }

  /** Its name in messages, in the names of its files, and behind "twoftpd-" in ps(1). */
  public String role() {
    return role;
  }

  /** The arguments of java(1), when the program lies in {@code home}. */
  public List<String> arguments(Path home) {
    return arguments(home, largestHeap, List.of(), main);
  }

  /**
   * The same for another class of the program.
   *
   * @param heap the largest heap, as -Xmx has it
   * @param properties more arguments of the virtual machine
   */
  List<String> arguments(Path home, String heap, List<String> properties, String mainClass) {
    List<String> a = new ArrayList<>(EVERY);
    switch (kind) {
      case CHILD -> a.add("-Xss256k");
      case SESSION -> {
        a.add("-Xss256k");
        a.addAll(BRIEF);
      }
      case SERVICE, HASHING -> {
        // The few reflective calls go through the virtual machine, which would make classes for
        // them otherwise.
        a.add("-Djdk.reflect.useNativeAccessorOnly=true");
        Path library = home.resolve("native/libjunixsocket.so");
        a.add("-Dorg.newsclub.net.unix.library.override.force=" + library);
        a.add("-Djffi.boot.library.path=" + home.resolve("native"));
      }
    }
    a.add("-Xms" + initialHeap);
    a.add("-Xmx" + heap);
    Path cache = home.resolve("cache/" + archive + ".aot");
    if (Files.exists(cache)) {
      a.add("-XX:AOTCache=" + cache);
    }
    a.add("-Dtwoftpd.native=" + home.resolve("native/libtwoftpd.so"));
    a.addAll(properties);
    a.add("-cp");
    a.add(classPath(home));
    a.add(mainClass);
    return a;
  }

  String mainClass() {
    return main;
  }

  String largestHeap() {
    return largestHeap;
  }

  private String classPath(Path home) {
    List<String> jars = new ArrayList<>();
    boolean child = kind == Kind.CHILD || kind == Kind.SESSION;
    jars.add(child ? "twoftpd-session" : "twoftpd-monitor");
    jars.add("twoftpd-shared");
    if (kind == Kind.SERVICE) {
      jars.add("junixsocket-common");
    } else if (kind == Kind.HASHING) {
      jars.addAll(HASHING_JARS);
    }
    StringBuilder path = new StringBuilder();
    for (String jar : jars) {
      path.append(path.isEmpty() ? "" : ":").append(home.resolve("jars/" + jar + ".jar"));
    }
    return path.toString();
  }
}
