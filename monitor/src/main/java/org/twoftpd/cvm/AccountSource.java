/*
 * Trusted with nothing: what the module's sources have in common.
 */
package org.twoftpd.cvm;

import java.io.IOException;

/** Where accounts come from. Any number of threads may ask at once. */
interface AccountSource {
  /**
   * The accounts as they are now.
   *
   * @throws IOException when they cannot be read; the accounts of before are not kept, since taking
   *     a file away must shut its users out
   */
  Users current() throws IOException;
}
