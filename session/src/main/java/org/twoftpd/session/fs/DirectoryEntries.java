/*
 * Trusted with memory: holds so many names of a directory at a time, however many there are.
 */
package org.twoftpd.session.fs;

import org.twoftpd.shared.os.SystemCallException;

/**
 * The entries of one directory. They are sorted as far as they can be held: a directory of more
 * than {@link NameList#MAX_NAMES} names comes in runs of so many, each sorted, which is better than
 * no listing.
 */
final class DirectoryEntries implements Entries {
  private final Directory directory;
  private final NameList names;
  private byte[] name;
  private int next;
  private boolean unplaced;
  private boolean ended;
  private boolean askedForWrite;
  private FileStatus writable;

  /**
   * The entries of a directory.
   *
   * @param directory closed with this
   */
  DirectoryEntries(Directory directory) {
    this(directory, new NameList());
  }

  /** As above, with a list of another size. */
  DirectoryEntries(Directory directory, NameList names) {
    this.directory = directory;
    this.names = names;
  }

  @Override
  public byte[] next() throws SystemCallException {
    if (next == names.size()) {
      fill();
    }
    name = next < names.size() ? names.get(next++) : null;
    return name;
  }

  private void fill() throws SystemCallException {
    names.clear();
    next = 0;
    while (!ended) {
      if (!unplaced && !directory.next()) {
        ended = true;
      } else {
        unplaced =
            !names.add(directory.nameBuffer(), directory.nameOffset(), directory.nameLength());
        if (unplaced) {
          break;
        }
      }
    }
    names.sort();
  }

  @Override
  public FileStatus status() throws SystemCallException {
    return directory.status(name);
  }

  @Override
  public FileStatus writableParent() throws SystemCallException {
    if (!askedForWrite) {
      writable = directory.isWritable() ? directory.status() : null;
      askedForWrite = true;
    }
    return writable;
  }

  @Override
  public void close() {
    directory.close();
  }
}
