package org.twoftpd.cvm;

import java.io.IOException;

/** Where accounts come from. Any number of threads may call it at once. */
interface AccountSource {
  /**
   * The accounts as they are now.
   *
   * @throws IOException when they cannot be read. Earlier accounts are not used instead: removing a
   *     file must lock its users out
   */
  Users current() throws IOException;
}
