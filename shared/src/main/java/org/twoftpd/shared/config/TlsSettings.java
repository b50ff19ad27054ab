/*
 * Trusted with where private keys lie, not with keys.
 */
package org.twoftpd.shared.config;

import java.util.List;
import java.util.Optional;

/**
 * What an administrator has decided about TLS.
 *
 * @param dataProtected whether data connections must be protected where the control connection is
 * @param reuse what is asked of data connections
 * @param certificates at least one when the mode is not off
 * @param protocols of {@link TlsNames#PROTOCOLS}, at least one
 * @param ciphers of {@link TlsNames#CIPHERS}, the first preferred
 * @param strictEnd whether an upload without the client's closing alert has failed
 * @param clientCa a file with the certificates that sign those of clients
 * @param clientCertificates whether clients are asked for one; not off needs {@code clientCa}
 */
public record TlsSettings(
    TlsMode mode,
    boolean dataProtected,
    TlsReuse reuse,
    List<Files> certificates,
    List<String> protocols,
    List<String> ciphers,
    boolean strictEnd,
    Optional<String> clientCa,
    ClientCertificates clientCertificates) {

  /** There is no TLS. */
  public static final TlsSettings NONE =
      new TlsSettings(
          TlsMode.OFF,
          false,
          TlsReuse.REQUIRED,
          List.of(),
          TlsNames.PROTOCOLS,
          TlsNames.CIPHERS,
          true,
          Optional.empty(),
          ClientCertificates.OFF);

  /**
   * Where a certificate and its key lie.
   *
   * @param certificate an absolute path
   * @param key an absolute path, the same when both are in one file
   */
  public record Files(String certificate, String key) {}

  /** True when there is TLS. */
  public boolean isOn() {
    return mode != TlsMode.OFF;
  }
}
