/*
 * Trusted to ask about entries by the directory's descriptor, so that no name is looked up along a
 * path that has changed meanwhile.
 */
package org.twoftpd.session.fs;

import static org.twoftpd.shared.os.FileFlags.AT_SYMLINK_NOFOLLOW;
import static org.twoftpd.shared.os.FileFlags.W_OK;
import static org.twoftpd.shared.os.FileFlags.X_OK;

import java.util.Arrays;
import org.twoftpd.shared.os.Dirents;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.FileStatus;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/**
 * Reads the entries of a directory in the kernel's order. It leaves out "." and "..", and where dot
 * files are hidden, every name that begins with a dot.
 */
public final class Directory implements AutoCloseable {
  /** One call of the kernel fills so many bytes. */
  public static final int BUFFER_SIZE = Dirents.BUFFER_SIZE;

  private static final byte[] DOT = {'.'};

  private final boolean hideDotFiles;
  private final int fd;
  private final Dirents entries;
  private final long[] fields = new long[FileStatus.FIELDS];

  /**
   * Reads the directory of {@code fd}.
   *
   * @param fd a descriptor, which this object closes
   * @param buffer {@link #BUFFER_SIZE} bytes, lent until this object is closed
   */
  Directory(int fd, byte[] buffer, boolean hideDotFiles) {
    this.fd = fd;
    this.entries = new Dirents(fd, buffer);
    this.hideDotFiles = hideDotFiles;
  }

  /** Goes on to the next entry; returns false after the last one. */
  public boolean next() throws SystemCallException {
    while (entries.next()) {
      if (isShown()) {
        return true;
      }
    }
    return false;
  }

  private boolean isShown() {
    return entries.nameBuffer()[entries.nameOffset()] != '.'
        || !hideDotFiles && !entries.isHereOrParent();
  }

  /** Returns the array with the entry's name, which {@link #next} overwrites. */
  public byte[] nameBuffer() {
    return entries.nameBuffer();
  }

  public int nameOffset() {
    return entries.nameOffset();
  }

  public int nameLength() {
    return entries.nameLength();
  }

  /** Returns false when the entry is certainly neither a directory nor a link to one. */
  public boolean mayBeDirectory() {
    return entries.mayBeDirectory();
  }

  /**
   * Asks what has a name, and does not follow a symbolic link.
   *
   * @return {@link FileStatus#UNKNOWN} when this process may not ask; null when nothing has the
   *     name
   */
  public FileStatus status(byte[] name) {
    int result = Native.statx(fd, name, AT_SYMLINK_NOFOLLOW, fields);
    if (result < 0) {
      return result == -Errno.ENOENT ? null : FileStatus.UNKNOWN;
    }
    return FileStatus.fromFields(fields, 0);
  }

  /**
   * Asks in one call what has each of these names, and does not follow symbolic links. Any thread
   * may call it.
   *
   * @param names as {@link Native#statxEach} takes them, in the first {@code length} bytes
   * @param answers {@link FileStatus#FIELDS} numbers for each name
   * @return what {@link Native#statxEach} returns
   */
  public int askEach(byte[] names, int length, long[] answers) {
    return Native.statxEach(fd, names, length, AT_SYMLINK_NOFOLLOW, answers);
  }

  /** Returns the target of a symbolic link, readlinkat(2). */
  public byte[] readLink(byte[] name) throws SystemCallException {
    byte[] target = new byte[VirtualPath.MAX_LENGTH];
    int length = SystemCallException.check(Native.readlinkat(fd, name, target));
    return Arrays.copyOf(target, length);
  }

  /** Asks about the directory itself. */
  public FileStatus status() throws SystemCallException {
    return FileStatus.ofName(fd, DOT, 0);
  }

  /** Returns whether this process may create, rename and delete entries. */
  public boolean isWritable() {
    return Native.faccessat(fd, DOT, W_OK | X_OK) == 0;
  }

  @Override
  public void close() {
    Native.close(fd);
  }
}
