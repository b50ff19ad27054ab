/*
 * Trusted to tell what a handshake has signed from everything else that could be signed: whoever has taken over the gate
 * gets no signature that means anything outside of a handshake.
 */
package org.twoftpd.monitor.tls;

import java.nio.charset.StandardCharsets;

/**
 * The two forms of what a server's key signs. They cannot be taken for each other: at the place of
 * the curve's type, which is 3, the form of TLS 1.3 has a letter.
 */
final class HandshakeContent {
  /** The most bytes of either form; what is longer is none. */
  static final int LARGEST = 1024;

  /** RFC 8446, 4.4.3: 64 blanks, these words, a zero byte, and the hash of the handshake. */
  private static final byte[] WORDS =
      "TLS 1.3, server CertificateVerify\0".getBytes(StandardCharsets.US_ASCII);

  private static final int BLANKS = 64;
  private static final int SHA256 = 32;
  private static final int SHA384 = 48;

  /** RFC 5246, 7.4.3: the randoms of client and server. */
  private static final int RANDOMS = 64;

  /** RFC 8422, 5.4: the curve has a name; two bytes of it, and one with the length of a point. */
  private static final int NAMED_CURVE = 3;

  private static final int CURVE_HEAD = 4;
  private static final int UNCOMPRESSED = 4;

  private HandshakeContent() {}

  /** Whether a CertificateVerify of TLS 1.3 signs this. */
  static boolean isTls13(byte[] content) {
    int hash = content.length - BLANKS - WORDS.length;
    if (hash != SHA256 && hash != SHA384) {
      return false;
    }
    for (int i = 0; i < BLANKS; i++) {
      if (content[i] != ' ') {
        return false;
      }
    }
    for (int i = 0; i < WORDS.length; i++) {
      if (content[BLANKS + i] != WORDS[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether a ServerKeyExchange of TLS 1.2 signs this, with a key on an elliptic curve (ECDHE): one
   * of the curves that the JDK has.
   */
  static boolean isTls12(byte[] content) {
    if (content.length <= RANDOMS + CURVE_HEAD || content[RANDOMS] != NAMED_CURVE) {
      return false;
    }
    int curve = (content[RANDOMS + 1] & 0xff) << 8 | content[RANDOMS + 2] & 0xff;
    int point = content[RANDOMS + 3] & 0xff;
    boolean weierstrass = curve == 23 || curve == 24 || curve == 25;
    return point == pointBytes(curve)
        && content.length == RANDOMS + CURVE_HEAD + point
        && (!weierstrass || content[RANDOMS + CURVE_HEAD] == UNCOMPRESSED);
  }

  /** Of secp256r1, secp384r1, secp521r1, x25519 and x448; -1 of any other. */
  private static int pointBytes(int curve) {
    return switch (curve) {
      case 23 -> 65;
      case 24 -> 97;
      case 25 -> 133;
      case 29 -> 32;
      case 30 -> 56;
      default -> -1;
    };
  }
}
