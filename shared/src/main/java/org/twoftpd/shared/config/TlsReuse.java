package org.twoftpd.shared.config;

/**
 * TLS_REUSE: whether a data connection has to prove by resuming the TLS session of its control
 * connection that it is the same client's. The order is the number on the wire.
 */
public enum TlsReuse {
  /** One that does not resume is refused. */
  REQUIRED,
  /** One that does not resume is served, and the log says so. */
  ACCEPTED,
  /** One that does not resume is served. */
  OFF
}
