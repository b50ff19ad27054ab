/*
 * Trusted to be a regular file: it asks the descriptor what it is open on, so that no change of
 * names can have put a device or a FIFO in its place.
 */
package org.twoftpd.session.fs;

import static org.twoftpd.shared.os.FileFlags.SEEK_SET;

import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.FileStatus;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/**
 * A file handle is a regular file that is open for a transfer, which reads and writes its
 * descriptor.
 */
public final class FileHandle implements AutoCloseable {
  private static final int CLOSED = -1;

  private int fd;
  private final FileStatus status;

  private FileHandle(int fd, FileStatus status) {
    this.fd = fd;
    this.status = status;
  }

  /**
   * Takes over a descriptor, and closes it when it refuses it.
   *
   * @throws SystemCallException EISDIR for a directory, ESPIPE for anything else that is no regular
   *     file
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

  /** Returns the descriptor, for sendfile, read and write; -1 when closed. */
  public int fd() {
    return fd;
  }

  /** Returns what the file was when it was opened. */
  public FileStatus status() {
    return status;
  }

  /** Returns the file's size in bytes when it was opened. */
  public long size() {
    return status.size();
  }

  /** Sets where the next read or write begins, lseek(2). */
  public void seek(long offset) throws SystemCallException {
    SystemCallException.check(Native.lseek(fd, offset, SEEK_SET));
  }

  /** Cuts or extends the file to {@code size} bytes, ftruncate(2). */
  public void truncate(long size) throws SystemCallException {
    SystemCallException.check(Native.ftruncate(fd, size));
  }

  /** Waits until the file is on the disk, fsync(2). */
  void sync() throws SystemCallException {
    SystemCallException.check(Native.fsync(fd));
  }

  /**
   * Closes the file, close(2). The kernel tells here, and nowhere else, of a write that failed
   * late, over the network or over quota; so an upload is not complete before this has returned. A
   * second call does nothing.
   */
  @Override
  public void close() throws SystemCallException {
    if (fd != CLOSED) {
      int closing = fd;
      fd = CLOSED;
      SystemCallException.check(Native.close(closing));
    }
  }

  /**
   * Syncs and closes the file, fsync(2) and close(2). It closes the file even when the data did not
   * reach the disk.
   */
  public void syncAndClose() throws SystemCallException {
    try {
      sync();
    } catch (SystemCallException e) {
      closeQuietly();
      throw e;
    }
    close();
  }

  /** Closes a file that has failed already, so that nobody needs to hear of a second failure. */
  void closeQuietly() {
    if (fd != CLOSED) {
      Native.close(fd);
      fd = CLOSED;
    }
  }
}
