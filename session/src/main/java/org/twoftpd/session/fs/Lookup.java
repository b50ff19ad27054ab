/*
 * Trusted with the edge of the view: it decides which file a path means, and whether the session
 * may reach it at all.
 */
package org.twoftpd.session.fs;

import org.twoftpd.shared.os.SystemCallException;

/** Finds the place of a path. There are two ways, and the account's settings choose one. */
sealed interface Lookup extends AutoCloseable permits KernelLookup, HomeLookup {

  /**
   * Finds the place of a path, whose last part need not exist.
   *
   * @param followLast whether a symbolic link in the last part stands for what it points to
   * @throws SystemCallException EACCES when the path leads out of the view
   */
  Place find(VirtualPath path, boolean followLast) throws SystemCallException;

  @Override
  void close();
}
