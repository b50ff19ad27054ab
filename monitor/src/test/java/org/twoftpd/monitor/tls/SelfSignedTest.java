package org.twoftpd.monitor.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twoftpd.shared.config.TlsSettings;
import org.twoftpd.shared.os.Native;

/** The key pair that packages make. */
class SelfSignedTest {
  private static final List<String> NAMES =
      List.of("ftp.example.org", "localhost", "127.0.0.1", "::1");

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void start() {
    Native.load();
    file = directory.resolve("tls/self-signed.pem");
  }

  private CertificateSet read() {
    List<String> faults = new ArrayList<>();
    TlsSettings.Files files = new TlsSettings.Files(file.toString(), file.toString());
    CertificateSet set =
        CertificateSet.of(
            CertificateSetTest.settings(List.of(files), Optional.empty()),
            1,
            Instant.now(),
            faults);
    assertEquals(List.of(), faults);
    assertEquals(List.of(), set.outOfTime());
    return set;
  }

  @Test
  void theServiceAndOpensslTakeIt() throws IOException, InterruptedException {
    OwnCertificate.make(file, NAMES, Instant.now());

    assertEquals(1, read().size());
    Openssl openssl = new Openssl(directory);
    String text = openssl.run("x509", "-in", file.toString(), "-noout", "-text");
    assertTrue(text.contains("CN = ftp.example.org"), text);
    assertTrue(text.contains("DNS:ftp.example.org, DNS:localhost, IP Address:127.0.0.1, "), text);
    assertTrue(text.contains("Public-Key: (256 bit)"), text);
    assertTrue(text.contains("TLS Web Server Authentication"), text);
    openssl.run(
        "verify",
        "-x509_strict",
        "-CAfile",
        file.toString(),
        "-verify_hostname",
        "ftp.example.org",
        file.toString());
    assertEquals(
        openssl.run("pkey", "-in", file.toString(), "-pubout"),
        openssl.run("x509", "-in", file.toString(), "-noout", "-pubkey"));
  }

  @Test
  void nobodyElseReadsIt() throws IOException {
    OwnCertificate.make(file, NAMES, Instant.now());

    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertEquals(
        "rwx------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())));
    try (var all = Files.list(file.getParent())) {
      assertEquals(List.of(file), all.toList());
    }
  }

  @Test
  void whatIsThereStays() throws IOException, InterruptedException {
    OwnCertificate.make(file, NAMES, Instant.now());
    byte[] first = Files.readAllBytes(file);
    assertTrue(OwnCertificate.make(file, NAMES, Instant.now()).endsWith(": kept as it is"));
    assertArrayEquals(first, Files.readAllBytes(file));

    Instant late = Instant.now().plus(Duration.ofDays(5000));
    Files.writeString(file, "somebody's notes\n");
    assertTrue(OwnCertificate.make(file, NAMES, late).endsWith(": kept as it is"));
    Openssl openssl = new Openssl(file.getParent());
    openssl.ecKey("key");
    openssl.selfSigned("foreign", "key");
    openssl.join("self-signed.pem", "key", "foreign");
    byte[] foreign = Files.readAllBytes(file);
    assertTrue(OwnCertificate.make(file, NAMES, late).endsWith(": kept as it is"));
    assertArrayEquals(foreign, Files.readAllBytes(file));
    Files.delete(file);
    Files.createSymbolicLink(file, directory.resolve("nowhere"));
    assertTrue(OwnCertificate.make(file, NAMES, late).endsWith(": kept as it is"));
    assertFalse(Files.exists(directory.resolve("nowhere")));
  }

  @Test
  void whatRunsOutIsMadeAnew() throws IOException {
    OwnCertificate.make(file, NAMES, Instant.now().minus(Duration.ofDays(3625)));
    byte[] first = Files.readAllBytes(file);
    String said = OwnCertificate.make(file, NAMES, Instant.now());

    assertTrue(said.contains("made anew"), said);
    assertFalse(List.of(first).contains(Files.readAllBytes(file)));
    assertEquals(List.of(), read().expiring(Instant.now().plus(Duration.ofDays(3600))));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }

  @Test
  void yearsBeyond2049AreWrittenInFull() throws GeneralSecurityException, BadKeyFile {
    Instant then = Instant.parse("2045-01-01T00:00:00Z");
    X509Certificate c =
        Certificates.of(Pem.parse(SelfSigned.make(List.of("h".repeat(100)), then)), 1).getFirst();

    assertEquals(Instant.parse("2044-12-31T00:00:00Z"), c.getNotBefore().toInstant());
    assertEquals(then.plus(Duration.ofDays(3650)), c.getNotAfter().toInstant());
    assertTrue(SelfSigned.isOurs(c));
  }
}
