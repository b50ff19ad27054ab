/*
 * Trusted with nothing: what a listing lists, one after the other.
 */
package org.twoftpd.session.listing;

import org.twoftpd.session.text.Text;
import org.twoftpd.shared.os.FileStatus;
import org.twoftpd.shared.os.SystemCallException;

/** The names of a listing, sorted, each with its status when that is asked for. */
sealed interface Entries extends AutoCloseable permits DirectoryEntries, NamedPaths {

  /** Goes on to the next name; false after the last one. */
  boolean next() throws SystemCallException;

  /** Writes the last name in its wire form, as it is to be shown. */
  void appendName(Text out);

  /** What the last name is, a symbolic link itself. Null when it is gone by now. */
  FileStatus status() throws SystemCallException;

  /**
   * What the symbolic link says that the last name is, byte for byte as it was made.
   *
   * @throws SystemCallException when it cannot be read, or is no link any more
   */
  byte[] target() throws SystemCallException;

  /**
   * What the directory is that the last name stands in. Null when this process may not delete or
   * rename there.
   */
  FileStatus writableParent() throws SystemCallException;

  @Override
  void close();
}
