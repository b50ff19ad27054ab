package org.twoftpd.session.data;

import org.twoftpd.session.control.ConnectionEnded;
import org.twoftpd.session.data.TransferResult.End;

/**
 * A transfer knows what sending and receiving have in common: how many bytes have moved, and
 * whether it may go on. It ends by an interruption, a stall or a failure. One object serves one
 * transfer, and it sees no byte of the content.
 */
public final class Transfer {
  /**
   * After so many bytes without a wait the session looks for commands, so that ABOR is heard even
   * when the data connection is always ready.
   */
  private static final long POLL_EVERY = 2L << 20;

  private final int data;
  private final TransferWait wait;
  private final long stallNanos;
  private long bytes;
  private long nextPollAt;
  private End end = End.DONE;
  private int errno;

  /**
   * @param data the descriptor of the data connection, non-blocking
   * @param stallSeconds how long the transfer may last without moving a byte
   */
  public Transfer(int data, TransferWait wait, int stallSeconds) {
    this.data = data;
    this.wait = wait;
    this.stallNanos = stallSeconds * 1_000_000_000L;
  }

  /** Returns the descriptor of the data connection. */
  int dataDescriptor() {
    return data;
  }

  /** Returns how many bytes of the file have moved so far. */
  public long bytes() {
    return bytes;
  }

  void countBytes(long more) {
    bytes += more;
    wait.countBytes(more);
  }

  /**
   * Returns how the transfer ended. {@link #waitForData}, {@link #pollIfDue} or a failure has said
   * before that it is over.
   */
  TransferResult result() {
    return new TransferResult(end, bytes, errno);
  }

  /**
   * Waits until the data connection is ready.
   *
   * @return false when the transfer is over
   */
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

  /**
   * Waits as {@link #waitForData} does when a wait is due; otherwise returns true at once, since a
   * poll for each piece would cost more than it tells.
   */
  boolean pollIfDue(short what) throws ConnectionEnded {
    if (bytes < nextPollAt) {
      return true;
    }
    nextPollAt = bytes + POLL_EVERY;
    return waitForData(what);
  }

  /**
   * Lets the first bytes go without a poll when the session has just looked for commands. Only a
   * sender may do this, since it does not wait for the client to send.
   */
  void skipFirstPoll() {
    if (wait.hasLookedForCommands()) {
      nextPollAt = POLL_EVERY;
    }
  }

  /** Makes the next {@link #pollIfDue} wait. */
  void requirePoll() {
    nextPollAt = bytes;
  }

  /**
   * Notes that the client has closed the data connection: the file ends there, unless the client
   * says ABOR.
   */
  void endByClient() {
    if (wait.checkAborted()) {
      end = End.INTERRUPTED;
    }
  }

  /**
   * Notes that the data connection has failed.
   *
   * @return false, since the transfer may not go on
   */
  boolean failOnConnection() {
    end = End.CONNECTION_FAILED;
    return false;
  }

  /**
   * Notes that the file has failed.
   *
   * @param failure a negative error number
   * @return false, since the transfer may not go on
   */
  boolean failOnFile(long failure) {
    errno = (int) -failure;
    end = End.FILE_FAILED;
    return false;
  }
}
