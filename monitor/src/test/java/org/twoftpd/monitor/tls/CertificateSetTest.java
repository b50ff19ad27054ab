package org.twoftpd.monitor.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twoftpd.shared.config.ClientCertificates;
import org.twoftpd.shared.config.TlsMode;
import org.twoftpd.shared.config.TlsNames;
import org.twoftpd.shared.config.TlsReuse;
import org.twoftpd.shared.config.TlsSettings;
import org.twoftpd.shared.os.Native;

/** What administrators put into TLS_CERT and TLS_KEY, by real files of openssl. */
class CertificateSetTest {
  private static final int GATE_GROUP = 4711;

  @TempDir Path directory;

  private Openssl openssl;
  private final List<String> faults = new ArrayList<>();
  private Optional<String> clientCa = Optional.empty();
  private final Instant now = Instant.now();

  @BeforeEach
  void start() {
    Native.load();
    openssl = new Openssl(directory);
  }

  private CertificateSet read(String... files) {
    List<TlsSettings.Files> all = new ArrayList<>();
    for (int i = 0; i < files.length; i += 2) {
      all.add(new TlsSettings.Files(path(files[i]), path(files[i + 1])));
    }
    return CertificateSet.of(settings(all, clientCa), GATE_GROUP, now, faults);
  }

  static TlsSettings settings(List<TlsSettings.Files> files, Optional<String> clientCa) {
    return new TlsSettings(
        TlsMode.ON,
        true,
        TlsReuse.REQUIRED,
        files,
        TlsNames.PROTOCOLS,
        TlsNames.CIPHERS,
        true,
        clientCa,
        ClientCertificates.OFF);
  }

  private String path(String file) {
    return directory.resolve(file).toString();
  }

  private void assertGood(String... files) {
    faults.clear();
    CertificateSet set = read(files);
    assertEquals(List.of(), faults);
    assertEquals(files.length / 2, set.size());
  }

  private void assertFault(String expected, String... files) {
    faults.clear();
    read(files);
    assertEquals(1, faults.size(), faults.toString());
    assertTrue(faults.getFirst().matches(expected), faults.getFirst());
  }

  @Test
  void everyKindAndFormOfKeyIsRead() throws IOException, InterruptedException {
    openssl.key("rsa8", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048");
    openssl.selfSigned("rsa.crt", "rsa8");
    openssl.run("rsa", "-in", "rsa8", "-traditional", "-out", "rsa1");
    openssl.run("ecparam", "-name", "secp384r1", "-genkey", "-out", "ec-parameters");
    openssl.selfSigned("ec.crt", "ec-parameters");
    openssl.run("ec", "-in", "ec-parameters", "-out", "ec1");
    openssl.run("pkcs8", "-topk8", "-nocrypt", "-in", "ec1", "-out", "ec8");
    openssl.key("ed", "-algorithm", "ED25519");
    openssl.selfSigned("ed.crt", "ed");
    openssl.key("ed448", "-algorithm", "ED448");
    openssl.selfSigned("ed448.crt", "ed448");
    assertTrue(Files.readString(directory.resolve("rsa1")).startsWith("-----BEGIN RSA PRIVATE"));
    assertTrue(Files.readString(directory.resolve("ec-parameters")).contains("EC PARAMETERS"));
    assertTrue(Files.readString(directory.resolve("ec1")).startsWith("-----BEGIN EC PRIVATE"));

    assertGood("rsa.crt", "rsa8", "rsa.crt", "rsa1", "ec.crt", "ec-parameters");
    assertGood("ec.crt", "ec1", "ec.crt", "ec8", "ed.crt", "ed", "ed448.crt", "ed448");
  }

  @Test
  void bothMayBeInOneFileInEitherOrderAndWithExplanations()
      throws IOException, InterruptedException {
    openssl.ecKey("key");
    openssl.selfSigned("crt", "key", "-text");
    openssl.join("key-first", "key", "crt");
    openssl.join("crt-first", "crt", "key");

    assertTrue(Files.readString(directory.resolve("crt")).startsWith("Certificate:"));
    assertGood("key-first", "key-first", "crt-first", "crt-first");
  }

  @Test
  void aChainBeginsWithTheServersOwnAndEachSignsTheOneBefore()
      throws IOException, InterruptedException {
    openssl.ecKey("root.key");
    openssl.selfSigned("root", "root.key");
    openssl.ecKey("middle.key");
    openssl.signed(
        "middle", "middle.key", "root", "root.key", "-addext", "basicConstraints=critical,CA:TRUE");
    openssl.ecKey("own.key");
    openssl.signed("own", "own.key", "middle", "middle.key");
    openssl.join("full", "own", "middle");
    openssl.join("whole", "own", "middle", "root");
    openssl.join("turned", "middle", "own");
    openssl.join("gap", "own", "root");

    assertGood("own", "own.key", "full", "own.key", "whole", "own.key");
    assertEquals(3, read("whole", "own.key").chains().getFirst().size());
    assertFault(
        "TLS_CERT=.*/turned has its certificates in the wrong order: number 2 \\(CN=own\\)"
            + " has not signed number 1 \\(CN=middle\\);.*",
        "turned",
        "own.key");
    assertFault("TLS_CERT=.*/gap has its certificates in the wrong order.*", "gap", "own.key");
    assertFault(
        "TLS_KEY=.*/middle.key fits certificate number 2 of its chain; .*", "full", "middle.key");
  }

  @Test
  void aKeyThatDoesNotFitIsTold() throws IOException, InterruptedException {
    openssl.ecKey("key");
    openssl.ecKey("other");
    openssl.key("rsa", "-algorithm", "RSA");
    openssl.selfSigned("crt", "key");

    String fault = " does not fit the certificate \\(CN=crt\\)";
    assertFault("TLS_KEY=.*/other" + fault, "crt", "other");
    assertFault("TLS_KEY=.*/rsa" + fault, "crt", "rsa");
  }

  @Test
  void eachThingThatIsWrongWithAFileHasItsWords() throws IOException, InterruptedException {
    openssl.ecKey("key");
    openssl.selfSigned("crt", "key");
    openssl.join("twice", "key", "key");
    openssl.join("both", "crt");
    openssl.run("x509", "-in", "crt", "-outform", "DER", "-out", "der");
    openssl.run("x509", "-in", "crt", "-trustout", "-out", "trusted");
    openssl.run("ec", "-in", "key", "-aes256", "-passout", "pass:secret", "-out", "old-encrypted");
    openssl.run("pkcs8", "-topk8", "-in", "key", "-passout", "pass:secret", "-out", "encrypted");
    String text = Files.readString(directory.resolve("crt"));
    Files.writeString(directory.resolve("cut"), text.substring(0, text.length() - 30));
    Files.writeString(directory.resolve("bad64"), text.replace("\nMII", "\n!II"));
    Files.writeString(directory.resolve("flipped"), text.replace("\nMII", "\nMAA"));
    Files.writeString(directory.resolve("empty"), "");
    Files.write(directory.resolve("large"), new byte[TrustedBytes.LARGEST + 1]);

    assertFault(
        "TLS_CERT=.*/missing cannot be read: No such file or directory; make a certificate: "
            + "twoftpd-monitor --make-certificate .*/missing, or set TLS=off",
        "missing",
        "key");
    assertFault("TLS_KEY=.*/missing cannot be read: .*", "crt", "missing");
    assertFault("TLS_CERT=.*/key has no certificate", "key", "key");
    assertFault(
        "TLS_CERT=.*/both has no private key; TLS_KEY must name the file that has it",
        "both",
        "both");
    assertFault("TLS_CERT=.*/empty is not PEM: .*", "empty", "key");
    assertFault("TLS_CERT=.*/der is DER; write it as PEM: openssl x509 .*", "der", "key");
    assertFault("TLS_CERT=.*/large has more than 1048576 bytes", "large", "key");
    assertFault(
        "TLS_CERT=.*/cut is not whole: no -----END CERTIFICATE----- follows line 1", "cut", "key");
    assertFault(
        "TLS_CERT=.*/bad64 is damaged: CERTIFICATE of line 1 is not base64", "bad64", "key");
    assertFault(
        "TLS_CERT=.*/flipped is damaged: the certificate of line 1 cannot be read",
        "flipped",
        "key");
    assertFault(
        "TLS_CERT=.*/trusted has a certificate in a form of openssl's own in line 1; .*",
        "trusted",
        "key");
    assertFault("TLS_KEY=.*/twice has more than one private key, in lines 1 and 6", "crt", "twice");
    assertFault("TLS_KEY=.*/encrypted is encrypted, .*", "crt", "encrypted");
    assertFault("TLS_KEY=.*/old-encrypted is encrypted, .*", "crt", "old-encrypted");
  }

  @Test
  void whatOthersCanReadOrWriteIsRefused() throws IOException, InterruptedException {
    assumeTrue(Native.geteuid() == 0, "others own files in directories of other users");
    openssl.ecKey("key");
    openssl.selfSigned("crt", "key");

    openssl.mode("key", "rw-r--r--");
    assertFault(
        "TLS_KEY=.*/key can be read by others \\(mode 0644\\); do: chmod 0600 .*/key",
        "crt",
        "key");
    openssl.mode("key", "rw-r-----");
    assertGood("crt", "key");
    Files.setAttribute(directory.resolve("key"), "unix:gid", GATE_GROUP);
    assertFault("TLS_KEY=.*/key can be read by the group of GATE_USER, gid 4711 .*", "crt", "key");
    openssl.mode("key", "rw-------");
    assertGood("crt", "key");
    openssl.mode("crt", "rw-rw-r--");
    assertFault("TLS_CERT=.*/crt cannot be read: the file .* must belong to root .*", "crt", "key");
  }

  @Test
  void whatIsNotForAServerOrTooWeakIsRefused() throws IOException, InterruptedException {
    openssl.key("weak", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024");
    openssl.selfSigned("weak.crt", "weak");
    openssl.key("curve", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256");
    openssl.selfSigned("client.crt", "curve", "-addext", "extendedKeyUsage=clientAuth");
    openssl.selfSigned("server.crt", "curve", "-addext", "extendedKeyUsage=clientAuth,serverAuth");

    assertGood("server.crt", "curve");
    assertFault("TLS_CERT=.*/weak.crt has a key that is not used; .*", "weak.crt", "weak");
    assertFault(
        "TLS_CERT=.*/client.crt has a certificate that is not for a server .*",
        "client.crt",
        "curve");
  }

  @Test
  void allThatIsWrongIsToldAtOnce() throws IOException, InterruptedException {
    openssl.ecKey("key");
    openssl.selfSigned("crt", "key");
    clientCa = Optional.of(path("none"));

    read("a", "b", "crt", "c", "crt", "key");

    assertEquals(4, faults.size(), faults.toString());
    assertTrue(faults.get(0).startsWith("TLS_CERT=" + path("a")), faults.get(0));
    assertTrue(faults.get(1).startsWith("TLS_KEY=" + path("b")), faults.get(1));
    assertTrue(faults.get(2).startsWith("TLS_KEY=" + path("c")), faults.get(2));
    assertTrue(faults.get(3).startsWith("TLS_CLIENT_CA=" + path("none")), faults.get(3));
  }

  @Test
  void whatSignsClientsMustSignOthers() throws IOException, InterruptedException {
    openssl.ecKey("key");
    openssl.selfSigned("crt", "key");
    openssl.selfSigned("leaf", "key", "-addext", "basicConstraints=critical,CA:FALSE");

    clientCa = Optional.of(path("crt"));
    assertGood("crt", "key");
    assertEquals(1, read("crt", "key").clientCa().size());
    clientCa = Optional.of(path("leaf"));
    assertFault(
        "TLS_CLIENT_CA=.*/leaf has a certificate that signs no others \\(CN=leaf\\)", "crt", "key");
  }

  @Test
  void withoutTlsNothingIsRead() {
    TlsSettings off =
        new TlsSettings(
            TlsMode.OFF,
            true,
            TlsReuse.REQUIRED,
            List.of(new TlsSettings.Files("/none", "/none")),
            TlsNames.PROTOCOLS,
            TlsNames.CIPHERS,
            true,
            Optional.empty(),
            ClientCertificates.OFF);

    assertEquals(0, CertificateSet.of(off, GATE_GROUP, now, faults).size());
    assertEquals(List.of(), faults);
  }
}
