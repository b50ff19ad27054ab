/*
 * Trusted with root for the moment in which an administrator asks: it runs each role's confinement on this kernel, in an
 * empty directory of its own, and says what holds.
 */
package org.twoftpd.monitor.start;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.twoftpd.monitor.process.ChildCommands;
import org.twoftpd.shared.os.Escapes;
import org.twoftpd.shared.os.Processes;

/** Proves the confinement of each role on this kernel: twoftpd-monitor --self-test. */
public final class SelfTest {
  /** No system gives this number to anybody, and no account of ours has it. */
  private static final int UID = 65533;

  private static final int SECONDS = 60;

  private SelfTest() {}

  /**
   * Prints a line for each claim.
   *
   * @return whether all of them hold
   */
  public static boolean run(ChildCommands commands) throws IOException {
    boolean good = true;
    for (String role : new String[] {"gate", "xfer", "anon", "drop"}) {
      good &= testRole(commands, role);
    }
    good &= runProgram("cvm", commandLine(commands.moduleSelfTest(UID)));
    good &= testMonitor();
    System.out.println(good ? "self-test: everything holds" : "self-test: NOT everything holds");
    return good;
  }

  /** Tests the monitor's own limits. It is the last test, since this process keeps them. */
  private static boolean testMonitor() {
    String fault;
    try {
      fault = Hardening.applyInPlace();
    } catch (IOException e) {
      fault = e.getMessage();
    }
    if (fault != null) {
      return printClaim(fault, false);
    }
    boolean good = printClaim("makes processes", Processes.cloneOnce(0) == 0);
    good &=
        printClaim("can do without all but five capabilities, has no_new_privs and a filter", true);
    for (int i = 0; i < Escapes.count(); i++) {
      int answer = Escapes.attempt(i);
      boolean refused = Escapes.refused(answer);
      String what = Escapes.claim(i);
      good &= printClaim(refused ? what : what + " (the kernel answered " + answer + ")", refused);
    }
    return good;
  }

  private static boolean printClaim(String what, boolean holds) {
    System.out.println("monitor: " + (holds ? "holds: " : "DOES NOT HOLD: ") + what);
    return holds;
  }

  private static boolean testRole(ChildCommands commands, String role) throws IOException {
    Path home =
        Files.createTempDirectory(
            "twoftpd-self-test",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    try {
      if (!role.equals("gate")) {
        for (String name : new String[] {"file", "other"}) {
          giveAway(Files.createFile(home.resolve(name)));
        }
      }
      giveAway(home);
      List<String> words = commandLine(commands.attackRehearsal());
      words.addAll(List.of(role, Integer.toString(UID), home.toString()));
      return runProgram(role, words);
    } finally {
      delete(home);
    }
  }

  private static void giveAway(Path p) throws IOException {
    Files.setAttribute(p, "unix:uid", UID);
    Files.setAttribute(p, "unix:gid", UID);
  }

  private static List<String> commandLine(ChildCommands.Command command) {
    List<String> words = new ArrayList<>();
    words.add(new String(command.path(), StandardCharsets.UTF_8));
    for (int i = 1; i < command.arguments().length; i++) {
      words.add(new String(command.arguments()[i], StandardCharsets.UTF_8));
    }
    return words;
  }

  private static boolean runProgram(String role, List<String> words) throws IOException {
    ProcessBuilder b = new ProcessBuilder(words).inheritIO();
    b.environment().clear();
    Process p = b.start();
    try {
      if (!p.waitFor(SECONDS, TimeUnit.SECONDS)) {
        System.out.println(role + ": DOES NOT HOLD: no answer after " + SECONDS + " seconds");
        return false;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      p.destroyForcibly();
    }
    if (p.exitValue() > 1) {
      System.out.println(role + ": DOES NOT HOLD: ended with status " + p.exitValue());
    }
    return p.exitValue() == 0;
  }

  private static void delete(Path top) throws IOException {
    try (Stream<Path> all = Files.walk(top)) {
      for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(p);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
