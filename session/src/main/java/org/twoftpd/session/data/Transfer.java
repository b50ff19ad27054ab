/*
 * Trusted to know when a transfer is over: by an interruption, a stall or a failure.  It sees no byte of what is moved.
 */
package org.twoftpd.session.data;

import org.twoftpd.session.control.ConnectionEnded;
import org.twoftpd.session.data.TransferResult.End;

/**
 * What the two directions have in common: how far it is, and whether it may go on. For one
 * transfer.
 */
public final class Transfer {
  /** After so many bytes without a wait, commands are looked for. */
  private static final long POLL_EVERY = 2L << 20;

  private final int data;
  private final TransferWait wait;
  private final long stallNanos;
  private long bytes;
  private long nextPollAt;
  private End end = End.DONE;
  private int errno;

  /**
   * @param data the data connection, non-blocking
   * @param stallSeconds how long nothing may move
   */
  public Transfer(int data, TransferWait wait, int stallSeconds) {
    this.data = data;
    this.wait = wait;
    this.stallNanos = stallSeconds * 1_000_000_000L;
  }

  /** The descriptor of the data connection. */
  int dataDescriptor() {
    return data;
  }

  /** The bytes of the file that have gone over so far. */
  public long bytes() {
    return bytes;
  }

  void countBytes(long more) {
    bytes += more;
    wait.countBytes(more);
  }

  /** How it went, once {@link #waitForData}, {@link #pollIfDue} or a failure has said that it is over. */
  TransferResult result() {
    return new TransferResult(end, bytes, errno);
  }

  /** Waits for the data connection; false when the transfer is over. */
  boolean waitForData(short what) throws ConnectionEnded {
    switch (wait.await(data, what, System.nanoTime() + stallNanos)) {
      case READY -> {
        return true;
      }
      case TIMED_OUT -> end = End.TIMED_OUT;
      case INTERRUPTED -> end = End.INTERRUPTED;
    }
    return false;
  }

  /** As {@link #waitForData}, but asked only now and then while bytes move without waiting. */
  boolean pollIfDue(short what) throws ConnectionEnded {
    if (bytes < nextPollAt) {
      return true;
    }
    nextPollAt = bytes + POLL_EVERY;
    return waitForData(what);
  }

  /**
   * Lets the first bytes go without asking, where commands have just been looked for: for what need
   * not wait for the client to send.
   */
  void skipFirstPoll() {
    if (wait.hasLookedForCommands()) {
      nextPollAt = POLL_EVERY;
    }
  }

  /** Has the next {@link #pollIfDue} ask. */
  void requirePoll() {
    nextPollAt = bytes;
  }

  /** The client has ended the data connection: that is the end of the file, unless it aborts. */
  void endByClient() {
    if (wait.checkAborted()) {
      end = End.INTERRUPTED;
    }
  }

  /** The data connection has failed. Returns false, that it may not go on. */
  boolean failOnConnection() {
    end = End.CONNECTION_FAILED;
    return false;
  }

  /**
   * A file has failed. Returns false, that it may not go on.
   *
   * @param failure a negative error number
   */
  boolean failOnFile(long failure) {
    errno = (int) -failure;
    end = End.FILE_FAILED;
    return false;
  }
}
