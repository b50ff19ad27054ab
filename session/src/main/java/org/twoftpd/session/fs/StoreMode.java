/*
 * Trusted with nothing.
 */
package org.twoftpd.session.fs;

/** What storing does about a file that has the name already. */
public enum StoreMode {
  /** STOR: created when missing; to be emptied when there, once there are bytes to write. */
  REPLACE,
  /** STOU, and STOR in the drop table: created, EEXIST when there. */
  CREATE,
  /** STOR after REST: kept as it is and written over from a position; ENOENT when missing. */
  RESUME
}
