package org.twoftpd.session.listing;

import org.twoftpd.session.fs.Directory;
import org.twoftpd.session.text.Text;
import org.twoftpd.shared.os.FileStatus;
import org.twoftpd.shared.os.SystemCallException;

/**
 * Lists the entries of one directory. It holds at most {@link NameList#MAX_NAMES} names at a time,
 * so a larger directory comes in runs of that many, each sorted by itself.
 */
final class DirectoryEntries implements Entries, StatusQueue.Source {
  /** With fewer names the listing is over before the helper has woken up. */
  private static final int MIN_NAMES_FOR_HELP = 3 * StatusBatch.MAX_NAMES;

  private final Directory directory;
  private final NameList names;
  private final ListingOrder order;
  private final StatusHelper helper;
  private StatusQueue queue;
  private StatusBatch batch;
  private int current = -1;
  private boolean hasPendingName;
  private boolean atEnd;
  private boolean knowsWritableParent;
  private FileStatus writableParent;

  /**
   * Makes the entries of a directory.
   *
   * @param directory is closed with this object
   */
  DirectoryEntries(Directory directory, ListingOrder order, StatusHelper helper) {
    this(directory, order, helper, new NameList());
  }

  /** Uses a list of another size than the usual one. */
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
      readRun();
    }
    return current < names.size();
  }

  @Override
  public void appendName(Text out) {
    names.append(current, out);
  }

  private void readRun() throws SystemCallException {
    closeQueue();
    names.clear();
    current = 0;
    while (!atEnd && readName()) {}
    sortRun();
  }

  /**
   * Sorts the run. A line that needs a status asks for it again, since it costs too much memory to
   * keep all.
   */
  private void sortRun() throws SystemCallException {
    names.sort();
    if (order.needsStatus()) {
      long[] keys = new long[names.size()];
      for (; current < keys.length; current++) {
        keys[current] = order.sortKey(status());
      }
      closeQueue();
      current = 0;
      names.reorder(ListingOrder.sortDescending(keys));
    }
    if (order.reversed()) {
      names.reverse();
    }
  }

  /** Reads one more name. Returns false when there is none or the list is full. */
  private boolean readName() throws SystemCallException {
    if (!hasPendingName && !directory.next()) {
      atEnd = true;
      return false;
    }
    hasPendingName =
        !names.add(directory.nameBuffer(), directory.nameOffset(), directory.nameLength());
    return !hasPendingName;
  }

  @Override
  public FileStatus status() throws SystemCallException {
    while (batch == null || !batch.reaches(current)) {
      takeNextBatch();
    }
    // Asking again by name tells whether the file is gone or this process may not see it.
    return batch.hasFailed(current) ? directory.status(names.get(current)) : batch.status(current);
  }

  @Override
  public byte[] target() throws SystemCallException {
    return directory.readLink(names.get(current));
  }

  private void takeNextBatch() throws SystemCallException {
    if (queue == null) {
      queue = new StatusQueue(this, names);
      if (names.size() >= MIN_NAMES_FOR_HELP) {
        helper.startHelping(queue);
      }
    }
    batch = queue.nextBatch(batch);
  }

  @Override
  public int askKernel(StatusBatch asked) {
    return asked.askKernel(directory);
  }

  private void closeQueue() {
    if (queue != null) {
      helper.stopHelping(queue);
      queue.close();
      queue = null;
      batch = null;
    }
  }

  @Override
  public FileStatus writableParent() throws SystemCallException {
    if (!knowsWritableParent) {
      writableParent = directory.isWritable() ? directory.status() : null;
      knowsWritableParent = true;
    }
    return writableParent;
  }

  @Override
  public void close() {
    closeQueue();
    directory.close();
  }
}
