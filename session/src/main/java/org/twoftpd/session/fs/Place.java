/*
 * Trusted to do what was decided about a path: whoever has one acts on the directory's descriptor, not on the path
 * again.
 */
package org.twoftpd.session.fs;

import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.FileFlags;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/**
 * Where a path leads: a descriptor of a directory and a name from there on, as the calls that end
 * in "at" take them.
 */
final class Place implements AutoCloseable {
  private final int directory;
  private final byte[] name;
  private final boolean follow;
  private final boolean owned;

  /**
   * The place of {@code name} in {@code directory}.
   *
   * @param directory made with O_PATH
   * @param name not empty, "." for the directory itself
   * @param follow whether the kernel may follow a symbolic link that stands in the name
   * @param owned whether {@link #close} closes the descriptor
   */
  Place(int directory, byte[] name, boolean follow, boolean owned) {
    this.directory = directory;
    this.name = name;
    this.follow = follow;
    this.owned = owned;
  }

  int directory() {
    return directory;
  }

  byte[] name() {
    return name;
  }

  /**
   * openat(2).
   *
   * @return a descriptor
   * @throws SystemCallException ESPIPE for what can only be a socket, a FIFO or a device
   */
  int open(int flags, int mode) throws SystemCallException {
    int fd = Native.openat(directory, name, follow ? flags : flags | FileFlags.O_NOFOLLOW, mode);
    if (fd == -Errno.ENXIO || fd == -Errno.ENODEV) {
      throw new SystemCallException(Errno.ESPIPE);
    }
    return SystemCallException.check(fd);
  }

  /** statx(2). */
  FileStatus status() throws SystemCallException {
    long[] fields = new long[FileStatus.FIELDS];
    int flags = follow ? 0 : FileFlags.AT_SYMLINK_NOFOLLOW;
    SystemCallException.check(Native.statx(directory, name, flags, fields));
    return FileStatus.of(fields);
  }

  /** faccessat(2): throws EACCES when the process may not. */
  void checkAccess(int mode) throws SystemCallException {
    SystemCallException.check(Native.faccessat(directory, name, mode));
  }

  @Override
  public void close() {
    if (owned) {
      Native.close(directory);
    }
  }
}
