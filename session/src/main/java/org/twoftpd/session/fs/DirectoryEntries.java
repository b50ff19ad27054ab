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
  private final StatusBatch statuses = new StatusBatch();
  private int current = -1;
  private int firstAsked;
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
  public boolean next() throws SystemCallException {
    current++;
    if (current >= names.size()) {
      fill();
    }
    return current < names.size();
  }

  @Override
  public void appendName(LineBuffer out) {
    names.append(current, out);
  }

  private void fill() throws SystemCallException {
    names.clear();
    statuses.clear();
    current = 0;
    firstAsked = 0;
    while (!ended && take()) {}
    names.sort();
  }

  /** One name more; false when there is none, or no room for it. */
  private boolean take() throws SystemCallException {
    if (!unplaced && !directory.next()) {
      ended = true;
      return false;
    }
    unplaced = !names.add(directory.nameBuffer(), directory.nameOffset(), directory.nameLength());
    return !unplaced;
  }

  @Override
  public FileStatus status() throws SystemCallException {
    if (current >= firstAsked + statuses.size()) {
      ask();
    }
    FileStatus known = directory.status(statuses, current - firstAsked);
    return known != null ? known : directory.status(names.get(current));
  }

  /** Asks for the current name and for as many after it as can be asked for at once. */
  private void ask() throws SystemCallException {
    statuses.clear();
    firstAsked = current;
    int asked = current;
    while (asked < names.size() && statuses.add(names, asked)) {
      asked++;
    }
    directory.ask(statuses);
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
