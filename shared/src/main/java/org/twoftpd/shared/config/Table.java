package org.twoftpd.shared.config;

/** The command tables that a login can get. The session's Tables say what each of them allows. */
public enum Table {
  /** A user may do with his files what he likes. */
  XFER,
  /** A user may list and fetch. */
  ANON,
  /** A user may store new files, and neither list nor fetch. */
  DROP
}
