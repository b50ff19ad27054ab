/*
 * Trusted with the only data that two threads of a session share: the lists of names and of statuses between a listing
 * and its helper.  Each batch belongs to one of them at a time.
 */
package org.twoftpd.session.listing;

import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.SystemCallException;

/**
 * The statuses of a directory's sorted names, batch by batch and in their order. They are asked by
 * two threads: each takes the next batch that nobody has begun. At most {@link #AHEAD} batches are
 * begun before the first of them is used up.
 */
final class StatusQueue {
  /** Enough that neither waits for the other while a piece of the listing is sent. */
  private static final int AHEAD = 12;

  /** What the names are in. */
  interface Source {
    /** Asks for a batch, on any thread; answers as {@link StatusBatch#ask}. */
    int ask(StatusBatch names);
  }

  private final Source directory;
  private final NameList names;
  private final StatusBatch[] batches = new StatusBatch[AHEAD];
  private int nextName;
  private int begun;
  private int used;
  private boolean closed;
  private boolean helping;

  /**
   * The statuses of these names.
   *
   * @param names not to be changed until this is closed
   */
  StatusQueue(Source directory, NameList names) {
    this.directory = directory;
    this.names = names;
  }

  /**
   * The next batch; the one before is given back with this. There must be names left.
   *
   * @throws SystemCallException when the kernel could not be asked at all
   */
  StatusBatch next(StatusBatch before) throws SystemCallException {
    if (before != null) {
      giveBack();
    }
    StatusBatch mine;
    while ((mine = instead()) != null) {
      finish(mine, directory.ask(mine));
    }
    StatusBatch next = batches[used % AHEAD];
    SystemCallException.check(next.result());
    return next;
  }

  private synchronized void giveBack() {
    used++;
    notifyAll();
  }

  /** What to ask until the next batch has been asked; null when it has. */
  private synchronized StatusBatch instead() {
    while (used == begun || !batches[used % AHEAD].isAsked()) {
      StatusBatch mine = begin();
      if (mine != null) {
        return mine;
      }
      pause();
    }
    return null;
  }

  /** The next batch that nobody has begun; null when there is none, or no room for one. */
  private synchronized StatusBatch begin() {
    if (begun - used == AHEAD || nextName == names.size()) {
      return null;
    }
    int at = begun++ % AHEAD;
    if (batches[at] == null) {
      batches[at] = new StatusBatch();
    }
    nextName = batches[at].fill(names, nextName);
    return batches[at];
  }

  private synchronized void finish(StatusBatch batch, int result) {
    batch.asked(result);
    notifyAll();
  }

  /** For the helper: asks one batch, when there is room for it. False when there are no more. */
  boolean askAhead() {
    StatusBatch batch = beginAhead();
    if (batch == null) {
      return false;
    }
    int result = -Errno.EIO;
    try {
      result = directory.ask(batch);
    } finally {
      finishAhead(batch, result);
    }
    return true;
  }

  private synchronized StatusBatch beginAhead() {
    while (!closed && begun - used == AHEAD && nextName < names.size()) {
      pause();
    }
    StatusBatch batch = closed ? null : begin();
    helping = batch != null;
    return batch;
  }

  private synchronized void finishAhead(StatusBatch batch, int result) {
    helping = false;
    finish(batch, result);
  }

  /** Returns when the helper does nothing any more with the directory and the names. */
  synchronized void close() {
    closed = true;
    notifyAll();
    while (helping) {
      pause();
    }
  }

  /** Every caller is a loop. */
  @SuppressWarnings("WaitNotInLoop")
  private void pause() {
    try {
      wait();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
