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
  private static final long LOOK_EVERY = 2L << 20;

  private final int data;
  private final TransferWait wait;
  private final long stallNanos;
  private long bytes;
  private long lookAt;
  private End stopped = End.DONE;
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
  int data() {
    return data;
  }

  /** The bytes of the file that have gone over so far. */
  public long bytes() {
    return bytes;
  }

  void moved(long more) {
    bytes += more;
    wait.moved(more);
  }

  /** How it went, once {@link #ready}, {@link #mayMove} or a failure has said that it is over. */
  TransferResult result() {
    return new TransferResult(stopped, bytes, errno);
  }

  /** Waits for the data connection; false when the transfer is over. */
  boolean ready(short what) throws ConnectionEnded {
    switch (wait.await(data, what, System.nanoTime() + stallNanos)) {
      case READY -> {
        return true;
      }
      case TIMED_OUT -> stopped = End.TIMED_OUT;
      case INTERRUPTED -> stopped = End.INTERRUPTED;
    }
    return false;
  }

  /** As {@link #ready}, but asked only now and then while bytes move without waiting. */
  boolean mayMove(short what) throws ConnectionEnded {
    if (bytes < lookAt) {
      return true;
    }
    lookAt = bytes + LOOK_EVERY;
    return ready(what);
  }

  /**
   * Lets the first bytes go without asking, where commands have just been looked for: for what need
   * not wait for the client to send.
   */
  void mayStart() {
    if (wait.hasBegun()) {
      lookAt = LOOK_EVERY;
    }
  }

  /** Has the next {@link #mayMove} ask. */
  void mustWait() {
    lookAt = bytes;
  }

  /** The client has ended the data connection: that is the end of the file, unless it aborts. */
  void endedByClient() {
    if (wait.isAborted()) {
      stopped = End.INTERRUPTED;
    }
  }

  /** The data connection has failed. Returns false, that it may not go on. */
  boolean broken() {
    stopped = End.BROKEN;
    return false;
  }

  /**
   * A file has failed. Returns false, that it may not go on.
   *
   * @param failure a negative error number
   */
  boolean here(long failure) {
    errno = (int) -failure;
    stopped = End.HERE;
    return false;
  }
}
