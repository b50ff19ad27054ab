/*
 * Every setting of TLS, by what a client sees of it.
 */
package org.twoftpd.test.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.ChainOptions;
import org.twoftpd.test.harness.Dialogue;
import org.twoftpd.test.harness.SecureDialogue;
import org.twoftpd.test.harness.ShowsSettings;

class TlsSettingsIT {
  private static final char[] PASSWORD = "secret".toCharArray();

  private static Chain chain;
  private static Path directory;

  @BeforeAll
  static void start() throws IOException {
    ChainOptions o = Chain.options().user("alice").with("--tls", "on");
    directory = o.directory();
    chain = o.start();
  }

  @AfterAll
  static void stop() throws IOException {
    chain.close();
  }

  /** What a test has set is taken back. */
  @AfterEach
  void resetSettings() throws IOException {
    assertTrue(chain.reload().endsWith("reload result=done"));
  }

  private static SecureDialogue connect(String... protocols) throws Exception {
    return new SecureDialogue(chain.port(), protocols);
  }

  private static SecureDialogue login(String... protocols) throws Exception {
    SecureDialogue d = connect(protocols);
    d.login(chain.user("alice"));
    return d;
  }

  private static void set(String... lines) throws IOException {
    assertTrue(chain.reload(lines).endsWith("reload result=done"));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  @ShowsSettings({"TLS"})
  void tlsIsForThoseWhoAskOrForAllOrForNobody() throws Exception {
    try (SecureDialogue d = login();
        Dialogue plain = chain.login("alice")) {
      d.expect(257, "PWD");
      plain.expect(257, "PWD");
    }
    set("TLS=required");
    try (SecureDialogue d = login();
        Dialogue plain = chain.connect()) {
      d.expect(257, "PWD");
      plain.expect(530, "USER alice");
    }
    set("TLS=off");
    try (Dialogue plain = chain.login("alice");
        Dialogue other = chain.connect()) {
      plain.expect(257, "PWD");
      int code = other.command("AUTH TLS").code();
      assertTrue(code >= 500, "AUTH TLS is answered " + code);
    }
  }

  @Test
  @ShowsSettings({"TLS_DATA"})
  void dataMayGoInTheClearOnlyWhereTheSettingSaysAny() throws Exception {
    try (SecureDialogue d = login()) {
      d.expect(534, "PROT C");
      Socket data = d.passive();
      d.expect(522, "LIST");
      data.close();
    }
    set("TLS_DATA=any");
    try (SecureDialogue d = login();
        Socket data = d.passive()) {
      d.expect(150, "LIST");
      data.getInputStream().readAllBytes();
      d.expect(226);
      d.expect(200, "PROT P");
      d.expect(200, "PROT C");
    }
  }

  @Test
  @ShowsSettings({"TLS_REUSE"})
  void whoDoesNotResumeIsRefusedUnlessTheSettingLetsHimIn() throws Exception {
    try (SecureDialogue d = login("TLSv1.2")) {
      d.expect(200, "PROT P");
      try (Socket data = d.passive()) {
        d.expect(150, "LIST");
        assertThrows(IOException.class, () -> d.beginAnew(data).getInputStream().readAllBytes());
        assertTrue(d.expect(522).contains("TLS_REUSE"));
        chain.eventuallyLogged(
            "tls-data user=[^ ]+ address=127.0.0.1 result=refused reason=.*TLS_REUSE.*");
      }
      try (Socket data = d.passive()) {
        d.expect(150, "LIST");
        d.resume(data).getInputStream().readAllBytes();
        d.expect(226);
      }
    }
    for (String reuse : new String[] {"accepted", "off"}) {
      set("TLS_REUSE=" + reuse);
      try (SecureDialogue d = login("TLSv1.2");
          Socket data = d.passive()) {
        d.expect(200, "PROT P");
        d.expect(150, "LIST");
        d.beginAnew(data).getInputStream().readAllBytes();
        d.expect(226);
      }
      // The first of the two tells of it, and the second adds no line.
      chain.eventuallyLogged(
          "tls-data user=[^ ]+ address=127.0.0.1 result=served reason=.*TLS_REUSE.*");
      assertEquals(1, chain.log().split("result=served", -1).length - 1, reuse);
    }
  }

  @Test
  @ShowsSettings({"TLS_PROTOCOLS", "TLS_CIPHERS"})
  void protocolsAndSuitesAreThoseThatAreSet() throws Exception {
    try (SecureDialogue d = connect()) {
      assertEquals("TLSv1.3", d.socket().getSession().getProtocol());
      assertEquals("TLS_AES_256_GCM_SHA384", d.socket().getSession().getCipherSuite());
    }
    set("TLS_PROTOCOLS=TLSv1.2", "TLS_CIPHERS=TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256");
    try (SecureDialogue d = connect()) {
      assertEquals("TLSv1.2", d.socket().getSession().getProtocol());
      assertEquals(
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          d.socket().getSession().getCipherSuite());
    }
    assertThrows(SSLException.class, () -> connect("TLSv1.3"));
    chain.eventuallyLogged("tls-failed address=127.0.0.1 reason=.*");
    set("TLS_PROTOCOLS=TLSv1.3");
    assertThrows(SSLException.class, () -> connect("TLSv1.2"));
  }

  /** It would cost the gate far more than the client. */
  @Test
  void nobodyRepeatsTheHandshakeOfTls12() throws Exception {
    try (SecureDialogue d = login("TLSv1.2")) {
      assertThrows(
          IOException.class,
          () -> {
            d.socket().startHandshake();
            d.expect(200, "NOOP");
          });
    }
    login("TLSv1.2").close();
  }

  private static void uploadAndCut(SecureDialogue d, int code) throws Exception {
    d.expect(200, "PROT P");
    Socket data = d.passive();
    d.expect(150, "STOR cut");
    SSLSocket secure = d.resume(data);
    secure.getOutputStream().write(bytes("half of it"));
    secure.getOutputStream().flush();
    // The connection below TLS ends, and TLS says nothing of it.
    data.shutdownOutput();
    d.expect(code);
    data.close();
  }

  @Test
  @ShowsSettings({"TLS_STRICT_EOF"})
  void anUploadThatIsCutIsRefusedUnlessTheSettingTakesIt() throws Exception {
    try (SecureDialogue d = login("TLSv1.2")) {
      uploadAndCut(d, 426);
    }
    set("TLS_STRICT_EOF=off");
    try (SecureDialogue d = login("TLSv1.2")) {
      uploadAndCut(d, 226);
    }
    chain.eventuallyLogged("upload user=alice .* path=/cut .* result=done end=cut");
    assertEquals("half of it", Files.readString(chain.user("alice").home().resolve("cut")));
  }

  private static void openssl(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments));
    Process p =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    String said = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, p.waitFor(), said);
  }

  /** A certificate of a client, and the key that goes with it. */
  private static KeyManager[] client() throws Exception {
    openssl(
        "req",
        "-x509",
        "-new",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-subj",
        "/CN=vouches",
        "-keyout",
        "ca.key",
        "-out",
        "ca.crt",
        "-days",
        "9");
    openssl(
        "req",
        "-x509",
        "-new",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-subj",
        "/CN=camera 7",
        "-keyout",
        "client.key",
        "-out",
        "client.crt",
        "-days",
        "9",
        "-CA",
        "ca.crt",
        "-CAkey",
        "ca.key",
        "-addext",
        "basicConstraints=critical,CA:FALSE");
    openssl(
        "pkcs12",
        "-export",
        "-inkey",
        "client.key",
        "-in",
        "client.crt",
        "-passout",
        "pass:secret",
        "-out",
        "client.p12");
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(directory.resolve("client.p12"))) {
      store.load(in, PASSWORD);
    }
    KeyManagerFactory f = KeyManagerFactory.getInstance("PKIX");
    f.init(store, PASSWORD);
    return f.getKeyManagers();
  }

  @Test
  @ShowsSettings({"TLS_CLIENT_CA", "TLS_CLIENT_CERT"})
  void clientsAreAskedForCertificates() throws Exception {
    KeyManager[] keys = client();
    String authority = "TLS_CLIENT_CA=" + directory.resolve("ca.crt");
    set(authority, "TLS_CLIENT_CERT=wanted");
    try (SecureDialogue without = login()) {
      without.expect(257, "PWD");
    }
    assertFalse(chain.log().contains("certificate="));
    try (SecureDialogue with = new SecureDialogue(chain.port(), keys)) {
      with.login(chain.user("alice"));
      with.expect(257, "PWD");
    }
    chain.eventuallyLogged("login user=alice .* certificate=.*CN.*camera 7.*");
    set(authority, "TLS_CLIENT_CERT=required");
    try (SecureDialogue with = new SecureDialogue(chain.port(), keys)) {
      with.login(chain.user("alice"));
    }
    // In TLS 1.3 a client learns of it when it next reads.
    assertThrows(IOException.class, () -> login().close());
  }

  @Test
  @ShowsSettings({"TLS_CERT"})
  void theCertificateIsTheOneThatTheSettingNames() throws Exception {
    String file =
        Files.readAllLines(chain.configuration()).stream()
            .filter(l -> l.startsWith("TLS_CERT="))
            .findFirst()
            .orElseThrow()
            .substring("TLS_CERT=".length());
    String pem = Files.readString(Path.of(file));
    byte[] certificate = bytes(pem.substring(pem.indexOf("-----BEGIN CERTIFICATE")));
    X509Certificate expected =
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(certificate));
    try (SecureDialogue d = connect()) {
      assertEquals(expected, d.certificate());
    }
  }
}
