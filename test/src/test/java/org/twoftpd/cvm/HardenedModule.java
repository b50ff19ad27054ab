/*
 * For tests only: the way of twoftpd-cvm to what it needs, for a program that is in its place.
 */
package org.twoftpd.cvm;

import java.io.IOException;

/** Limits this process as twoftpd-cvm limits itself. */
public final class HardenedModule {
  private HardenedModule() {}

  /** Takes the uid, and a gid of the same number, and throws when that is not possible. */
  public static void enter(int uid) throws IOException {
    new Identity(uid, uid).become();
    Identity.harden();
  }
}
