/*
 * Trusted with a name that must never show half a file: the bytes go to a hidden file beside it, which gets the name
 * when it is whole.
 */
package org.twoftpd.session.fs;

import static org.twoftpd.shared.os.FileFlags.AT_SYMLINK_NOFOLLOW;
import static org.twoftpd.shared.os.FileFlags.O_CREAT;
import static org.twoftpd.shared.os.FileFlags.O_DIRECTORY;
import static org.twoftpd.shared.os.FileFlags.O_EXCL;
import static org.twoftpd.shared.os.FileFlags.O_RDONLY;
import static org.twoftpd.shared.os.FileFlags.O_WRONLY;
import static org.twoftpd.shared.os.FileFlags.RENAME_NOREPLACE;
import static org.twoftpd.shared.os.FileFlags.W_OK;

import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/**
 * A file that is being stored under a temporary name. Ends with {@link #commit} or {@link
 * #discard}; until then, and after a crash, the bytes are in a file {@code .in.RANDOM.} beside it.
 *
 * <p>(A file without any name, O_TMPFILE, would leave nothing behind after a crash, but an
 * unprivileged process can give it one only over /proc, which the jail has not, or since Linux
 * 6.10.)
 */
public final class AtomicStore implements AutoCloseable {
  /** What a commit does about a file that has the name already. */
  public enum Target {
    /**
     * Takes its place, as rename(2) does, and its permissions. A symbolic link is replaced itself.
     */
    REPLACE,
    /** Fails with EEXIST, at the start if it is there then and at the end if it came meanwhile. */
    CREATE,
    /**
     * Takes the name at the start by creating an empty file, and keeps it whatever becomes of the
     * upload. For drop, where a name once used stays used: two uploads of one name cannot both
     * begin, and one that failed cannot be tried again under its name by somebody else. The price
     * is that the name shows an empty file until the upload is done.
     */
    RESERVE
  }

  private static final byte[] HERE = {'.'};

  private static final int CLOSED = -1;

  private int directory;
  private final byte[] name;
  private final byte[] temporary;
  private final Target target;
  private final FileHandle handle;
  private boolean named;

  private AtomicStore(int directory, byte[] name, byte[] temporary, Target target, FileHandle h) {
    this.directory = directory;
    this.name = name;
    this.temporary = temporary;
    this.target = target;
    this.handle = h;
  }

  /**
   * Begins to store.
   *
   * @param directory a descriptor made with O_PATH, taken over; closed when this fails
   */
  static AtomicStore begin(int directory, byte[] name, Target target) throws SystemCallException {
    boolean begun = false;
    boolean reserved = false;
    try {
      int permissions = prepare(directory, name, target);
      reserved = target == Target.RESERVE;
      byte[] temporary = new LineBuffer().add(".in.").add(RandomName.letters()).add('.').toBytes();
      FileHandle handle = FileHandle.of(create(directory, temporary));
      if (permissions >= 0) {
        // An overwritten file would keep them; where they cannot be had, a new file's will do.
        Native.fchmodat(directory, temporary, permissions);
      }
      begun = true;
      return new AtomicStore(directory, name, temporary, target, handle);
    } finally {
      if (reserved && !begun) {
        Native.unlinkat(directory, name, 0);
      }
      if (!begun) {
        Native.close(directory);
      }
    }
  }

  private static int create(int directory, byte[] name) throws SystemCallException {
    return SystemCallException.check(
        Native.openat(directory, name, O_WRONLY | O_CREAT | O_EXCL, 0666));
  }

  /**
   * Refuses what a store in place would refuse, so that the setting changes no right.
   *
   * @return the permissions of the file that will be replaced, -1 when there is none
   */
  private static int prepare(int directory, byte[] name, Target target) throws SystemCallException {
    if (target == Target.RESERVE) {
      Native.close(create(directory, name));
      return -1;
    }
    long[] fields = new long[9];
    int result = Native.statx(directory, name, AT_SYMLINK_NOFOLLOW, fields);
    if (result == -Errno.ENOENT) {
      return -1;
    }
    SystemCallException.check(result);
    FileStatus there = FileStatus.of(fields);
    if (target == Target.CREATE) {
      throw new SystemCallException(Errno.EEXIST);
    }
    if (there.isLink()) {
      return -1;
    }
    if (!there.isRegular()) {
      throw new SystemCallException(there.isDirectory() ? Errno.EISDIR : Errno.ESPIPE);
    }
    SystemCallException.check(Native.faccessat(directory, name, W_OK));
    return there.permissions() & 0777;
  }

  /** The open file that gets the bytes. */
  public FileHandle handle() {
    return handle;
  }

  /**
   * Gives the file its name; when that fails, discards it.
   *
   * @param sync whether file and directory must have reached the disk before this returns
   */
  public void commit(boolean sync) throws SystemCallException {
    try {
      if (sync) {
        handle.sync();
      } else {
        handle.close();
      }
      takeName();
      named = true;
      if (sync) {
        syncDirectory();
        handle.close();
      }
    } finally {
      close();
    }
  }

  private void takeName() throws SystemCallException {
    int flags = target == Target.CREATE ? RENAME_NOREPLACE : 0;
    int result = Native.renameat2(directory, temporary, directory, name, flags);
    if (result == -Errno.EINVAL && target == Target.CREATE) {
      // A file system without that flag, NFS for one; a link never replaces anything either.
      result = Native.linkat(directory, temporary, directory, name, 0);
      if (result == 0) {
        Native.unlinkat(directory, temporary, 0);
      }
    }
    SystemCallException.check(result);
  }

  /**
   * A directory that may be written but not read cannot be opened to be synced. The file can, and
   * where there is a journal its fsync takes the new name along.
   */
  private void syncDirectory() throws SystemCallException {
    int fd = Native.openat(directory, HERE, O_RDONLY | O_DIRECTORY, 0);
    if (fd == -Errno.EACCES) {
      handle.sync();
      return;
    }
    SystemCallException.check(fd);
    int result = Native.fsync(fd);
    Native.close(fd);
    SystemCallException.check(result);
  }

  /** Ends without the file: nothing is left of it but a name that was reserved. */
  public void discard() {
    close();
  }

  /** Discards, unless committed. */
  @Override
  public void close() {
    handle.closeQuietly();
    if (directory != CLOSED) {
      if (!named) {
        Native.unlinkat(directory, temporary, 0);
      }
      Native.close(directory);
      directory = CLOSED;
    }
  }
}
