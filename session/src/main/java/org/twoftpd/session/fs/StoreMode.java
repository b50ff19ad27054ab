/*
 * Trusted with nothing.
 */
package org.twoftpd.session.fs;

/** What storing does about a file that has the name already. */
public enum StoreMode {
  /** STOR: created when missing, emptied when there. */
  REPLACE,
  /** STOU, and STOR in the drop table: created, EEXIST when there. */
  CREATE,
  /** STOR after REST: kept as it is and written over from a position; ENOENT when missing. */
  RESUME
}
