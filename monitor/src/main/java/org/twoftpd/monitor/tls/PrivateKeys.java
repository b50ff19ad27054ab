/*
 * Trusted with private keys: makes them of what a file has, and overwrites what it has made them of.
 */
package org.twoftpd.monitor.tls;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;

/** Reads a private key in any of the forms that openssl writes without a password. */
final class PrivateKeys {
  private static final byte[] RSA = Der.oid(1, 2, 840, 113549, 1, 1, 1);
  private static final byte[] EC = Der.oid(1, 2, 840, 10045, 2, 1);
  private static final byte[] ED25519 = Der.oid(1, 3, 101, 112);
  private static final byte[] ED448 = Der.oid(1, 3, 101, 113);
  private static final byte[] NULL = {5, 0};
  private static final String PARAMETERS = "EC PARAMETERS";

  private PrivateKeys() {}

  /** Whether a part of that label is a private key, of whatever form. */
  static boolean isKey(String label) {
    return label.endsWith("PRIVATE KEY");
  }

  /**
   * The one private key among the parts of a file.
   *
   * @throws BadKeyFile when there is none or more than one, or it is encrypted or damaged
   */
  static PrivateKey of(List<Pem.Part> parts) throws BadKeyFile {
    Pem.Part found = null;
    byte[] curve = {};
    for (Pem.Part p : parts) {
      if (p.label().equals(PARAMETERS)) {
        curve = p.der();
      } else if (isKey(p.label())) {
        if (found != null) {
          throw new BadKeyFile(
              "has more than one private key, in lines " + found.line() + " and " + p.line());
        }
        found = p;
      }
    }
    if (found == null) {
      throw new BadKeyFile("has no private key; TLS_KEY must name the file that has it");
    }
    byte[] pkcs8 = pkcs8(found, curve);
    try {
      return KeyFactory.getInstance(algorithm(pkcs8))
          .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    } catch (GeneralSecurityException e) {
      throw new BadKeyFile("is damaged: the private key cannot be read");
    } finally {
      Arrays.fill(pkcs8, (byte) 0);
    }
  }

  private static byte[] pkcs8(Pem.Part part, byte[] curve) throws BadKeyFile {
    return switch (part.label()) {
      case "PRIVATE KEY" -> part.der().clone();
      // PKCS #1 (RFC 8017, A.1.2) and SEC 1 (RFC 5915), which PKCS #8 (RFC 5208, 5) holds.
      case "RSA PRIVATE KEY" -> wrap(Der.sequence(RSA, NULL), part);
      case "EC PRIVATE KEY" -> {
        if (curve.length == 0) {
          curve = curveOf(part.der());
        }
        yield wrap(Der.sequence(EC, curve), part);
      }
      case "ENCRYPTED PRIVATE KEY" -> throw Pem.encrypted();
      default ->
          throw new BadKeyFile(
              "has a key of a kind that is not used, "
                  + part.label()
                  + "; RSA, EC, Ed25519 or Ed448"
                  + " is allowed");
    };
  }

  private static byte[] wrap(byte[] algorithm, Pem.Part part) {
    return Der.sequence(
        Der.integer(BigInteger.ZERO), algorithm, Der.value(Der.OCTET_STRING, part.der()));
  }

  private static byte[] curveOf(byte[] sec1) throws BadKeyFile {
    byte[] curve = Der.curveOf(sec1);
    if (curve == null) {
      throw new BadKeyFile("is damaged: the EC key does not say its curve");
    }
    return curve;
  }

  private static String algorithm(byte[] pkcs8) throws BadKeyFile {
    byte[] oid = Der.algorithmOf(pkcs8);
    if (oid == null) {
      throw new BadKeyFile("is damaged: the private key cannot be read");
    }
    if (Arrays.equals(oid, RSA)) {
      return "RSA";
    }
    if (Arrays.equals(oid, EC)) {
      return "EC";
    }
    if (Arrays.equals(oid, ED25519) || Arrays.equals(oid, ED448)) {
      return "EdDSA";
    }
    throw new BadKeyFile(
        "has a key of a kind that is not used; RSA, EC, Ed25519 or Ed448 is allowed");
  }
}
