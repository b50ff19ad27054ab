/*
 * Trusted to find out before clients do what is wrong with a chain of certificates.
 */
package org.twoftpd.monitor.tls;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.util.ArrayList;
import java.util.List;

/** Reads certificates and looks at the chain that they make. */
final class Certificates {
  static final int LONGEST_CHAIN = 10;

  private static final int RSA_LEAST_BITS = 2048;

  /** A signature must fit into a message. */
  private static final int RSA_MOST_BITS = 8192;

  /** P-256, P-384 and P-521, by how many bits their order has. */
  private static final List<Integer> CURVES = List.of(256, 384, 521);

  private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
  private static final String ANY_USE = "2.5.29.37.0";

  private Certificates() {}

  /**
   * The certificates among the parts of a file, in their order.
   *
   * @param most how many there may be
   * @throws BadKeyFile when there is none, or one cannot be read
   */
  static List<X509Certificate> of(List<Pem.Part> parts, int most) throws BadKeyFile {
    List<X509Certificate> all = new ArrayList<>();
    for (Pem.Part p : parts) {
      if (p.label().equals("CERTIFICATE") || p.label().equals("X509 CERTIFICATE")) {
        all.add(certificate(p));
      } else if (p.label().equals("TRUSTED CERTIFICATE")) {
        throw new BadKeyFile(
            "has a certificate in a form of openssl's own in line "
                + p.line()
                + "; write it anew: openssl x509 -in FILE -out NEWFILE");
      }
    }
    if (all.isEmpty()) {
      throw new BadKeyFile("has no certificate");
    }
    if (all.size() > most) {
      throw new BadKeyFile("has " + all.size() + " certificates; at most " + most + " are allowed");
    }
    return all;
  }

  private static X509Certificate certificate(Pem.Part p) throws BadKeyFile {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(p.der()));
    } catch (CertificateException e) {
      throw new BadKeyFile("is damaged: the certificate of line " + p.line() + " cannot be read");
    }
  }

  /**
   * Looks at a server's chain: its own certificate first, then each one's issuer.
   *
   * @throws BadKeyFile when the order is another, or a client would not take it for a server's
   */
  static void checkChain(List<X509Certificate> chain) throws BadKeyFile {
    for (int i = 1; i < chain.size(); i++) {
      X509Certificate issued = chain.get(i - 1);
      X509Certificate issuer = chain.get(i);
      if (!isIssuedBy(issued, issuer)) {
        throw new BadKeyFile(
            "has its certificates in the wrong order: number "
                + (i + 1)
                + " ("
                + name(issuer)
                + ") has not signed number "
                + i
                + " ("
                + name(issued)
                + "); the server's own comes first, then that which has signed it, and so on");
      }
    }
    checkUse(chain.getFirst());
    checkStrength(chain.getFirst().getPublicKey());
  }

  private static boolean isIssuedBy(X509Certificate issued, X509Certificate issuer) {
    if (!issued.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
      return false;
    }
    try {
      issued.verify(issuer.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** RFC 5280, 4.2.1.12: without the extension it is for every use. */
  private static void checkUse(X509Certificate own) throws BadKeyFile {
    List<String> uses;
    try {
      uses = own.getExtendedKeyUsage();
    } catch (CertificateException e) {
      throw new BadKeyFile("is damaged: what " + name(own) + " is for cannot be read");
    }
    if (uses != null && !uses.contains(SERVER_AUTH) && !uses.contains(ANY_USE)) {
      throw new BadKeyFile(
          "has a certificate that is not for a server (" + name(own) + ": no serverAuth)");
    }
  }

  private static void checkStrength(PublicKey key) throws BadKeyFile {
    boolean good =
        switch (key.getAlgorithm()) {
          case "RSA" -> {
            int bits = ((RSAKey) key).getModulus().bitLength();
            yield bits >= RSA_LEAST_BITS && bits <= RSA_MOST_BITS;
          }
          case "EC" -> CURVES.contains(((ECKey) key).getParams().getOrder().bitLength());
          case "EdDSA" -> true;
          default -> false;
        };
    if (!good) {
      throw new BadKeyFile(
          "has a key that is not used; allowed is RSA of "
              + RSA_LEAST_BITS
              + " to "
              + RSA_MOST_BITS
              + " bits, EC on P-256, P-384 or P-521, Ed25519 or Ed448");
    }
  }

  /** A certificate as bytes. */
  static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException impossible) {
      throw new IllegalStateException("a certificate that was read", impossible);
    }
  }

  /** Whom a certificate is for, as its issuer has written it. */
  static String name(X509Certificate certificate) {
    String name = certificate.getSubjectX500Principal().getName();
    return name.isEmpty() ? "no name" : name;
  }
}
