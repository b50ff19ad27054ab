package org.twoftpd.test.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.Dialogue;
import org.twoftpd.test.harness.ShowsSettings;

/** Settings, limits, the anonymous service, other credential modules. */
class ServiceIT {
  /** Every setting is validated when the service starts. */
  @Test
  void aBadSettingEndsTheStartAndIsNamed() {
    IOException e =
        assertThrows(
            IOException.class,
            () -> Chain.options().user("alice").set("TIMEOUT", "soon").set("TIMEOT", "3").start());
    assertTrue(e.getMessage().matches("(?s).*twoftpd.conf:\\d+: TIMEOUT.*soon.*"), e::getMessage);
    assertTrue(e.getMessage().contains("TIMEOT"), e::getMessage);
  }

  /** One that the virtual machine finds unfit is left aside by it, and costs start time alone. */
  @Test
  void everyProcessStartsFromItsArchiveOfClasses() throws IOException {
    try (Chain chain = Chain.options().user("alice").start()) {
      assertArchive(chain.monitor(), "monitor");
      assertArchive(chain.module(), "cvm");
      assertArchive(chain.children("gate").getFirst(), "gate");
      try (Dialogue _ = chain.login("alice")) {
        assertArchive(chain.sessionsOf("alice").getFirst(), "session");
      }
    }
  }

  private static void assertArchive(long pid, String role) throws IOException {
    String maps = Files.readString(Path.of("/proc/" + pid + "/maps"));
    assertTrue(maps.contains("/cache/" + role + ".aot"), () -> role + ": " + maps);
  }

  /** Row 27 of attacks.txt: everybody without a password, or beside real users. */
  @Test
  @ShowsSettings({"ANONYMOUS", "UID", "GID", "HOME"})
  void theAnonymousServiceIsForAllOrBesideRealUsers() throws Exception {
    Chain.Options o = Chain.options().user("alice");
    Path home = Files.createDirectory(o.directory().resolve("pub"));
    Files.writeString(home.resolve("hello"), "hi\n");
    try (Chain chain =
        o.set("ANONYMOUS", "on")
            .set("UID", "64150")
            .set("GID", "64150")
            .set("HOME", home.toString())
            .start()) {
      try (Dialogue d = chain.connect()) {
        d.expect(331, "USER anonymous");
        d.expect(230, "PASS me@example.org");
        assertEquals("hi\r\n", d.fetchText("RETR hello"));
        d.expect(502, "STOR x");
        // Everybody is the same here, whatever the name.
        d.expect(230, "USER anonymous");
        d.expect(230, "USER alice");
      }
      // Without a login at all, the first command that is not the gate's leads there.
      try (Dialogue d = chain.connect()) {
        d.send("PWD\r\nSIZE hello\r\n");
        d.expect(257);
        d.expect(213);
      }
      try (Dialogue d = chain.connect()) {
        d.expect(331, "USER alice");
        d.expect(230, "PASS anything");
        d.expect(213, "SIZE hello");
        d.expect(502, "STOR x");
      }
      chain.reload("ANONYMOUS=also");
      try (Dialogue d = chain.connect()) {
        d.expect(530, "PWD");
        d.expect(331, "USER FTP");
        d.expect(230, "PASS me@example.org");
        d.expect(213, "SIZE hello");
        d.expect(502, "STOR x");
        d.expect(230, "USER ftp");
        d.expect(230, "USER Anonymous");
        d.expect(530, "USER alice");
      }
      try (Dialogue d = chain.connect()) {
        d.expect(331, "USER alice");
        d.expect(530, "PASS anything");
        chain.login(d, "alice").store("STOR x", new byte[1]);
        d.expect(530, "USER anonymous");
      }
      // Who came while it was there is not served when it has gone.
      try (Dialogue d = chain.connect()) {
        d.expect(331, "USER ftp");
        chain.reload("ANONYMOUS=off");
        d.expect(530, "PASS me@example.org");
        chain.login(d, "alice");
      }
      chain.eventuallyLogged("login-failed address=127.0.0.1 user=anonymous reason=.*any more");
    }
  }

  /** MAX_PER_USER is for users: anonymous clients take no place of the one whose name they show. */
  @Test
  void anonymousSessionsAreNotCountedAsAUsers() throws Exception {
    Chain.Options o = Chain.options().user("alice");
    Path home = Files.createDirectory(o.directory().resolve("pub"));
    try (Chain chain =
            o.set("ANONYMOUS", "also")
                .set("UID", "64150")
                .set("GID", "64150")
                .set("HOME", home.toString())
                .set("USER", "alice")
                .set("MAX_PER_USER", "1")
                .start();
        Dialogue first = chain.connect();
        Dialogue second = chain.connect()) {
      for (Dialogue d : new Dialogue[] {first, second}) {
        d.expect(331, "USER ftp");
        d.expect(230, "PASS me@example.org");
      }
      try (Dialogue alice = chain.login("alice");
          Dialogue again = chain.connect()) {
        again.expect(331, "USER alice");
        again.expect(421, "PASS pw-alice");
        first.expect(221, "QUIT");
        chain.eventuallyLogged("end user=alice .*reason=quit");
        alice.expect(257, "PWD");
      }
      // Nor does the end of one of theirs give a place back that is alice's.
      Chain.eventuallyTold(
          "alice's own place is free",
          () -> {
            try (Dialogue d = chain.connect()) {
              d.expect(331, "USER alice");
              return d.command("PASS pw-alice").code() == 230;
            }
          });
      second.expect(257, "PWD");
    }
  }

  @Test
  void limitsAnswer421() throws IOException {
    try (Chain chain =
        Chain.options()
            .user("alice")
            .user("bob")
            .set("MAX_PER_IP", "3")
            .set("MAX_PER_USER", "1")
            .start()) {
      try (Dialogue a = chain.login("alice");
          Dialogue b = chain.connect();
          Dialogue c = chain.connect()) {
        b.expect(331, "USER alice");
        b.expect(421, "PASS pw-alice");
        c.expect(331, "USER bob");
        c.expect(230, "PASS pw-bob");
        a.expect(200, "NOOP");
        // The place of b is free in a moment, and then it is the last one.
        Dialogue[] third = new Dialogue[1];
        Chain.eventuallyTold(
            "a third client is welcome",
            () -> {
              third[0] = new Dialogue("127.0.0.1", chain.port());
              return third[0].reply().code() == 220;
            });
        try (Dialogue last = third[0];
            Dialogue tooMany = new Dialogue("127.0.0.1", chain.port())) {
          tooMany.expect(421);
          last.expect(200, "NOOP");
        }
      }
      chain.eventuallyLogged("refused address=127\\.0\\.0\\.1 limit=MAX_PER_IP");
    }
  }

  /** The original's credential modules, from Debian's package cvm, in a chain. */
  @Test
  void debiansModulesWork() throws IOException {
    assertTrue(Files.exists(Path.of("/usr/bin/cvm-pwfile")), "Debian's package cvm is needed");
    Chain.Options o = Chain.options();
    Path users = o.directory().resolve("pwfile");
    Path home = o.directory().resolve("carol");
    Files.createDirectory(home);
    Files.writeString(users, "carol:$1$benchslt$PLACE:64160:64160::" + home + ":/bin/sh\n");
    String hash = run("openssl", "passwd", "-1", "-salt", "benchslt", "pw-carol").trim();
    Files.writeString(users, "carol:" + hash + ":64160:64160::" + home + ":/bin/sh\n");
    Files.setAttribute(home, "unix:uid", 64160);
    try (Chain chain =
            o.with("--cvm", "cvm-command:/usr/bin/cvm-pwfile")
                .set("CVM_PWFILE_PATH", users.toString())
                .set("CVM_PWFILE_PWCMP", "crypt")
                .start();
        Dialogue d = chain.connect()) {
      d.expect(331, "USER carol");
      d.expect(530, "PASS wrong");
      d.expect(331, "USER carol");
      d.expect(230, "PASS pw-carol");
      d.store("STOR x", new byte[3]);
      d.expect(221, "QUIT");
    }
  }

  private static String run(String... command) throws IOException {
    Process p = new ProcessBuilder(command).start();
    return new String(
        p.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII);
  }
}
