/*
 * Trusted to do what was decided about a path: whoever has one acts on the directory's descriptor, not on the path
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
 * Where a path leads: a descriptor of a directory and a name from there on, as the calls that end
 * in "at" take them.
 */
final class Place implements AutoCloseable {
  private static final byte[] DOT = {'.'};

  private final int directory;
  private final byte[] name;
  private final boolean follow;
  private final boolean mayFollow;
  private final boolean owned;

  /**
   * The place of {@code name} in {@code directory}.
   *
   * @param directory made with O_PATH
   * @param name not empty, "." for the directory itself
   * @param follow whether the kernel follows a symbolic link that stands in the name
   * @param mayFollow whether {@link #changeMode} lets it follow one that has come there meanwhile
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
    return FileStatus.ofName(directory, name, follow ? 0 : FileFlags.AT_SYMLINK_NOFOLLOW);
  }

  /**
   * Returns when this is a directory that the process may use in that way, faccessat(2).
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
   * fchmodat(2), which has no flag against links. Where it may follow one it is asked by name: in a
   * chroot there is no /proc for the other way, and a link that has come in this moment leads to no
   * file but one whose mode this user may change, inside unless a directory was just moved out.
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

  /** utimensat(2), at most of a link itself that has come into the name's place meanwhile. */
  void setModified(long seconds) throws SystemCallException {
    int flags = follow ? 0 : FileFlags.AT_SYMLINK_NOFOLLOW;
    SystemCallException.check(Native.utimensat(directory, name, seconds, 0, flags));
  }

  /**
   * Opens what is no link, to change its mode. By name the call would follow a link that has come
   * there meanwhile; a descriptor it takes only by the name that it has in /proc, when it was
   * opened without rights to read or write.
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

  /** The name of a descriptor's file, which leads to it whatever other names it has. */
  static byte[] procPathOf(int fd) {
    return new Text().add("/proc/self/fd/").add(fd).toBytes();
  }

  /** readlinkat(2). */
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
