/*
 * How a server signs in a handshake.  The gate names one of these, and the monitor signs by it.
 */
package org.twoftpd.shared.tls;

/** The signature schemes of RFC 8446, 4.2.3, that a server of TLS 1.2 or 1.3 signs with. */
public enum SignatureScheme {
  /** TLS 1.2 alone, as the other two of PKCS #1: TLS 1.3 forbids them for handshakes. */
  RSA_PKCS1_SHA256(0x0401, "RSA", "SHA256withRSA", 0, Version.TLS_1_2),
  RSA_PKCS1_SHA384(0x0501, "RSA", "SHA384withRSA", 0, Version.TLS_1_2),
  RSA_PKCS1_SHA512(0x0601, "RSA", "SHA512withRSA", 0, Version.TLS_1_2),
  RSA_PSS_RSAE_SHA256(0x0804, "RSA", "RSASSA-PSS", 32, Version.ANY),
  RSA_PSS_RSAE_SHA384(0x0805, "RSA", "RSASSA-PSS", 48, Version.ANY),
  RSA_PSS_RSAE_SHA512(0x0806, "RSA", "RSASSA-PSS", 64, Version.ANY),
  /** In TLS 1.3 the curve is P-256, and P-384 and P-521 for the next two; in TLS 1.2 it is any. */
  ECDSA_SHA256(0x0403, "EC", "SHA256withECDSA", 0, Version.ANY),
  ECDSA_SHA384(0x0503, "EC", "SHA384withECDSA", 0, Version.ANY),
  ECDSA_SHA512(0x0603, "EC", "SHA512withECDSA", 0, Version.ANY),
  ED25519(0x0807, "EdDSA", "Ed25519", 0, Version.ANY),
  ED448(0x0808, "EdDSA", "Ed448", 0, Version.ANY);

  private enum Version {
    TLS_1_2,
    ANY
  }

  private final int code;
  private final String keyAlgorithm;
  private final String algorithm;
  private final int saltBytes;
  private final Version version;

  SignatureScheme(int code, String keyAlgorithm, String algorithm, int saltBytes, Version version) {
    this.code = code;
    this.keyAlgorithm = keyAlgorithm;
    this.algorithm = algorithm;
    this.saltBytes = saltBytes;
    this.version = version;
  }

  /** The number that TLS has for it. */
  public int code() {
    return code;
  }

  /** What {@link java.security.Key#getAlgorithm} says of a key that it goes with. */
  public String keyAlgorithm() {
    return keyAlgorithm;
  }

  /** The name for {@link java.security.Signature#getInstance(String)}. */
  public String algorithm() {
    return algorithm;
  }

  /** The bytes of hash and of salt, where it is RSASSA-PSS; else 0. */
  public int saltBytes() {
    return saltBytes;
  }

  /** Whether a handshake of TLS 1.3 may be signed with it. */
  public boolean isForTls13() {
    return version == Version.ANY;
  }

  /**
   * The scheme with that name and that length of salt.
   *
   * @param algorithm as {@link #algorithm}
   * @param saltBytes as {@link #saltBytes}
   * @return null when there is none
   */
  public static SignatureScheme of(String algorithm, int saltBytes) {
    for (SignatureScheme s : values()) {
      if (s.algorithm.equals(algorithm) && s.saltBytes == saltBytes) {
        return s;
      }
    }
    return null;
  }
}
