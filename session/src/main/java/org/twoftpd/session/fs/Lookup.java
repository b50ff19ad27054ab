/*
 * Trusted with the view's edge: which file a path means, and whether it may be meant at all.
 */
package org.twoftpd.session.fs;

import org.twoftpd.shared.os.SystemCallException;

/** A way from a path to its place. There are two, and which one is for the account's settings. */
sealed interface Lookup extends AutoCloseable permits KernelLookup, HomeLookup {

  /**
   * The place of a path. The last part need not exist.
   *
   * @param followLast whether a symbolic link in the last part stands for what it points to
   * @throws SystemCallException EACCES when the path leads out of the view
   */
  Place find(VirtualPath path, boolean followLast) throws SystemCallException;

  @Override
  void close();
}
