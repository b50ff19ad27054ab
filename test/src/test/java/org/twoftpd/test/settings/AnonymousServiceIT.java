package org.twoftpd.test.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.ChainOptions;
import org.twoftpd.test.harness.Dialogue;
import org.twoftpd.test.harness.ShowsSettings;

/** The anonymous service: for all who come, or beside real users. */
class AnonymousServiceIT {
  /** Row 27 of attacks.txt. */
  @Test
  @ShowsSettings({"ANONYMOUS", "UID", "GID", "HOME"})
  void theAnonymousServiceIsForAllOrBesideRealUsers() throws Exception {
    ChainOptions o = Chain.options().user("alice");
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
        // With ANONYMOUS=on every name means the anonymous account.
        d.expect(230, "USER anonymous");
        d.expect(230, "USER alice");
      }
      // A client that sends no USER is logged in by its first command that the gate does not
      // answer.
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
      // A client that said USER before the service was switched off is refused.
      try (Dialogue d = chain.connect()) {
        d.expect(331, "USER ftp");
        chain.reload("ANONYMOUS=off");
        d.expect(530, "PASS me@example.org");
        chain.login(d, "alice");
      }
      chain.eventuallyLogged("login-failed address=127.0.0.1 user=anonymous reason=.*any more");
    }
  }

  /** Anonymous clients do not count for MAX_PER_USER of the user whose name they show. */
  @Test
  void anonymousSessionsAreNotCountedAsAUsers() throws Exception {
    ChainOptions o = Chain.options().user("alice");
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
      // When an anonymous session ends, alice's place is not given back.
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
}
