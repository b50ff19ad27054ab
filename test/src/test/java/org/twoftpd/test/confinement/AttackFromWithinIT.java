package org.twoftpd.test.confinement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.twoftpd.test.confinement.AttackAnswers.EEXIST;
import static org.twoftpd.test.confinement.AttackAnswers.ENOENT;
import static org.twoftpd.test.confinement.AttackAnswers.EPERM;
import static org.twoftpd.test.confinement.AttackAnswers.OF_CVM;
import static org.twoftpd.test.confinement.AttackAnswers.OF_MONITOR;
import static org.twoftpd.test.confinement.AttackAnswers.ORDER;
import static org.twoftpd.test.confinement.AttackAnswers.ROLES;
import static org.twoftpd.test.confinement.AttackAnswers.THE_MONITORS_TO_DO;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.twoftpd.monitor.process.Program;
import org.twoftpd.monitor.tls.OwnCertificate;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.SharedLibrary;

/**
 * Runs an attacker's code inside each role, with the role's confinement and without its program.
 * The kernel must refuse every call on every thread with the error of the filter: EPERM even where
 * the call would have failed in another way, or succeeded. Rows 32, 33, 39, 40, 41, 46 and 49.
 */
class AttackFromWithinIT {
  private static final int UID = 64170;
  private static final int SIGSYS = 31;

  /** This path stands in attack.c too. */
  private static final Path KEY = Path.of("/var/lib/twoftpd-test/key.pem");

  private static Path directory;
  private static Path library;
  private static Process victim;
  private static ServerSocket listener;

  @BeforeAll
  static void prepare() throws Exception {
    directory =
        Files.createTempDirectory(
            "twoftpd-attack",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
    library = directory.resolve("attack.so");
    OwnCertificate.make(KEY, List.of("localhost"), Instant.now());
    String include = System.getProperty("java.home") + "/include";
    SharedLibrary.compile(
        Path.of(System.getProperty("twoftpd.attack")),
        library,
        "-I" + include,
        "-I" + include + "/linux");
    // Without the filter the kernel would let the attacker reach this process of the same user.
    victim =
        new ProcessBuilder(
                "setpriv", "--reuid=" + UID, "--regid=" + UID, "--clear-groups", "sleep", "300")
            .start();
    Chain.eventually("the victim is the user's", () -> Chain.uid(victim.pid()) == UID);
    listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
  }

  @AfterAll
  static void cleanUp() throws Exception {
    Files.deleteIfExists(KEY);
    listener.close();
    victim.destroyForcibly().waitFor();
    try (Stream<Path> all = Files.walk(directory)) {
      all.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    }
  }

  private static Path home(String role) throws IOException {
    Path home = Files.createTempDirectory(directory, role);
    int uid = role.equals("monitor") ? 0 : UID;
    if (role.equals("gate")) {
      // A gate's directory is empty and root's.
      Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
      return home;
    }
    Files.createDirectory(home.resolve("d"));
    for (String f : new String[] {"there", "other", "victim", "gone"}) {
      Files.writeString(home.resolve(f), f);
      Files.setAttribute(home.resolve(f), "unix:uid", uid);
    }
    Files.setAttribute(home.resolve("d"), "unix:uid", uid);
    Files.setAttribute(home, "unix:uid", uid);
    return home;
  }

  private static List<String> command(String role, Path home, String... more) {
    List<String> c = new ArrayList<>();
    if (role.equals("monitor")) {
      c.addAll(List.of("setpriv", "--no-new-privs", "--inh-caps", "-all", "--bounding-set"));
      c.add("-all,+setuid,+setgid,+sys_chroot,+kill,+net_bind_service");
    }
    c.add(System.getProperty("java.home") + "/bin/java");
    // Only the product's flags are used, so its path may lead nowhere.
    Program program = role.equals("gate") ? Program.GATE : Program.SESSION;
    for (String argument : program.arguments(Path.of("/nowhere"))) {
      if (argument.startsWith("-X") || argument.startsWith("--")) {
        c.add(argument);
      }
    }
    c.add("-Dtwoftpd.native=" + System.getProperty("twoftpd.native"));
    c.addAll(List.of("-cp", System.getProperty("java.class.path")));
    c.addAll(List.of("org.twoftpd.session.selftest.Intruder", library.toString(), role, "" + UID));
    c.addAll(List.of(home.toString(), "" + victim.pid(), "" + listener.getLocalPort()));
    c.addAll(List.of(more));
    return c;
  }

  private static Process start(List<String> command, Path output) throws Exception {
    Process p =
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!p.waitFor(60, TimeUnit.SECONDS)) {
      p.destroyForcibly();
      throw new AssertionError("no end after a minute: " + Files.readString(output));
    }
    return p;
  }

  /** The answer to each attack, by "THREAD ATTACK". */
  private static Map<String, Integer> attack(String role, Path home, String... more)
      throws Exception {
    Path output = Files.createTempFile(directory, role, ".out");
    Process p = start(command(role, home, more), output);
    String said = Files.readString(output, StandardCharsets.ISO_8859_1);
    assertEquals(0, p.exitValue(), said);
    Map<String, Integer> answers = new TreeMap<>();
    for (String line : said.split("\n", -1)) {
      String[] words = line.split(" ", -1);
      if (words.length == 3) {
        answers.put(words[0] + " " + words[1], Integer.parseInt(words[2]));
      }
    }
    return answers;
  }

  /** Rows 32 (root, threads, other processes), 33 (programs), 39 (drop), 40 (anon), 41 (modes). */
  @ParameterizedTest
  @ValueSource(strings = {"gate", "XFER", "ANON", "DROP", "TLS"})
  void row32_row33_row39_row40_row41_theKernelRefusesWhatTheRoleDoesNotNeed(String role)
      throws Exception {
    Path home = home(role);
    Map<String, Integer> answers = attack(role, home);
    Set<String> tried = new HashSet<>();
    List<String> wrong = new ArrayList<>();
    answers.forEach((attack, answer) -> {
      String name = attack.substring(attack.indexOf(' ') + 1);
      tried.add(name);
      int[] row = ROLES.get(name);
      int expected = row == null ? EPERM : row[ORDER.indexOf(role)];
      boolean again =
          attack.startsWith("bystander") && (answer == EEXIST || answer == ENOENT && expected == 0);
      if (answer != expected && !again) {
        wrong.add(attack + " answered " + answer + " and not " + expected);
      }
    });
    // Where the first thread made or removed something, the second finds it made or gone.
    assertEquals(List.of(), wrong);
    assertTrue(tried.size() > 120, () -> "only " + tried.size() + " attacks");
    assertEquals(2 * tried.size(), answers.size(), "each on both threads");
    Set<String> unknown = new HashSet<>(ROLES.keySet());
    unknown.removeAll(tried);
    assertEquals(Set.of(), unknown);
    assertTrue(victim.isAlive(), "the victim");
    check(role, home);
  }

  /** What became of the files. */
  private static void check(String role, Path home) throws IOException {
    switch (role) {
      case "gate" -> {
        try (Stream<Path> inside = Files.list(home)) {
          assertEquals(List.of(), inside.toList());
        }
      }
      case "ANON" -> {
        assertEquals("d gone other there victim", names(home));
        assertEquals("there", Files.readString(home.resolve("there")));
      }
      case "DROP" -> {
        // Nothing is lost or changed; only "other" has got a name that no file had.
        assertEquals("another d gone new new-hard new-t1 new-t2 new-t3 there victim", names(home));
        for (String f : new String[] {"there", "victim", "gone"}) {
          assertEquals(f, Files.readString(home.resolve(f)));
        }
        assertEquals("other", Files.readString(home.resolve("another")));
        assertEquals(0, Files.size(home.resolve("new-t1")));
      }
      default -> {
        try (Stream<Path> all = Files.list(home)) {
          for (Path p : all.toList()) {
            int mode = (Integer) Files.getAttribute(p, "unix:mode");
            assertEquals(0, mode & 07000, p + " has special bits");
          }
        }
      }
    }
  }

  private static String names(Path home) throws IOException {
    String[] names = home.toFile().list();
    Arrays.sort(names);
    return String.join(" ", names);
  }

  private static Process some(String role, String attacks, Path output) throws Exception {
    return start(command(role, home(role), attacks), output);
  }

  /**
   * Row 49: an attacker is root with five capabilities in the place of the monitor, or in the place
   * of twoftpd-cvm, and no service manager restricts it. In a user namespace of its own it would
   * have all capabilities.
   */
  @ParameterizedTest
  @ValueSource(strings = {"cvm", "monitor"})
  void row49_monitorAndModuleMakeNoNamespaceAndGetNothingThatIsNotTheirs(String role)
      throws Exception {
    boolean monitor = role.equals("monitor");
    Path home = home(role);
    Map<String, Integer> answers =
        monitor ? attack(role, home, "-" + THE_MONITORS_TO_DO) : attack(role, home);
    Map<String, Integer> other = monitor ? OF_MONITOR : OF_CVM;
    List<String> wrong = new ArrayList<>();
    Set<String> tried = new HashSet<>();
    answers.forEach((attack, answer) -> {
      String name = attack.substring(attack.indexOf(' ') + 1);
      tried.add(name);
      int expected = other.getOrDefault(name, EPERM);
      if (answer != expected) {
        wrong.add(attack + " answered " + answer + " and not " + expected);
      }
    });
    assertEquals(List.of(), wrong);
    assertTrue(tried.size() > (monitor ? 70 : 140), () -> "only " + tried.size() + " attacks");
    assertTrue(tried.containsAll(other.keySet()), () -> "not tried: " + other.keySet());
    assertEquals(2 * tried.size(), answers.size(), "each on both threads");
    assertTrue(victim.isAlive(), "the victim");
  }

  /**
   * Row 46: the monitor holds the same sockets as the gate, and flags such as O_NONBLOCK belong to
   * both. Without the filter each of these calls would change them for the monitor too.
   */
  @Test
  void row46_theGateChangesNothingOfWhatItSharesWithTheMonitor() throws Exception {
    String changes =
        "make_blocking,make_blocking_by_ioctl,make_linger,make_small,make_slow,make_signalling,"
            + "make_signalling_by_ioctl,choose_signal,choose_signalled,choose_signalled_by_ioctl,"
            + "lock_all,lock_range,end_both_ways,end_receiving";
    Path output = directory.resolve("shared");
    some("none", changes, output);
    assertEquals(answers(changes, 0), Files.readString(output));
    some("gate", changes, output);
    assertEquals(answers(changes, EPERM), Files.readString(output));
  }

  private static String answers(String attacks, int answer) {
    return attacks.replaceAll("(\\w+),?", "main $1 " + answer + "\n");
  }

  /** The calls of a 32-bit process, which have other numbers, end the process. */
  @Test
  void callsByAnotherTableEndTheProcess() throws Exception {
    Path output = directory.resolve("another");
    String attack = "another_architecture";
    assumeTrue(
        some("none", attack, output).exitValue() == 0
            && Files.readString(output).equals("main " + attack + " 0\n"),
        "a kernel with 32-bit system calls");
    for (String role : ORDER) {
      assertEquals(128 + SIGSYS, some(role, attack, output).exitValue(), role);
    }
  }

  /** Tests the test: without confinement the same calls of the same user succeed. */
  @Test
  void withoutTheFilterTheAttacksSucceed() throws Exception {
    Path output = directory.resolve("none");
    String attacks =
        "memory_file,fork_by_clone,fork_with_memory,fork_user_namespace,fork_mount_namespace,"
            + "raw_socket_in_own_network,fork_user_namespace_by_clone3,signal_other,socket_unix,socket_netlink,"
            + "socket_udp,socket_pair,socket_pair_for_data,socket_pair_of_packets,pass_by_another,read_host,read_write,status,create_set_user_id,make_node,"
            + "make_symlink,rename_exchanging,watch,dumpable,signal_by_owner,priority";
    Process p = some("none", attacks, output);
    String said = Files.readString(output, StandardCharsets.ISO_8859_1);
    assertEquals(0, p.exitValue(), said);
    for (String attack : attacks.split(",", -1)) {
      assertTrue(said.contains("main " + attack + " 0\n"), attack + " in " + said);
    }
  }
}
