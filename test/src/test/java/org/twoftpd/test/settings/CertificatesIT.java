/*
 * Certificates that are exchanged, run out or are wrong, while the service runs.
 */
package org.twoftpd.test.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.twoftpd.monitor.tls.OwnCertificate;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.ChainOptions;
import org.twoftpd.test.harness.SecureDialogue;
import org.twoftpd.test.harness.ShowsSettings;

class CertificatesIT {
  private static Chain chain;
  private static Path directory;
  private static Path first;

  @BeforeAll
  static void start() throws IOException {
    ChainOptions o = Chain.options().user("alice").with("--tls", "on");
    directory = o.directory();
    first = own("first", Instant.now());
    chain = o.set("TLS_CERT", first.toString()).start();
  }

  @AfterAll
  static void stop() throws IOException {
    chain.close();
  }

  private static Path own(String name, Instant made) throws IOException {
    Path file = directory.resolve(name + ".pem");
    OwnCertificate.make(file, List.of(name), made);
    return file;
  }

  private static SecureDialogue connect() throws Exception {
    return new SecureDialogue(chain.port());
  }

  private static String name(SecureDialogue d) throws IOException {
    return d.certificate().getSubjectX500Principal().getName().replaceAll(".*CN=([a-z]*).*", "$1");
  }

  @Test
  @ShowsSettings({"TLS_CERT"})
  void aReloadExchangesCertificatesForNewConnectionsAndCutsNone() throws Exception {
    Path second = own("second", Instant.now());
    try (SecureDialogue talking = connect();
        SecureDialogue loggedIn = connect()) {
      loggedIn.login(chain.user("alice"));
      assertTrue(chain.reload("TLS_CERT=" + second).endsWith("reload result=done"));
      try (SecureDialogue later = connect()) {
        assertEquals("second", name(later));
        later.login(chain.user("alice"));
      }
      assertEquals("first", name(talking));
      talking.login(chain.user("alice"));
      talking.expect(257, "PWD");
      loggedIn.expect(257, "PWD");
    }
    assertTrue(chain.reload().endsWith("reload result=done"));
    try (SecureDialogue later = connect()) {
      assertEquals("first", name(later));
    }
  }

  @Test
  @ShowsSettings({"TLS_KEY"})
  void whatIsWrongIsToldAndTheOldOnesStay() throws Exception {
    Path other = own("other", Instant.now());
    Path old = own("old", Instant.now().minus(Duration.ofDays(4000)));
    Path none = Files.writeString(directory.resolve("none.pem"), "nothing\n");
    assertRefused("TLS_CERT=" + none + " is not PEM: ", "TLS_CERT=" + none);
    assertRefused("TLS_KEY=" + other + " does not fit the certificate", "TLS_KEY=" + other);
    assertRefused(
        "TLS_CERT=" + directory + "/missing cannot be read: ",
        "TLS_CERT=" + directory.resolve("missing"));
    assertRefused("TLS_CERT=" + old + " has run out, on ", "TLS_CERT=" + old);
    try (SecureDialogue later = connect()) {
      assertEquals("first", name(later));
      later.login(chain.user("alice"));
    }
  }

  private static void assertRefused(String message, String setting) throws IOException {
    assertTrue(chain.reload(setting).endsWith("reload result=refused"));
    String last =
        chain
            .log()
            .lines()
            .filter(l -> l.startsWith("settings-error "))
            .reduce((_, l) -> l)
            .orElseThrow();
    assertTrue(last.contains(message), last);
  }

  @Test
  void whatRunsOutSoonIsTold() throws Exception {
    Path soon = own("soon", Instant.now().minus(Duration.ofDays(3640)));
    assertTrue(chain.reload("TLS_CERT=" + soon).endsWith("reload result=done"));
    chain.eventuallyLogged(
        "certificate message=\"TLS_CERT=" + soon + " runs out on .*, in 9 days\"");
    assertTrue(chain.reload().endsWith("reload result=done"));
  }

  @Test
  void aServiceThatStartsUsesWhatHasRunOutAndSaysSo() throws Exception {
    ChainOptions o = Chain.options().user("alice").with("--tls", "on");
    Path old = o.directory().resolve("old.pem");
    OwnCertificate.make(old, List.of("old"), Instant.now().minus(Duration.ofDays(4000)));
    try (Chain late = o.set("TLS_CERT", old.toString()).start()) {
      late.eventuallyLogged("certificate message=\"TLS_CERT=" + old + " has run out, on .*\"");
      late.login("alice").close();
    }
  }
}
