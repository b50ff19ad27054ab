package org.twoftpd.session.listing;

import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.SystemCallException;

/**
 * Gives the statuses of a directory's sorted names in batches, in the order of the names. The
 * listing's thread and the helper's both ask the kernel: each takes the next batch that nobody has
 * begun. This and {@link StatusHelper} hold the only data that two threads of a session share; each
 * batch belongs to one thread at a time.
 */
final class StatusQueue {
  /**
   * The most batches that are begun and not yet used up. With so many neither thread waits for the
   * other while a piece of the listing is sent.
   */
  private static final int MAX_BEGUN = 12;

  /** Asks the kernel about names. A directory does this; tests use other sources. */
  interface Source {
    /** Asks for a batch, on either thread. Answers as {@link StatusBatch#askKernel}. */
    int askKernel(StatusBatch names);
  }

  private final Source directory;
  private final NameList names;
  private final StatusBatch[] batches = new StatusBatch[MAX_BEGUN];
  private int nextName;
  private int begun;
  private int used;
  private boolean closed;
  private boolean helping;

  /**
   * Makes the queue of these names.
   *
   * @param names must not change until this queue is closed
   */
  StatusQueue(Source directory, NameList names) {
    this.directory = directory;
    this.names = names;
  }

  /**
   * Returns the next batch and takes back the one before. The caller makes sure that names are
   * left.
   *
   * @throws SystemCallException when the kernel could not be asked at all
   */
  StatusBatch nextBatch(StatusBatch before) throws SystemCallException {
    if (before != null) {
      releaseBatch();
    }
    StatusBatch mine;
    while ((mine = beginUnlessReady()) != null) {
      finishBatch(mine, directory.askKernel(mine));
    }
    StatusBatch next = batches[used % MAX_BEGUN];
    SystemCallException.check(next.result());
    return next;
  }

  private synchronized void releaseBatch() {
    used++;
    notifyAll();
  }

  /** Begins a batch that this thread shall ask for. Returns null when the next batch is ready. */
  private synchronized StatusBatch beginUnlessReady() {
    while (used == begun || !batches[used % MAX_BEGUN].hasResult()) {
      StatusBatch mine = beginBatch();
      if (mine != null) {
        return mine;
      }
      awaitChange();
    }
    return null;
  }

  /**
   * Begins the next batch that nobody has begun. Returns null when there is none or too many are
   * begun.
   */
  private synchronized StatusBatch beginBatch() {
    if (begun - used == MAX_BEGUN || nextName == names.size()) {
      return null;
    }
    int at = begun++ % MAX_BEGUN;
    if (batches[at] == null) {
      batches[at] = new StatusBatch();
    }
    nextName = batches[at].fill(names, nextName);
    return batches[at];
  }

  private synchronized void finishBatch(StatusBatch batch, int result) {
    batch.setResult(result);
    notifyAll();
  }

  /**
   * Asks for one batch on the helper's thread, as soon as one more may begin. Returns false when no
   * batch is left.
   */
  boolean askNextBatch() {
    StatusBatch batch = beginHelperBatch();
    if (batch == null) {
      return false;
    }
    int result = -Errno.EIO;
    try {
      result = directory.askKernel(batch);
    } finally {
      finishHelperBatch(batch, result);
    }
    return true;
  }

  private synchronized StatusBatch beginHelperBatch() {
    while (!closed && begun - used == MAX_BEGUN && nextName < names.size()) {
      awaitChange();
    }
    StatusBatch batch = closed ? null : beginBatch();
    helping = batch != null;
    return batch;
  }

  private synchronized void finishHelperBatch(StatusBatch batch, int result) {
    helping = false;
    finishBatch(batch, result);
  }

  /** Waits until the helper has stopped using the directory and the names. */
  synchronized void close() {
    closed = true;
    notifyAll();
    while (helping) {
      awaitChange();
    }
  }

  /** Waits for a change. Every caller does so in a loop, so that a spurious return does no harm. */
  @SuppressWarnings("WaitNotInLoop")
  private void awaitChange() {
    try {
      wait();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
