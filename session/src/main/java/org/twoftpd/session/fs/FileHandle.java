/*
 * Trusted with one regular file that is open.  What it is was asked of the descriptor, so no change of names since can
 * have put a device or a FIFO in its place.
 */
package org.twoftpd.session.fs;

import static org.twoftpd.shared.os.FileFlags.SEEK_SET;

import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.FileStatus;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/** A regular file, open for a transfer, which reads and writes the descriptor itself. */
public final class FileHandle implements AutoCloseable {
  private static final int CLOSED = -1;

  private int fd;
  private final FileStatus status;

  private FileHandle(int fd, FileStatus status) {
    this.fd = fd;
    this.status = status;
  }

  /**
   * Takes a descriptor over, and closes it when it is refused.
   *
   * @throws SystemCallException EISDIR for a directory, ESPIPE for anything else but a regular file
   */
  static FileHandle of(int fd) throws SystemCallException {
    try {
      FileStatus status = FileStatus.ofDescriptor(fd);
      if (!status.isRegular()) {
        throw new SystemCallException(status.isDirectory() ? Errno.EISDIR : Errno.ESPIPE);
      }
      return new FileHandle(fd, status);
    } catch (SystemCallException e) {
      Native.close(fd);
      throw e;
    }
  }

  /** The descriptor, for sendfile, read and write; -1 when closed. */
  public int fd() {
    return fd;
  }

  /** What the file was when it was opened. */
  public FileStatus status() {
    return status;
  }

  /** Bytes when it was opened. */
  public long size() {
    return status.size();
  }

  /** lseek(2): where the next read or write goes on. */
  public void seek(long offset) throws SystemCallException {
    SystemCallException.check(Native.lseek(fd, offset, SEEK_SET));
  }

  /** ftruncate(2). */
  public void truncate(long size) throws SystemCallException {
    SystemCallException.check(Native.ftruncate(fd, size));
  }

  /** fsync(2). */
  void sync() throws SystemCallException {
    SystemCallException.check(Native.fsync(fd));
  }

  /**
   * close(2). A write that failed late, over the network or over quota, is told here and nowhere
   * else, so an upload is not done before this has returned. Closing twice does nothing.
   */
  @Override
  public void close() throws SystemCallException {
    if (fd != CLOSED) {
      int closing = fd;
      fd = CLOSED;
      SystemCallException.check(Native.close(closing));
    }
  }

  /** fsync(2) and close(2); closed even when the data did not reach the disk. */
  public void syncAndClose() throws SystemCallException {
    try {
      sync();
    } catch (SystemCallException e) {
      closeQuietly();
      throw e;
    }
    close();
  }

  /** Closes what has failed already, so that a second failure has nothing to tell. */
  void closeQuietly() {
    if (fd != CLOSED) {
      Native.close(fd);
      fd = CLOSED;
    }
  }
}
