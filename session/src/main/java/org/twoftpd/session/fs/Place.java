/*
 * Trusted to act where a lookup has decided: on a directory's descriptor, and never on the path
 * again.
 */
package org.twoftpd.session.fs;

import java.util.Arrays;
import org.twoftpd.session.text.Text;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.FileFlags;
import org.twoftpd.shared.os.FileStatus;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/**
 * A place is where a path leads: a descriptor of a directory and a name in it, as the system calls
 * that end in "at" take them.
 */
final class Place implements AutoCloseable {
  private static final byte[] DOT = {'.'};

  private final int directory;
  private final byte[] name;
  private final boolean follow;
  private final boolean mayFollow;
  private final boolean owned;

  /**
   * Makes the place of {@code name} in {@code directory}.
   *
   * @param directory a descriptor made with O_PATH
   * @param name not empty; "." for the directory itself
   * @param follow whether the kernel follows a symbolic link that has the name
   * @param mayFollow whether {@link #changeMode} may follow a link that has taken the name
   *     meanwhile
   * @param owned whether {@link #close} closes the descriptor
   */
  Place(int directory, byte[] name, boolean follow, boolean mayFollow, boolean owned) {
    this.directory = directory;
    this.name = name;
    this.follow = follow;
    this.mayFollow = mayFollow;
    this.owned = owned;
  }

  int directory() {
    return directory;
  }

  byte[] name() {
    return name;
  }

  /**
   * Opens what has the name, openat(2).
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

  /** Asks what has the name, statx(2). */
  FileStatus status() throws SystemCallException {
    return FileStatus.ofName(directory, name, follow ? 0 : FileFlags.AT_SYMLINK_NOFOLLOW);
  }

  /**
   * Checks that this is a directory that the process may use as {@code mode} says, faccessat(2).
   *
   * @throws SystemCallException ENOTDIR or EACCES when it is not
   */
  void checkDirectory(int mode) throws SystemCallException {
    int fd = open(FileFlags.O_PATH | FileFlags.O_DIRECTORY, 0);
    int result = Native.faccessat(fd, DOT, mode);
    Native.close(fd);
    SystemCallException.check(result);
  }

  /**
   * Changes the permissions, fchmodat(2), which has no flag against following links. Where it may
   * follow one it goes by name, since a chroot has no /proc for the other way. A link that takes
   * the name at this moment leads only to files whose mode this user may change anyway, and these
   * lie inside unless somebody moves a directory out at the same moment.
   */
  void changeMode(int mode) throws SystemCallException {
    if (mayFollow) {
      SystemCallException.check(Native.fchmodat(directory, name, mode));
      return;
    }
    int fd = openUnlessLink();
    int result = Native.fchmodat(FileFlags.AT_FDCWD, procPathOf(fd), mode);
    Native.close(fd);
    SystemCallException.check(result);
  }

  /**
   * Sets the time of the last change, utimensat(2). A link that has taken the name meanwhile is
   * changed itself, and never what it leads to.
   */
  void setModified(long seconds) throws SystemCallException {
    int flags = follow ? 0 : FileFlags.AT_SYMLINK_NOFOLLOW;
    SystemCallException.check(Native.utimensat(directory, name, seconds, 0, flags));
  }

  /**
   * Opens what has the name unless it is a link, in order to change its mode. By name the call
   * would follow a link that has taken the name meanwhile. This descriptor gives no right to read
   * or write, so the call takes it only by its name in /proc.
   */
  private int openUnlessLink() throws SystemCallException {
    int fd = open(FileFlags.O_PATH, 0);
    try {
      if (FileStatus.ofDescriptor(fd).isLink()) {
        throw new SystemCallException(Errno.ELOOP);
      }
      return fd;
    } catch (SystemCallException e) {
      Native.close(fd);
      throw e;
    }
  }

  /** Returns the name in /proc that leads to a descriptor's file, whatever other names that has. */
  static byte[] procPathOf(int fd) {
    return new Text().add("/proc/self/fd/").add(fd).toBytes();
  }

  /** Returns the target of a symbolic link, readlinkat(2). */
  byte[] readLink() throws SystemCallException {
    byte[] target = new byte[VirtualPath.MAX_LENGTH];
    int length = SystemCallException.check(Native.readlinkat(directory, name, target));
    return Arrays.copyOf(target, length);
  }

  @Override
  public void close() {
    if (owned) {
      Native.close(directory);
    }
  }
}
