/*
 * Trusted with one directory that is open for reading: its entries are asked about from its descriptor, so a name is
 * never looked up along a path that has changed meanwhile.
 */
package org.twoftpd.session.fs;

import static org.twoftpd.shared.os.FileFlags.AT_SYMLINK_NOFOLLOW;
import static org.twoftpd.shared.os.FileFlags.W_OK;
import static org.twoftpd.shared.os.FileFlags.X_OK;

import java.util.Arrays;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/**
 * A directory's entries, in the order of the kernel, without "." and ".." and, where dot files are
 * hidden, without any name that begins with a dot.
 */
public final class Directory implements AutoCloseable {
  /** As much as one getdents64 call of {@link Native} takes. */
  public static final int BUFFER_SIZE = 65_536;

  // struct linux_dirent64, getdents(2): inode and offset of 8 bytes each, then these.
  private static final int RECORD_LENGTH = 16;
  private static final int TYPE = 18;
  private static final int NAME = 19;

  private static final byte DT_UNKNOWN = 0;
  private static final byte DT_DIR = 4;
  private static final byte DT_LNK = 10;

  private static final byte[] HERE = {'.'};

  private final boolean hideDotFiles;
  private final int fd;
  private final byte[] buffer;
  private final long[] fields = new long[FileStatus.FIELDS];
  private int filled;
  private int next;
  private int record;
  private int nameLength;

  /**
   * The directory that {@code fd} is open on.
   *
   * @param fd closed with this
   * @param buffer of {@link #BUFFER_SIZE}, lent until this is closed
   */
  Directory(int fd, byte[] buffer, boolean hideDotFiles) {
    this.fd = fd;
    this.buffer = buffer;
    this.hideDotFiles = hideDotFiles;
  }

  /** Goes on to the next entry; false after the last one. */
  public boolean next() throws SystemCallException {
    while (true) {
      if (next >= filled) {
        filled = SystemCallException.check(Native.getdents64(fd, buffer));
        next = 0;
        if (filled == 0) {
          return false;
        }
      }
      record = next;
      next +=
          (buffer[record + RECORD_LENGTH] & 0xff)
              | (buffer[record + RECORD_LENGTH + 1] & 0xff) << 8;
      // Behind the name are a NUL and at most seven bytes more, up to where the next record may
      // begin: no need to look at every byte.
      nameLength = Math.max(next - record - NAME - 8, 0);
      while (buffer[record + NAME + nameLength] != 0) {
        nameLength++;
      }
      if (isShown()) {
        return true;
      }
    }
  }

  private boolean isShown() {
    int name = record + NAME;
    if (buffer[name] != '.') {
      return true;
    }
    return !hideDotFiles
        && !VirtualPath.isHere(buffer, name, name + nameLength)
        && !VirtualPath.isParent(buffer, name, name + nameLength);
  }

  /** The array with the entry's name, which is overwritten by {@link #next}. */
  public byte[] nameBuffer() {
    return buffer;
  }

  public int nameOffset() {
    return record + NAME;
  }

  public int nameLength() {
    return nameLength;
  }

  /** False when the entry is certainly neither a directory nor a link to one. */
  public boolean mayBeDirectory() {
    byte type = buffer[record + TYPE];
    return type == DT_DIR || type == DT_LNK || type == DT_UNKNOWN;
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
    return FileStatus.of(fields);
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
    SystemCallException.check(Native.statx(fd, HERE, 0, fields));
    return FileStatus.of(fields);
  }

  /** Whether this process may create, rename and delete entries. */
  public boolean isWritable() {
    return Native.faccessat(fd, HERE, W_OK | X_OK) == 0;
  }

  @Override
  public void close() {
    Native.close(fd);
  }
}
