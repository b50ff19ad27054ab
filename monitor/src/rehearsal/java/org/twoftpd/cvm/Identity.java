/*
 * Runs when the program is built, never in service, and lies in no package.  It stands in front of the real class while
 * twoftpd-cvm is rehearsed, since giving up root takes root and cannot be undone.
 */
package org.twoftpd.cvm;

import org.twoftpd.shared.os.SystemCallException;

/** Whoever builds stays who he is. */
record Identity(int uid, int gid) {
  static Identity parse(String text) {
    return new Identity(0, 0);
  }

  void putOn() {}

  static void takeOff() {}

  void become() {}

  /** Takes no rights, and what is written about the rehearsal is open already. */
  static void harden() throws SystemCallException {
    KernelFilter.install();
  }
}
