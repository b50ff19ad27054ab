/*
 * Runs when the program is built, never in service, and lies in no package.  It stands in front of the real class while
 * twoftpd-cvm is rehearsed, since giving up root takes root and cannot be undone.
 */
package org.twoftpd.cvm;

import org.twoftpd.shared.os.SystemCallException;

/** The user who builds the program: the process keeps its user and its rights. */
record Identity(int uid, int gid) {
  static Identity parse(String text) {
    return new Identity(0, 0);
  }

  void assumeRights() {}

  static void resumeRoot() {}

  void become() {}

  /** Limits system calls alone, since the file about the rehearsal is open already. */
  static void harden() throws SystemCallException {
    KernelFilter.install();
  }
}
