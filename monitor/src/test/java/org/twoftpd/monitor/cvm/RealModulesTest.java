/*
 * Row 28 of attacks.txt: against Debian's cvm-pwfile and cvm-unix by all three transports, an unknown account and a wrong
 * password get the one answer, and the right password gets the account.
 */
package org.twoftpd.monitor.cvm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twoftpd.shared.cvm.CvmFacts;

final class RealModulesTest {
  private static final byte[] NONE = {};
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  @TempDir Path directory;
  private Map<String, String> environment;

  @BeforeEach
  void users() throws Exception {
    RealModules.require();
    Path users = directory.resolve("users");
    Files.writeString(
        users,
        "bob:"
            + RealModules.HASH_OF_SECRET
            + ":1001:1002:Bob B,Room 1:/home/bob:/bin/sh\n"
            + "locked:*:1003:1003::/home/locked:/bin/sh\n"
            + "root:"
            + RealModules.HASH_OF_SECRET
            + ":0:0::/root:/bin/sh\n");
    environment = Map.of("CVM_PWFILE_PATH", users.toString(), "CVM_PWFILE_PWCMP", "crypt");
  }

  private CvmChain chain(String spec) {
    return Chains.parse(spec, environment, TIMEOUT);
  }

  private static Verdict ask(CvmChain chain, String account, String password) {
    return chain.verify(ReplyBytes.ascii(account), NONE, ReplyBytes.ascii(password));
  }

  private static void isPwfile(CvmChain chain) {
    CvmFacts bob = assertInstanceOf(Verdict.Accepted.class, ask(chain, "bob", "secret")).facts();
    assertEquals("bob", ReplyBytes.text(bob.user()));
    assertEquals(1001, bob.uid());
    assertEquals(1002, bob.gid());
    assertEquals("Bob B", ReplyBytes.text(bob.realName()));
    assertEquals("/home/bob", ReplyBytes.text(bob.directory()));
    assertEquals("/bin/sh", ReplyBytes.text(bob.shell()));
    assertEquals(0, bob.groupName().length);
    assertEquals(0, bob.supplementary().length);
    assertInstanceOf(
        Verdict.Accepted.class,
        chain.verify(
            ReplyBytes.ascii("bob"), ReplyBytes.ascii("example.org"), ReplyBytes.ascii("secret")));
    assertEquals(new Verdict.Refused(), ask(chain, "bob", "Secret"));
    assertEquals(new Verdict.Refused(), ask(chain, "nobody-here", "secret"));
    assertEquals(new Verdict.Refused(), ask(chain, "locked", "*"));
    // Told as it is: that root may not log in is decided by who reads the facts.
    assertEquals(
        0, assertInstanceOf(Verdict.Accepted.class, ask(chain, "root", "secret")).facts().uid());
    Verdict.Unavailable none = assertInstanceOf(Verdict.Unavailable.class, ask(chain, "bob", ""));
    assertEquals(chain + ": error 7, a credential is missing", none.reason());
  }

  @Test
  void pwfileAsCommand() {
    isPwfile(chain("cvm-command:" + RealModules.PWFILE));
    isPwfile(chain(RealModules.PWFILE));
  }

  @Test
  void pwfileAsLocalServer() throws Exception {
    String address = "cvm-local:" + directory.resolve("socket");
    try (var _ = RealModules.serve(RealModules.PWFILE, address, environment)) {
      isPwfile(chain(address));
    }
    Verdict.Unavailable gone =
        assertInstanceOf(Verdict.Unavailable.class, ask(chain(address), "bob", "secret"));
    assertTrue(gone.reason().startsWith(address + ": "), gone.reason());
  }

  @Test
  void pwfileAsUdpServer() throws Exception {
    String address = "cvm-udp:127.0.0.1:" + RealModules.freePort();
    try (var _ = RealModules.serve(RealModules.PWFILE, address, environment)) {
      isPwfile(chain(address));
    }
    long before = System.nanoTime();
    assertInstanceOf(Verdict.Unavailable.class, ask(chain(address), "bob", "secret"));
    assertTrue(System.nanoTime() - before < 10_000_000_000L, "a closed port answers at once");
  }

  /** Debian's servers answer one at a time; a burst must wait, not fail. */
  @Test
  void aBurstAtALocalServerIsAnswered() throws Exception {
    String address = "cvm-local:" + directory.resolve("socket");
    try (var _ = RealModules.serve(RealModules.PWFILE, address, environment);
        var threads = Executors.newCachedThreadPool()) {
      CvmChain chain = chain(address);
      List<Callable<Verdict>> questions = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        questions.add(() -> ask(chain, "bob", "secret"));
      }
      for (Future<Verdict> answer : threads.invokeAll(questions)) {
        assertInstanceOf(Verdict.Accepted.class, answer.get());
      }
    }
  }

  @Test
  void aModuleWithoutItsSettingsIsUnavailable() {
    environment = Map.of();
    Verdict.Unavailable broken =
        assertInstanceOf(
            Verdict.Unavailable.class, ask(chain(RealModules.PWFILE), "bob", "secret"));
    assertTrue(broken.reason().contains("ended with status 6"), broken.reason());
  }

  @Test
  void aFileThatIsNotThereIsUnavailable() {
    environment = Map.of("CVM_PWFILE_PATH", directory.resolve("none").toString());
    assertEquals(
        new Verdict.Unavailable("cvm-command:/usr/bin/cvm-pwfile: error 4, input or output"),
        ask(chain(RealModules.PWFILE), "bob", "secret"));
  }

  @Test
  void outOfScopeGoesOnAndInScopeDoesNot() {
    // cvm-qmail calls every domain it does not serve out of scope; cvm-pwfile calls nothing that.
    String pwfile = RealModules.PWFILE;
    CvmChain chain = chain(RealModules.QMAIL + "," + pwfile);
    byte[] domain = ReplyBytes.ascii("example.org");
    assertInstanceOf(
        Verdict.Accepted.class,
        chain.verify(ReplyBytes.ascii("bob"), domain, ReplyBytes.ascii("secret")));
    assertEquals(
        new Verdict.Refused(),
        chain.verify(ReplyBytes.ascii("bob"), domain, ReplyBytes.ascii("wrong")));
    assertEquals(
        new Verdict.Refused(),
        chain(RealModules.QMAIL)
            .verify(ReplyBytes.ascii("bob"), domain, ReplyBytes.ascii("secret")));
  }

  @Test
  void aModuleNeverMerelyLooksUpForUs() {
    // With CVM_LOOKUP_SECRET in its environment cvm-pwfile would accept any password.
    environment =
        Map.of(
            "CVM_PWFILE_PATH", environment.get("CVM_PWFILE_PATH"),
            "CVM_PWFILE_PWCMP", "crypt",
            "CVM_LOOKUP_SECRET", "sesame");
    CvmChain chain = Chains.parse(RealModules.PWFILE, "sesame", 8, environment, TIMEOUT);
    assertEquals(new Verdict.Refused(), ask(chain, "bob", "wrong"));
    assertInstanceOf(Verdict.Accepted.class, ask(chain, "bob", "secret"));
  }

  @Test
  void anyTagLengthIsRepeated() {
    for (int length : new int[] {0, 1, 255}) {
      CvmChain chain = Chains.parse(RealModules.PWFILE, null, length, environment, TIMEOUT);
      assertInstanceOf(Verdict.Accepted.class, ask(chain, "bob", "secret"), "length " + length);
    }
  }

  @Test
  void unixByAllTransports() throws Exception {
    String user = "cvmt" + ProcessHandle.current().pid();
    RealModules.run(
        null, "/usr/sbin/useradd", "-M", "-g", "100", "-G", "audio,video", "-c", "T T", user);
    try {
      RealModules.run(user + ":geheim\n", "/usr/sbin/chpasswd");
      long uid = Long.parseLong(RealModules.run(null, "/usr/bin/id", "-u", user).strip());
      isUnix(chain(RealModules.UNIX), user, uid);
      String local = "cvm-local:" + directory.resolve("socket");
      try (var _ = RealModules.serve(RealModules.UNIX, local, Map.of())) {
        isUnix(chain(local), user, uid);
      }
      String udp = "cvm-udp:127.0.0.1:" + RealModules.freePort();
      try (var _ = RealModules.serve(RealModules.UNIX, udp, Map.of())) {
        isUnix(chain(udp), user, uid);
      }
    } finally {
      RealModules.run(null, "/usr/sbin/userdel", user);
    }
  }

  private static void isUnix(CvmChain chain, String user, long uid) {
    CvmFacts facts = assertInstanceOf(Verdict.Accepted.class, ask(chain, user, "geheim")).facts();
    assertEquals(user, ReplyBytes.text(facts.user()));
    assertEquals(uid, facts.uid());
    assertEquals(100, facts.gid());
    assertEquals("users", ReplyBytes.text(facts.groupName()));
    assertEquals("/home/" + user, ReplyBytes.text(facts.directory()));
    long[] groups = facts.supplementary().clone();
    assertEquals(3, groups.length);
    assertEquals(100, groups[0]);
    assertArrayEquals(new long[] {29, 44, 100}, java.util.Arrays.stream(groups).sorted().toArray());
    assertEquals(new Verdict.Refused(), ask(chain, user, "Geheim"));
    assertEquals(new Verdict.Refused(), ask(chain, user + "x", "geheim"));
  }
}
