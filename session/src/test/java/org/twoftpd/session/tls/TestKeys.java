package org.twoftpd.session.tls;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.PSSParameterSpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.twoftpd.shared.config.ClientCertificates;
import org.twoftpd.shared.config.TlsMode;
import org.twoftpd.shared.config.TlsReuse;
import org.twoftpd.shared.tls.SignatureScheme;
import org.twoftpd.shared.wire.TlsMessage;

/**
 * Certificates of the openssl command, and a holder of their keys that remembers what it signed.
 */
public final class TestKeys implements KeyHolder {
  public static final String EC = "ec -pkeyopt ec_paramgen_curve:P-256";
  public static final String RSA = "rsa:2048";
  static final String ED25519 = "ed25519";

  /**
   * After so many bytes, in place of 128 GiB, JSSE changes the keys of a connection. It reads the
   * property once, when it is first used.
   */
  static final int KEY_LIMIT = 1 << 22;

  static {
    Security.setProperty("jdk.tls.keyLimits", "AES/GCM/NoPadding KeyUpdate " + KEY_LIMIT);
  }

  private final Path directory;
  private final List<byte[][]> chains = new ArrayList<>();
  private final List<PrivateKey> keys = new ArrayList<>();
  private final List<X509Certificate> certificates = new ArrayList<>();
  private byte[][] authorities = {};
  private ClientCertificates clients = ClientCertificates.OFF;

  /** What was signed, in order. */
  public final List<byte[]> signed = new CopyOnWriteArrayList<>();

  final List<SignatureScheme> schemes = new CopyOnWriteArrayList<>();

  public TestKeys(Path directory) {
    this.directory = directory;
  }

  /** Makes a key pair and a self-signed certificate, by openssl-req(1ssl). */
  public TestKeys with(String kind, String host) throws Exception {
    Files.createDirectories(directory);
    Path key = directory.resolve(keys.size() + ".key");
    Path certificate = directory.resolve(keys.size() + ".crt");
    List<String> command = new ArrayList<>(List.of("openssl", "req", "-x509", "-nodes", "-days"));
    command.addAll(List.of("2", "-subj", "/CN=" + host, "-addext", "subjectAltName=DNS:" + host));
    command.addAll(List.of("-keyout", key.toString(), "-out", certificate.toString(), "-newkey"));
    command.addAll(List.of(kind.split(" ")));
    Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
    byte[] said = p.getInputStream().readAllBytes();
    if (p.waitFor() != 0) {
      throw new IllegalStateException(new String(said, StandardCharsets.UTF_8));
    }
    byte[] der = pem(certificate);
    X509Certificate x =
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(der));
    chains.add(new byte[][] {der});
    certificates.add(x);
    keys.add(
        KeyFactory.getInstance(x.getPublicKey().getAlgorithm())
            .generatePrivate(new PKCS8EncodedKeySpec(pem(key))));
    return this;
  }

  /** Has clients asked for certificates of that authority. */
  TestKeys asking(ClientCertificates how, X509Certificate authority) throws Exception {
    clients = how;
    authorities = new byte[][] {authority.getEncoded()};
    return this;
  }

  private static byte[] pem(Path file) throws Exception {
    StringBuilder base64 = new StringBuilder();
    for (String line : Files.readAllLines(file)) {
      if (!line.startsWith("-----")) {
        base64.append(line);
      }
    }
    return Base64.getDecoder().decode(base64.toString());
  }

  X509Certificate certificate(int i) {
    return certificates.get(i);
  }

  PrivateKey key(int i) {
    return keys.get(i);
  }

  TlsTerms terms(TlsReuse reuse, String protocols) throws TlsFailed {
    return new TlsTerms(message(TlsMode.ON, reuse, false, protocols));
  }

  /** What a monitor with these keys offers. */
  public TlsMessage.TlsTerms message(
      TlsMode mode, TlsReuse reuse, boolean dataRequired, String protocols) {
    return new TlsMessage.TlsTerms(
        1,
        mode,
        reuse,
        dataRequired,
        clients,
        protocols.getBytes(StandardCharsets.US_ASCII),
        new byte[0],
        chains.toArray(new byte[0][][]),
        authorities);
  }

  @Override
  public byte[] sign(
      long connection, int generation, int chain, SignatureScheme scheme, byte[] content)
      throws SignatureException {
    signed.add(content);
    schemes.add(scheme);
    try {
      Signature s = Signature.getInstance(scheme.algorithm());
      if (scheme.saltBytes() > 0) {
        String hash = "SHA-" + 8 * scheme.saltBytes();
        s.setParameter(
            new PSSParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), scheme.saltBytes(), 1));
      }
      s.initSign(keys.get(chain));
      s.update(content);
      return s.sign();
    } catch (GeneralSecurityException e) {
      throw new SignatureException(e);
    }
  }
}
