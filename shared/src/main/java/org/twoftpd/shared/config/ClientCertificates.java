package org.twoftpd.shared.config;

/**
 * TLS_CLIENT_CERT: whether clients are asked for a certificate. The order is the number on the
 * wire.
 */
public enum ClientCertificates {
  /** They are not asked. */
  OFF,
  /** They are asked, and may have none. */
  WANTED,
  /** Without a certificate of one of the authorities there is no connection. */
  REQUIRED
}
