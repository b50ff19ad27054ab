package org.twoftpd.session.listing;

import org.twoftpd.session.text.Text;
import org.twoftpd.shared.os.FileStatus;
import org.twoftpd.shared.os.SystemCallException;

/** Goes through the sorted names of a listing and asks for a status only when it is needed. */
sealed interface Entries extends AutoCloseable permits DirectoryEntries, NamedPaths {

  /** Goes on to the next name. Returns false after the last one. */
  boolean next() throws SystemCallException;

  /** Writes the current name as the client shall see it, in the form for the wire. */
  void appendName(Text out);

  /**
   * Returns the status of the current name, of a symbolic link the link's own. Returns null when
   * the file is gone by now.
   */
  FileStatus status() throws SystemCallException;

  /**
   * Returns the target of the current name, which is a symbolic link, byte for byte.
   *
   * @throws SystemCallException when the link cannot be read, or the name is no link any more
   */
  byte[] target() throws SystemCallException;

  /**
   * Returns the status of the directory that holds the current name, or null when this process may
   * not delete or rename there.
   */
  FileStatus writableParent() throws SystemCallException;

  @Override
  void close();
}
