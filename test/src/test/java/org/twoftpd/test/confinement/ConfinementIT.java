package org.twoftpd.test.confinement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.Dialogue;

/**
 * What each process is and holds, as the kernel tells it in /proc; rows 31 and 32 of attacks.txt.
 */
class ConfinementIT {
  private static Chain chain;

  @BeforeAll
  static void start() throws IOException {
    chain = Chain.ofAliceAndBob();
  }

  @AfterAll
  static void stop() throws IOException {
    chain.close();
  }

  private static List<String> statusLines(long pid, long tid) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/task/" + tid + "/status"));
  }

  private static List<Long> threads(long pid) throws IOException {
    try (Stream<Path> s = Files.list(Path.of("/proc/" + pid + "/task"))) {
      return s.map(p -> Long.parseLong(p.getFileName().toString())).toList();
    }
  }

  private static void assertThreads(long pid, long uid) throws IOException {
    List<Long> threads = threads(pid);
    assertTrue(threads.size() > 3, "a JVM has several threads");
    String ids = "\t" + uid + "\t" + uid + "\t" + uid + "\t" + uid;
    for (long t : threads) {
      List<String> s = statusLines(pid, t);
      for (String expected :
          List.of(
              "Uid:" + ids,
              "Gid:" + ids,
              "CapInh:\t0000000000000000",
              "CapPrm:\t0000000000000000",
              "CapEff:\t0000000000000000",
              "CapAmb:\t0000000000000000",
              "THP_enabled:\t0",
              "NoNewPrivs:\t1",
              "Seccomp:\t2")) {
        assertTrue(s.contains(expected), () -> "thread " + t + " lacks " + expected + ": " + s);
      }
      assertTrue(s.stream().anyMatch(l -> l.matches("Groups:\\s*")), s::toString);
    }
    String limits = Files.readString(Path.of("/proc/" + pid + "/limits"));
    assertTrue(limits.matches("(?s).*Max core file size\\s+0\\s+0 .*"), limits);
  }

  @Test
  void row32_everyThreadOfASessionIsTheUsers() throws IOException {
    try (Dialogue d = chain.login("alice")) {
      long pid = chain.sessionsOf("alice").getFirst();
      assertThreads(pid, chain.user("alice").uid());
      assertEquals(
          chain.user("alice").home(), Files.readSymbolicLink(Path.of("/proc/" + pid + "/root")));
      assertTrue(
          Files.readString(Path.of("/proc/" + pid + "/limits"))
              .matches("(?s).*Max open files\\s+64\\s+64 .*"));
    }
  }

  /** A session cannot even start a thread, which would take one of all users' process numbers. */
  @Test
  void row33_aSessionStartsNoThread() throws IOException {
    try (Dialogue d = chain.login("alice")) {
      long pid = chain.sessionsOf("alice").getFirst();
      Set<Long> before = Set.copyOf(threads(pid));
      String limits = Files.readString(Path.of("/proc/" + pid + "/limits"));
      assertTrue(limits.matches("(?s).*Max processes\\s+0\\s+0 .*"), limits);
      // So much work makes the virtual machine want its compiler.
      for (int i = 0; i < 500; i++) {
        d.expect(257, "PWD");
        d.expect(213, "STAT /");
        d.fetch("MLSD");
      }
      assertEquals(before, Set.copyOf(threads(pid)));
    }
  }

  @Test
  void everyThreadOfTheGateIsNobodys() throws IOException {
    long gate = chain.children("gate").getFirst();
    assertThreads(gate, 64021);
    Path root = Files.readSymbolicLink(Path.of("/proc/" + gate + "/root"));
    try (Stream<Path> inside = Files.list(root)) {
      assertEquals(List.of(), inside.toList());
    }
  }

  /**
   * Row 44: a child loads nothing that a user could have planted. Its environment is made from
   * nothing, and all that it is started from has an absolute path that only root can write.
   */
  @Test
  void childrenAreStartedFromWhatOnlyRootCanWrite() throws IOException {
    try (Dialogue _ = chain.login("alice")) {
      for (long pid :
          List.of(chain.sessionsOf("alice").getFirst(), chain.children("gate").getFirst())) {
        assertEquals(
            "MALLOC_ARENA_MAX=1\0LC_ALL=C.UTF-8\0",
            Files.readString(Path.of("/proc/" + pid + "/environ")));
        String line =
            Files.readString(Path.of("/proc/" + pid + "/cmdline"))
                + Files.readSymbolicLink(Path.of("/proc/" + pid + "/exe"));
        int seen = 0;
        for (String word : line.split("[\0:=]", -1)) {
          if (word.startsWith("/")) {
            seen++;
            for (Path p = Path.of(word).toRealPath(); p != null; p = p.getParent()) {
              int mode = (Integer) Files.getAttribute(p, "unix:mode");
              boolean sticky = (mode & 01000) != 0;
              assertEquals(0, Files.getAttribute(p, "unix:uid"), p + " is root's");
              assertTrue((mode & 022) == 0 || sticky, p + " can be written by others");
            }
          }
        }
        assertTrue(seen >= 4, line);
      }
    }
  }

  /** Row 32: no process of the same user, and none without rights, can read a process of ours. */
  @Test
  void noProcessCanBeLookedInto() throws IOException {
    try (Dialogue _ = chain.login("alice")) {
      for (long pid :
          List.of(
              chain.sessionsOf("alice").getFirst(),
              chain.children("gate").getFirst(),
              chain.module(),
              chain.monitor())) {
        // In /proc a process that is not dumpable belongs to root, whoever it runs as.
        assertEquals(0, Files.getAttribute(Path.of("/proc/" + pid + "/mem"), "unix:uid"));
      }
      assertTrue(statusLines(chain.monitor(), chain.monitor()).contains("Seccomp:\t2"), "a filter");
    }
  }

  @Test
  void theCredentialModuleIsNotRoot() throws IOException {
    assertEquals(64022, Chain.uid(chain.module()));
  }

  @Test
  void theMonitorHasAHandfulOfCapabilities() throws IOException {
    // CAP_KILL 5, CAP_SETGID 6, CAP_SETUID 7, CAP_NET_BIND_SERVICE 10, CAP_SYS_CHROOT 18.
    long expected = 1L << 5 | 1L << 6 | 1L << 7 | 1L << 10 | 1L << 18;
    for (long t : threads(chain.monitor())) {
      List<String> s = statusLines(chain.monitor(), t);
      assertTrue(s.contains(String.format("CapBnd:\t%016x", expected)), s::toString);
      assertTrue(s.contains(String.format("CapEff:\t%016x", expected)), s::toString);
    }
  }

  /** The number of each descriptor and what it is open on, sorted. */
  private static List<String> descriptors(long pid) throws IOException {
    List<String> open = new ArrayList<>();
    try (Stream<Path> s = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      for (Path p : s.toList()) {
        try {
          open.add(p.getFileName() + " " + Files.readSymbolicLink(p));
        } catch (NoSuchFileException e) {
          // It was closed meanwhile.
        }
      }
    }
    open.sort(null);
    return open;
  }

  @Test
  void row31_aSessionHoldsNoDescriptorBeyondItsOwnFew() throws IOException {
    try (Dialogue d = chain.login("alice")) {
      d.expect(257, "PWD");
      long pid = chain.sessionsOf("alice").getFirst();
      List<String> open = descriptors(pid);
      assertStandardOnesAreItsOwn(pid);
      long sockets = open.stream().filter(o -> o.contains("socket:")).count();
      assertEquals(3, sockets, open::toString);
      for (String o : open) {
        assertTrue(
            o.contains("socket:")
                || o.endsWith(" /dev/null")
                || o.endsWith("/lib/modules")
                || o.endsWith(" " + chain.user("alice").home()),
            open::toString);
      }
      assertTrue(open.size() <= 7, open::toString);
      try (java.net.Socket data = d.passive()) {
        assertEquals(open.size() + 1, descriptors(pid).size());
      }
      d.expect(226, "ABOR");
      assertEquals(open, descriptors(pid));
    }
  }

  @Test
  void theGateSharesNothingWithTheMonitorButItsLine() throws IOException {
    assertStandardOnesAreItsOwn(chain.children("gate").getFirst());
  }

  /** Descriptors 0 and 2 are sockets whose other ends the monitor has, and 1 is /dev/null. */
  private static void assertStandardOnesAreItsOwn(long pid) throws IOException {
    List<String> open = descriptors(pid);
    assertTrue(open.get(0).startsWith("0 socket:"), open::toString);
    assertTrue(open.contains("1 /dev/null"), open::toString);
    String errors = open.stream().filter(o -> o.startsWith("2 socket:")).findFirst().orElseThrow();
    for (String o : descriptors(chain.monitor())) {
      String what = o.substring(o.indexOf(' '));
      assertFalse(
          o.matches("[012] .*") && !what.equals(" /dev/null") && open.toString().contains(what),
          () -> "the monitor's " + o + " is the child's too: " + open);
    }
    // Nobody but the child itself could write to it.
    for (long other : chain.children("")) {
      if (other != pid) {
        assertFalse(descriptors(other).toString().contains(errors.substring(2)), errors);
      }
    }
  }

  @Test
  void row44_theEnvironmentOfChildrenIsBuiltFromNothing() throws IOException {
    for (String role : List.of("gate", "session")) {
      String e =
          Files.readString(
              Path.of("/proc/" + chain.children(role).getFirst() + "/environ"),
              StandardCharsets.ISO_8859_1);
      assertEquals("MALLOC_ARENA_MAX=1\0LC_ALL=C.UTF-8\0", e);
    }
  }

  @Test
  void row09_twoUsersCannotSeeEachOthersFiles() throws IOException {
    Path secret = chain.user("bob").home().resolve("secret");
    Files.writeString(secret, "bob's");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-rw-rw-"));
    Files.createSymbolicLink(
        chain.user("alice").home().resolve("way-out"), chain.user("bob").home());
    try (Dialogue alice = chain.login("alice");
        Dialogue bob = chain.login("bob")) {
      assertEquals("bob's", bob.fetchText("RETR secret"));
      for (String path :
          List.of(
              secret.toString(),
              "../bob/secret",
              "../../../../" + secret,
              "way-out/secret",
              "/../secret")) {
        alice.expect(550, "SIZE " + path);
      }
      alice.expect(550, "CWD way-out");
      assertFalse(alice.fetchText("LIST").contains("secret"));
    }
    Files.delete(chain.user("alice").home().resolve("way-out"));
  }

  @Test
  void aHomeThatOnlyItsUserMayEnterIsEntered() throws IOException {
    Path home = chain.user("alice").home();
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
    try (Dialogue d = chain.login("alice")) {
      d.store("STOR private", new byte[] {1});
      d.expect(250, "DELE private");
    } finally {
      Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  @Test
  void aHomeThatCannotBeEnteredGives421AndAReason() throws IOException {
    Path home = chain.user("bob").home();
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("---------"));
    try (Dialogue d = chain.connect()) {
      d.expect(331, "USER bob");
      d.expect(421, "PASS pw-bob");
      assertTrue(d.isClosed());
    } finally {
      Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    chain.eventuallyLogged(
        "session-failed user=bob .*reason=\"cannot enter the home directory: Permission denied\"");
  }
}
