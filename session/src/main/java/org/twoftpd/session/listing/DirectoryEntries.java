/*
 * Trusted with memory: holds so many names of a directory at a time, however many there are.
 */
package org.twoftpd.session.listing;

import org.twoftpd.session.fs.Directory;
import org.twoftpd.session.text.Text;
import org.twoftpd.shared.os.FileStatus;
import org.twoftpd.shared.os.SystemCallException;

/**
 * The entries of one directory. They are sorted as far as they can be held: a directory of more
 * than {@link NameList#MAX_NAMES} names comes in runs of so many, each sorted, which is better than
 * no listing.
 */
final class DirectoryEntries implements Entries, StatusQueue.Source {
  /** With fewer names it is over before the other thread is awake. */
  private static final int WORTH_HELP = 3 * StatusBatch.MOST;

  private final Directory directory;
  private final NameList names;
  private final ListingOrder order;
  private final StatusHelper helper;
  private StatusQueue queue;
  private StatusBatch statuses;
  private int current = -1;
  private boolean unplaced;
  private boolean ended;
  private boolean askedForWrite;
  private FileStatus writable;

  /**
   * The entries of a directory.
   *
   * @param directory closed with this
   */
  DirectoryEntries(Directory directory, ListingOrder order, StatusHelper helper) {
    this(directory, order, helper, new NameList());
  }

  /** As above, with a list of another size. */
  DirectoryEntries(Directory directory, ListingOrder order, StatusHelper helper, NameList names) {
    this.directory = directory;
    this.order = order;
    this.helper = helper;
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
  public void appendName(Text out) {
    names.append(current, out);
  }

  private void fill() throws SystemCallException {
    closeQueue();
    names.clear();
    current = 0;
    while (!ended && take()) {}
    sort();
  }

  /** By what is asked for; a status that a line needs is asked again when its turn comes. */
  private void sort() throws SystemCallException {
    names.sort();
    if (order.needsStatus()) {
      long[] keys = new long[names.size()];
      for (; current < keys.length; current++) {
        keys[current] = order.key(status());
      }
      closeQueue();
      current = 0;
      names.arrange(ListingOrder.falling(keys));
    }
    if (order.reversed()) {
      names.reverse();
    }
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
    while (statuses == null || !statuses.reaches(current)) {
      nextStatuses();
    }
    // What the kernel did not tell may be gone by now, or not for this process to know.
    return statuses.hasFailed(current)
        ? directory.status(names.get(current))
        : statuses.status(current);
  }

  @Override
  public byte[] target() throws SystemCallException {
    return directory.readLink(names.get(current));
  }

  private void nextStatuses() throws SystemCallException {
    if (queue == null) {
      queue = new StatusQueue(this, names);
      if (names.size() >= WORTH_HELP) {
        helper.help(queue);
      }
    }
    statuses = queue.next(statuses);
  }

  @Override
  public int ask(StatusBatch batch) {
    return batch.ask(directory);
  }

  private void closeQueue() {
    if (queue != null) {
      helper.forget(queue);
      queue.close();
      queue = null;
      statuses = null;
    }
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
    closeQueue();
    directory.close();
  }
}
