/*
 * Trusted with one directory that is open for reading: its entries are asked about from its descriptor, so a name is
 * never looked up along a path that has changed meanwhile.
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
 * A directory's entries, in the order of the kernel, without "." and ".." and, where dot files are
 * hidden, without any name that begins with a dot.
 */
public final class Directory implements AutoCloseable {
  /** As much as one call of the kernel's fills. */
  public static final int BUFFER_SIZE = Dirents.BUFFER_SIZE;

  private static final byte[] DOT = {'.'};

  private final boolean hideDotFiles;
  private final int fd;
  private final Dirents entries;
  private final long[] fields = new long[FileStatus.FIELDS];

  /**
   * The directory that {@code fd} is open on.
   *
   * @param fd closed with this
   * @param buffer of {@link #BUFFER_SIZE}, lent until this is closed
   */
  Directory(int fd, byte[] buffer, boolean hideDotFiles) {
    this.fd = fd;
    this.entries = new Dirents(fd, buffer);
    this.hideDotFiles = hideDotFiles;
  }

  /** Goes on to the next entry; false after the last one. */
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

  /** The array with the entry's name, which is overwritten by {@link #next}. */
  public byte[] nameBuffer() {
    return entries.nameBuffer();
  }

  public int nameOffset() {
    return entries.nameOffset();
  }

  public int nameLength() {
    return entries.nameLength();
  }

  /** False when the entry is certainly neither a directory nor a link to one. */
  public boolean mayBeDirectory() {
    return entries.mayBeDirectory();
  }

  /**
   * What a name is, a symbolic link itself; {@link FileStatus#UNKNOWN} when this process may not
   * ask. Null when the name is gone.
   */
  public FileStatus status(byte[] name) {
    int result = Native.statx(fd, name, AT_SYMLINK_NOFOLLOW, fields);
    if (result < 0) {
      return result == -Errno.ENOENT ? null : FileStatus.UNKNOWN;
    }
    return FileStatus.fromFields(fields, 0);
  }

  /**
   * Asks in one call what each of these names is, symbolic links themselves, on any thread.
   *
   * @param names as {@link Native#statxEach} takes them, in the first {@code length} bytes
   * @param answers {@link FileStatus#FIELDS} numbers for each name
   * @return what {@link Native#statxEach} answers
   */
  public int askEach(byte[] names, int length, long[] answers) {
    return Native.statxEach(fd, names, length, AT_SYMLINK_NOFOLLOW, answers);
  }

  /** What a symbolic link says, readlinkat(2). */
  public byte[] readLink(byte[] name) throws SystemCallException {
    byte[] target = new byte[VirtualPath.MAX_LENGTH];
    int length = SystemCallException.check(Native.readlinkat(fd, name, target));
    return Arrays.copyOf(target, length);
  }

  /** What the directory itself is. */
  public FileStatus status() throws SystemCallException {
    return FileStatus.ofName(fd, DOT, 0);
  }

  /** Whether this process may create, rename and delete entries. */
  public boolean isWritable() {
    return Native.faccessat(fd, DOT, W_OK | X_OK) == 0;
  }

  @Override
  public void close() {
    Native.close(fd);
  }
}
