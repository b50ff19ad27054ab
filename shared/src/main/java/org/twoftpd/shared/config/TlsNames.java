/*
 * What may be set of TLS's protocols and cipher suites: what the JDK has and nothing is known against.
 */
package org.twoftpd.shared.config;

import java.util.List;

/** Names as the JDK and IANA have them, the first preferred. */
public final class TlsNames {
  /** Protocol versions. */
  public static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

  /** Those of TLS 1.3, whose names say nothing of keys. */
  private static final List<String> CIPHERS_13 =
      List.of("TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256");

  /**
   * Cipher suites. Those of TLS 1.2 agree on a key by ECDHE, so that one that becomes known later
   * opens no conversation of today; the last ones are for devices that know no better.
   */
  public static final List<String> CIPHERS =
      List.of(
          "TLS_AES_256_GCM_SHA384",
          "TLS_AES_128_GCM_SHA256",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384",
          "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
          "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
          "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
          "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA");

  private TlsNames() {}

  /** The same, when it is one of these names. */
  static String check(List<String> names, String name) throws BadValueException {
    if (!names.contains(name)) {
      throw new BadValueException();
    }
    return name;
  }

  /**
   * Whether the server of a cipher suite of TLS 1.2 proves itself by such a key. EdDSA counts as
   * ECDSA there (RFC 8422, 5.10).
   *
   * @param algorithm as {@link java.security.Key#getAlgorithm} has it
   */
  public static boolean isForKey(String cipher, String algorithm) {
    return cipher.startsWith(algorithm.equals("RSA") ? "TLS_ECDHE_RSA_" : "TLS_ECDHE_ECDSA_");
  }

  /** Whether a protocol has a cipher suite. */
  public static boolean goTogether(String protocol, String cipher) {
    return protocol.equals("TLSv1.3") == CIPHERS_13.contains(cipher);
  }
}
