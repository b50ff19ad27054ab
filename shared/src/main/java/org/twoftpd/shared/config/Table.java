/*
 * Trusted with nothing: three names.  What each table allows is written in the session's Tables.
 */
package org.twoftpd.shared.config;

/** The command tables that a login can get. */
public enum Table {
  /** Everything a user may do with files of his own. */
  XFER,
  /** Looking and fetching. */
  ANON,
  /** Handing in new files, unseen. */
  DROP
}
