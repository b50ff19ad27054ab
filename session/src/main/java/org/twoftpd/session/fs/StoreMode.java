package org.twoftpd.session.fs;

/** Says what storing does when another file has the name. */
public enum StoreMode {
  /**
   * STOR: creates the file when it is missing. The content of an old one is cut off later, when
   * there are bytes to replace it.
   */
  REPLACE,
  /**
   * STOU, and STOR in the drop table: creates the file, and fails with EEXIST when there is one.
   */
  CREATE,
  /**
   * STOR after REST: keeps the file and writes over it from a position on; fails with ENOENT when
   * it is missing.
   */
  RESUME
}
