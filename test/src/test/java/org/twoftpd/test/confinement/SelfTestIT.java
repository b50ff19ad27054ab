package org.twoftpd.test.confinement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.twoftpd.test.harness.Chain;

/**
 * What administrators and packages ask: twoftpd-monitor --self-test, and a start with all rights.
 */
class SelfTestIT {
  private record Outcome(int status, String said) {}

  private static List<String> monitor(String home, String... arguments) {
    List<String> c = new ArrayList<>();
    c.add(home + "/runtime/bin/java");
    c.add("--enable-native-access=ALL-UNNAMED");
    c.add("-Dtwoftpd.native=" + home + "/native/libtwoftpd.so");
    c.add("-Dorg.newsclub.net.unix.library.override.force=" + home + "/native/libjunixsocket.so");
    c.addAll(List.of("-cp", home + "/jars/*", "org.twoftpd.monitor.Main", "--home", home));
    c.addAll(List.of(arguments));
    return c;
  }

  /** The directory of the program under test. */
  private static String home() throws IOException {
    try (Chain chain = Chain.options().user("alice").start()) {
      String line =
          Files.readString(Path.of("/proc/" + chain.monitor() + "/cmdline")).replace('\0', ' ');
      return line.replaceAll(".* --home (\\S+) .*", "$1");
    }
  }

  private static Outcome run(List<String> command) throws Exception {
    Path output = Files.createTempFile("twoftpd-self-test", ".out");
    try {
      Process p =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      boolean ended = p.waitFor(90, TimeUnit.SECONDS);
      p.destroyForcibly();
      String said = Files.readString(output, StandardCharsets.UTF_8);
      assertTrue(ended, said);
      return new Outcome(p.exitValue(), said);
    } finally {
      Files.delete(output);
    }
  }

  @Test
  void saysWhatHolds() throws Exception {
    Outcome o = run(monitor(home(), "--self-test"));
    assertEquals(0, o.status(), o.said());
    for (String role : new String[] {"gate", "xfer", "anon", "drop"}) {
      assertTrue(o.said().contains(role + ": holds: starts no program\n"), o.said());
      String pairs = role + ": holds: makes no pair of sockets that block\n";
      assertTrue(o.said().contains(pairs), o.said());
    }
    assertTrue(o.said().contains("gate: holds: hands no descriptor to anybody\n"), o.said());
    String toGate = "drop: holds: hands a descriptor to nobody but the gate\n";
    assertTrue(o.said().contains(toGate), o.said());
    assertTrue(o.said().contains("gate: holds: makes no TCP socket\n"), o.said());
    assertTrue(o.said().contains("anon: holds: writes no file that is there\n"), o.said());
    assertTrue(o.said().contains("drop: holds: reads no file\n"), o.said());
    assertTrue(o.said().contains("drop: holds: makes files\n"), o.said());
    assertTrue(o.said().contains("cvm: holds: writes no file\n"), o.said());
    assertTrue(o.said().contains("monitor: holds: makes processes\n"), o.said());
    for (String role : new String[] {"gate", "xfer", "anon", "drop", "cvm", "monitor"}) {
      for (String way : new String[] {"unshare", "clone", "clone3"}) {
        String claim = role + ": holds: makes no user namespace by " + way + "\n";
        assertTrue(o.said().contains(claim), o.said());
      }
    }
    assertTrue(o.said().endsWith("self-test: everything holds\n"), o.said());
  }

  /**
   * Errors begin with a priority, as the journal reads it, when they go to a pipe, and without one
   * when they go to a file.
   */
  @Test
  void saysWhatIsWrongWithSettings() throws Exception {
    Path file = Files.createTempFile(Files.createDirectories(Chain.PLACE), "settings", ".conf");
    try {
      Files.writeString(file, "GATE_USER=64021:64021\nTLS=off\n");
      List<String> command = monitor(home(), "--check", file.toString());
      assertEquals(new Outcome(0, file + ": good\n"), run(command));
      Files.writeString(file, "GATE_USER=64021:64021\nMAX_CLIENTS=many\nTLS=off\n");
      Outcome o = run(command);
      assertEquals(78, o.status(), o.said());
      assertTrue(o.said().startsWith(file + ":2: MAX_CLIENTS=many: "), o.said());
      List<String> piped = new ArrayList<>(List.of("sh", "-c", "\"$@\" 2>&1 | cat", "sh"));
      piped.addAll(command);
      assertEquals("<3>" + o.said(), run(piped).said());
    } finally {
      Files.delete(file);
    }
  }

  /** The self-test says so when a step fails: here nobody may change ids. */
  @Test
  void saysWhatDoesNotHold() throws Exception {
    List<String> c = new ArrayList<>(List.of("setpriv", "--bounding-set", "-setuid,-setgid"));
    c.addAll(monitor(home(), "--self-test"));
    Outcome o = run(c);
    assertEquals(1, o.status(), o.said());
    assertTrue(o.said().contains("xfer: DOES NOT HOLD: "), o.said());
    assertTrue(o.said().contains("monitor: DOES NOT HOLD: cannot give up its groups"), o.said());
    assertTrue(o.said().endsWith("self-test: NOT everything holds\n"), o.said());
  }
}
