package org.twoftpd.session.data;

/**
 * Tells how a transfer ended.
 *
 * @param bytes the bytes of the file that were moved; in ASCII, as the file has them
 * @param errno the error number of {@link End#FILE_FAILED}, else 0
 */
public record TransferResult(End end, long bytes, int errno) {
  /** Tells what ended a transfer. */
  public enum End {
    /** Every byte was moved. */
    DONE,
    /** ABOR came, the client hung up, or the session's time ended. */
    INTERRUPTED,
    /** No byte moved within the TIMEOUT setting. */
    TIMED_OUT,
    /** The data connection failed. */
    CONNECTION_FAILED,
    /** The server could not read or write the file. */
    FILE_FAILED
  }
}
