package org.twoftpd.shared.config;

/**
 * TLS: who may, or must, have a control connection over TLS. The order is the number on the wire.
 */
public enum TlsMode {
  /** AUTH is not known. */
  OFF,
  /** Whoever says AUTH. */
  ON,
  /** Nobody logs in without. */
  REQUIRED
}
