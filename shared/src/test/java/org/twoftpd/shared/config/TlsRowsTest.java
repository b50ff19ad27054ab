package org.twoftpd.shared.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;

/** The settings of TLS: defaults, values, and what does not go together. */
final class TlsRowsTest {
  private static byte[] bytes(String s) {
    return s.getBytes(StandardCharsets.UTF_8);
  }

  private static TlsSettings read(String... lines) throws SettingsException {
    String file = "GATE_USER=1:1\n" + String.join("\n", lines) + "\n";
    return SettingsReader.read("t.conf", bytes(file), Map.of(), bytes("")).tls();
  }

  private static String fault(String... lines) {
    List<String> all = assertThrows(SettingsException.class, () -> read(lines)).messages();
    assertEquals(1, all.size(), all::toString);
    return all.getFirst();
  }

  @Test
  void outOfTheBoxThereIsTlsForWhoeverAsks() throws SettingsException {
    TlsSettings t = read();
    String own = "/etc/twoftpd/tls/self-signed.pem";

    assertEquals(
        new TlsSettings(
            TlsMode.ON,
            true,
            TlsReuse.REQUIRED,
            List.of(new TlsSettings.Files(own, own)),
            List.of("TLSv1.3", "TLSv1.2"),
            TlsNames.CIPHERS,
            true,
            Optional.empty(),
            ClientCertificates.OFF),
        t);
    assertTrue(t.isOn());
    assertFalse(read("TLS=off").isOn());
  }

  @Test
  void everyValueArrives() throws SettingsException {
    assertEquals(
        new TlsSettings(
            TlsMode.REQUIRED,
            false,
            TlsReuse.ACCEPTED,
            List.of(new TlsSettings.Files("/a", "/ka"), new TlsSettings.Files("/b", "/kb")),
            List.of("TLSv1.2"),
            List.of("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
            false,
            Optional.of("/ca"),
            ClientCertificates.WANTED),
        read(
            "TLS=required",
            "TLS_DATA=any",
            "TLS_REUSE=accepted",
            "TLS_CERT=/a, /b",
            "TLS_KEY=/ka, /kb",
            "TLS_PROTOCOLS=TLSv1.2",
            "TLS_CIPHERS=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_STRICT_EOF=off",
            "TLS_CLIENT_CA=/ca",
            "TLS_CLIENT_CERT=wanted"));
    assertEquals(TlsReuse.OFF, read("TLS_REUSE=off").reuse());
    assertEquals(
        ClientCertificates.REQUIRED,
        read("TLS_CLIENT_CA=/ca", "TLS_CLIENT_CERT=required").clientCertificates());
  }

  @Test
  void wordsAreTold() {
    assertEquals("t.conf:2: TLS=yes: must be off, on or required", fault("TLS=yes"));
    assertEquals("t.conf:2: TLS_DATA=on: must be any or required", fault("TLS_DATA=on"));
    assertEquals(
        "t.conf:2: TLS_REUSE=on: must be required, accepted or off", fault("TLS_REUSE=on"));
    assertTrue(fault("TLS_CERT=relative").contains("must be absolute paths of PEM files"));
    assertTrue(fault("TLS_PROTOCOLS=TLSv1.1").contains("must be TLSv1.3 or TLSv1.2"));
    assertTrue(fault("TLS_PROTOCOLS=").contains("must be TLSv1.3 or TLSv1.2"));
    assertTrue(fault("TLS_CIPHERS=TLS_RSA_WITH_AES_128_CBC_SHA").contains("names of cipher"));
    assertTrue(fault("TLS_CIPHERS=TLS_DHE_RSA_WITH_AES_128_GCM_SHA256").contains("names of"));
  }

  @Test
  void whatDoesNotGoTogetherIsTold() {
    assertEquals(
        "t.conf:2: TLS_KEY: must have as many files as TLS_CERT, 1, not 2", fault("TLS_KEY=/a,/b"));
    assertEquals(
        "t.conf:2: TLS_CLIENT_CERT: must be off without TLS_CLIENT_CA, since no certificate could"
            + " be believed",
        fault("TLS_CLIENT_CERT=wanted"));
    assertEquals(
        "t.conf:2: TLS_CIPHERS: must have a suite for each of TLS_PROTOCOLS, and none is of"
            + " TLSv1.2",
        fault("TLS_CIPHERS=TLS_AES_128_GCM_SHA256"));
    assertEquals(
        "t.conf:2: TLS_CIPHERS: must have a suite for each of TLS_PROTOCOLS, and none is of"
            + " TLSv1.3",
        fault("TLS_CIPHERS=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_PROTOCOLS=TLSv1.3"));
  }

  @Test
  void theJdkHasEverySuiteAndHasNothingAgainstIt() throws NoSuchAlgorithmException {
    SSLParameters p = SSLContext.getDefault().getDefaultSSLParameters();

    assertTrue(List.of(p.getCipherSuites()).containsAll(TlsNames.CIPHERS));
    assertTrue(List.of(p.getProtocols()).containsAll(TlsNames.PROTOCOLS));
  }
}
