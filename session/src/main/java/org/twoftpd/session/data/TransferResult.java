/*
 * Trusted with nothing: how a transfer went.
 */
package org.twoftpd.session.data;

/**
 * The end of a transfer.
 *
 * @param bytes of the file that went over; in ASCII, as they are in the file
 * @param errno of a failure {@link End#FILE_FAILED}, else 0
 */
public record TransferResult(End end, long bytes, int errno) {
  /** What ended it. */
  public enum End {
    /** Everything went over. */
    DONE,
    /** ABOR, a hang-up, or the end of the session's time. */
    INTERRUPTED,
    /** Nothing moved for as long as may be. */
    TIMED_OUT,
    /** The data connection broke. */
    CONNECTION_FAILED,
    /** A file could not be read or written. */
    FILE_FAILED
  }
}
