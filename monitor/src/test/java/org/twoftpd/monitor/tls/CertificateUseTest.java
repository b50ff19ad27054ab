package org.twoftpd.monitor.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twoftpd.shared.config.TlsNames;
import org.twoftpd.shared.config.TlsSettings;
import org.twoftpd.shared.os.Native;

/** What is said of certificates that are good files: their times, and suites that are for none. */
class CertificateUseTest {
  private static final int GATE_GROUP = 4711;

  @TempDir Path directory;

  private final List<String> faults = new ArrayList<>();
  private Optional<String> clientCa = Optional.empty();
  private Instant now = Instant.now();

  @BeforeEach
  void start() throws IOException, InterruptedException {
    Native.load();
    Openssl openssl = new Openssl(directory);
    openssl.ecKey("key");
    openssl.selfSigned("crt", "key");
    openssl.selfSigned("ca", "key");
  }

  private List<TlsSettings.Files> files() {
    return List.of(new TlsSettings.Files(path("crt"), path("key")));
  }

  private String path(String file) {
    return directory.resolve(file).toString();
  }

  private CertificateSet read() {
    TlsSettings settings = CertificateSetTest.settings(files(), clientCa);
    return CertificateSet.of(settings, GATE_GROUP, now, faults);
  }

  private static TlsSettings withSuites(
      TlsSettings s, List<String> protocols, List<String> ciphers) {
    return new TlsSettings(
        s.mode(),
        s.dataProtected(),
        s.reuse(),
        s.certificates(),
        protocols,
        ciphers,
        s.strictEnd(),
        s.clientCa(),
        s.clientCertificates());
  }

  @Test
  void timeIsToldApartFromFaults() {
    Instant made = Instant.now();

    CertificateSet good = read();
    assertEquals(List.of(), good.outOfTime());
    assertEquals(List.of(), good.expiring(made));
    now = made.minus(Duration.ofDays(1));
    assertTrue(read().outOfTime().getFirst().contains(" is not good before "));
    now = made.plus(Duration.ofDays(3651));
    assertTrue(read().outOfTime().getFirst().contains(" has run out, on "));
    assertEquals(List.of(), faults);

    assertEquals(List.of(), good.expiring(made.plus(Duration.ofDays(3635))));
    String soon = good.expiring(made.plus(Duration.ofDays(3640))).getFirst();
    assertTrue(soon.matches("TLS_CERT=.*/crt runs out on [0-9-]+, in (9|10) days"), soon);
    String late = good.expiring(made.plus(Duration.ofDays(3651))).getFirst();
    assertTrue(late.matches("TLS_CERT=.*/crt has run out, on [0-9-]+"), late);
  }

  @Test
  void whatSignsClientsRunsOutToo() {
    clientCa = Optional.of(path("ca"));
    Instant made = Instant.now();

    CertificateSet set = read();
    assertEquals(List.of(), set.expiring(made));
    List<String> soon = set.expiring(made.plus(Duration.ofDays(3640)));
    assertEquals(2, soon.size(), soon.toString());
    String ca = "TLS_CLIENT_CA=.*/ca \\(CN=ca\\) ";
    assertTrue(soon.get(1).matches(ca + "runs out on [0-9-]+, in (9|10) days"), soon.get(1));
    String late = set.expiring(made.plus(Duration.ofDays(3651))).get(1);
    assertTrue(late.matches(ca + "has run out, on [0-9-]+"), late);
  }

  @Test
  void aSuiteMustBeForAKeyThatIsThere() {
    TlsSettings all = CertificateSetTest.settings(files(), clientCa);
    List<String> rsa = List.of("TLS_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    List<String> ec = List.of("TLS_AES_256_GCM_SHA384", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
    List<String> both = TlsNames.PROTOCOLS;

    CertificateSet.of(withSuites(all, both, ec), GATE_GROUP, now, faults);
    CertificateSet.of(withSuites(all, List.of("TLSv1.3"), rsa), GATE_GROUP, now, faults);
    assertEquals(List.of(), faults);
    CertificateSet.of(withSuites(all, both, rsa), GATE_GROUP, now, faults);
    assertEquals(
        List.of(
            "TLS_CIPHERS: must have a suite of TLSv1.2 for a key of TLS_CERT (EC), or "
                + "TLS_PROTOCOLS must be TLSv1.3 alone"),
        faults);
  }
}
