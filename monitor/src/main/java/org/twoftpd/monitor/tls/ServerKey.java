/*
 * Trusted with one private key.  It signs what it is given; what that may be is said elsewhere.
 */
package org.twoftpd.monitor.tls;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Instant;
import java.util.List;
import org.twoftpd.shared.tls.SignatureScheme;

/** A chain of certificates with the key of its first. */
final class ServerKey {
  private static final byte[] SAMPLE = "whether they fit".getBytes(StandardCharsets.US_ASCII);

  private final String where;
  private final List<X509Certificate> chain;
  private final PrivateKey key;

  private ServerKey(String where, List<X509Certificate> chain, PrivateKey key) {
    this.where = where;
    this.chain = List.copyOf(chain);
    this.key = key;
  }

  /**
   * Puts both together.
   *
   * @param where the setting and the file of the chain, for messages
   * @throws BadKeyFile when the key is not that of the first certificate
   */
  static ServerKey of(String where, List<X509Certificate> chain, PrivateKey key) throws BadKeyFile {
    if (!fits(key, chain.getFirst().getPublicKey())) {
      for (int i = 1; i < chain.size(); i++) {
        if (fits(key, chain.get(i).getPublicKey())) {
          throw new BadKeyFile(
              "fits certificate number "
                  + (i + 1)
                  + " of its chain; the server's own certificate must come first");
        }
      }
      throw new BadKeyFile(
          "does not fit the certificate (" + Certificates.name(chain.getFirst()) + ")");
    }
    return new ServerKey(where, chain, key);
  }

  private static boolean fits(PrivateKey key, PublicKey publicKey) {
    if (!key.getAlgorithm().equals(publicKey.getAlgorithm())) {
      return false;
    }
    try {
      Signature s = Signature.getInstance(sampleAlgorithm(key));
      s.initSign(key);
      s.update(SAMPLE);
      byte[] signature = s.sign();
      s.initVerify(publicKey);
      s.update(SAMPLE);
      return s.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static String sampleAlgorithm(PrivateKey key) {
    return switch (key.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> key.getAlgorithm();
    };
  }

  /** The setting and the file that it comes from. */
  String where() {
    return where;
  }

  /** The certificates, the server's own first. */
  List<X509Certificate> chain() {
    return chain;
  }

  /** As {@link java.security.Key#getAlgorithm}: RSA, EC or EdDSA. */
  String algorithm() {
    return key.getAlgorithm();
  }

  /** The certificates as bytes. */
  List<byte[]> encoded() {
    return chain.stream().map(Certificates::encoded).toList();
  }

  /** When the first of its certificates runs out. */
  Instant expires() {
    Instant first = Instant.MAX;
    for (X509Certificate c : chain) {
      Instant end = c.getNotAfter().toInstant();
      first = end.isBefore(first) ? end : first;
    }
    return first;
  }

  /** When the last of its certificates begins to be good. */
  Instant begins() {
    Instant last = Instant.MIN;
    for (X509Certificate c : chain) {
      Instant begin = c.getNotBefore().toInstant();
      last = begin.isAfter(last) ? begin : last;
    }
    return last;
  }

  /**
   * Signs. Takes milliseconds with RSA.
   *
   * @throws GeneralSecurityException when the scheme is for another key, as one of Ed448 is for one
   *     of Ed25519
   */
  byte[] sign(SignatureScheme scheme, byte[] content) throws GeneralSecurityException {
    Signature s = Signature.getInstance(scheme.algorithm());
    int salt = scheme.saltBytes();
    if (salt > 0) {
      String hash = "SHA-" + 8 * salt;
      s.setParameter(
          new PSSParameterSpec(
              hash, "MGF1", new MGF1ParameterSpec(hash), salt, PSSParameterSpec.TRAILER_FIELD_BC));
    }
    s.initSign(key);
    s.update(content);
    return s.sign();
  }

  @Override
  public String toString() {
    return where;
  }
}
