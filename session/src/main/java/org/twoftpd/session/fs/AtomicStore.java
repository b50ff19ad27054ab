/*
 * Trusted with a name that must never show half a file: the bytes go to a hidden file beside it,
 * which gets the name when it is whole.
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

import org.twoftpd.session.text.Text;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.FileStatus;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/**
 * An atomic store keeps a file under a temporary name while its bytes arrive, until the caller ends
 * it with {@link #commit} or {@link #discard}. A crash leaves {@code .in.RANDOM.} behind. A file
 * without a name (O_TMPFILE) would leave nothing, but before Linux 6.10 an unprivileged process can
 * name it only over /proc, which a jail does not have.
 */
public final class AtomicStore {
  /** Says what a commit does when another file has the name. */
  public enum Target {
    /**
     * Replaces that file, as rename(2) does, and takes over its permissions. A symbolic link is
     * itself replaced, not the file that it leads to.
     */
    REPLACE,
    /** Fails with EEXIST, also when the other file came after the beginning. */
    CREATE,
    /**
     * Fails as {@link #CREATE} does, but calls the hidden file {@code .in.NAME.} and keeps it,
     * emptied, when the upload fails. So two uploads of one name cannot both begin, and in drop a
     * used name stays used. It needs no call that the kernel filter of drop refuses: unlink(2), or
     * a rename that replaces.
     */
    RESERVE
  }

  private static final byte[] DOT = {'.'};

  private static final int CLOSED = -1;
  private static final int OWNERS_ALONE = 0600;
  private static final int NAME_MAX = 255;
  private static final int AFFIX_LENGTH = 5;
  private static final int HASH_DIGITS = 16;

  private int directory;
  private final byte[] name;
  private final byte[] temporary;
  private final Target target;

  /** This file had the name when the store began, or a link led to it; null for none. */
  private final FileStatus replaced;

  private final int umask;
  private final FileHandle handle;
  private boolean named;

  private AtomicStore(
      int directory,
      byte[] name,
      byte[] temporary,
      Target target,
      FileStatus replaced,
      int umask,
      FileHandle h) {
    this.directory = directory;
    this.name = name;
    this.temporary = temporary;
    this.target = target;
    this.replaced = replaced;
    this.umask = umask;
    this.handle = h;
  }

  /**
   * Begins to store a file.
   *
   * @param directory a descriptor made with O_PATH; this object closes it, also when this fails
   * @param linkTarget the file that the name leads to if it is a symbolic link, null when there is
   *     none
   * @param umask the umask of this process
   */
  static AtomicStore begin(
      int directory, byte[] name, Target target, FileStatus linkTarget, int umask)
      throws SystemCallException {
    boolean begun = false;
    try {
      FileStatus existing = checkReplaceable(directory, name, target);
      FileStatus replaced = existing != null && existing.isLink() ? linkTarget : existing;
      byte[] hidden = target == Target.RESERVE ? shortenName(name) : RandomName.makeLetters();
      byte[] temporary = new Text().add(".in.").addRaw(hidden).add('.').toBytes();
      FileHandle handle = FileHandle.of(createHidden(directory, temporary, replaced));
      begun = true;
      return new AtomicStore(directory, name, temporary, target, replaced, umask, handle);
    } finally {
      if (!begun) {
        Native.close(directory);
      }
    }
  }

  /**
   * Makes a name that leaves room for what is put around it. A name that is too long ends in its
   * FNV-1a hash instead; of two names with the same result only one can be used.
   */
  private static byte[] shortenName(byte[] name) {
    if (name.length <= NAME_MAX - AFFIX_LENGTH) {
      return name;
    }
    long hash = 0xcbf29ce484222325L;
    for (byte b : name) {
      hash = (hash ^ b & 0xff) * 0x100000001b3L;
    }
    int kept = NAME_MAX - AFFIX_LENGTH - HASH_DIGITS - 1;
    return new Text().addRaw(name, 0, Math.min(kept, name.length)).add('.').addHex(hash).toBytes();
  }

  /**
   * Makes the hidden file. A file that will be replaced may be private, so until then its successor
   * is readable by its owner alone. A file that replaces nothing gets its final permissions here,
   * since only the kernel knows them: they come from the umask or from the directory's default ACL.
   */
  private static int createHidden(int directory, byte[] name, FileStatus replaced)
      throws SystemCallException {
    int mode = replaced == null ? 0666 : OWNERS_ALONE;
    return SystemCallException.check(
        Native.openat(directory, name, O_WRONLY | O_CREAT | O_EXCL, mode));
  }

  /** Returns what has the name, which may be a symbolic link; null when there is nothing. */
  private static FileStatus statusOfName(int directory, byte[] name) throws SystemCallException {
    return FileStatus.ifThere(directory, name, AT_SYMLINK_NOFOLLOW);
  }

  /**
   * Refuses what a store in place would refuse, so that ATOMIC_STORE gives nobody a right that he
   * does not have.
   *
   * @return the file or link that will be replaced, null when there is none
   */
  private static FileStatus checkReplaceable(int directory, byte[] name, Target target)
      throws SystemCallException {
    FileStatus existing = statusOfName(directory, name);
    if (existing == null) {
      return null;
    }
    if (target != Target.REPLACE) {
      throw new SystemCallException(Errno.EEXIST);
    }
    if (existing.isLink()) {
      return existing;
    }
    if (!existing.isRegular()) {
      throw new SystemCallException(existing.isDirectory() ? Errno.EISDIR : Errno.ESPIPE);
    }
    SystemCallException.check(Native.faccessat(directory, name, W_OK));
    return existing;
  }

  /** Returns the open file that gets the bytes. */
  public FileHandle handle() {
    return handle;
  }

  /**
   * Gives the file its name, and discards it when that fails.
   *
   * @param sync whether the file and its directory must be on the disk before this returns
   */
  public void commit(boolean sync) throws SystemCallException {
    // A reserved file that cannot have its name stays, and must be emptied. That takes a second
    // descriptor, since drop may open no file that exists.
    int kept = target == Target.RESERVE ? Native.duplicate(handle.fd(), 0) : CLOSED;
    try {
      grantPermissions();
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
      if (kept >= 0) {
        if (!named) {
          Native.ftruncate(kept, 0);
        }
        Native.close(kept);
      }
      cleanUp();
    }
  }

  /**
   * Gives the finished file the permissions that it will have under its name, by its descriptor:
   * somebody else who may write to the directory could have put a link under the name. It asks
   * about the old file once more, which may have become private. Where fchmod(2) fails, on a file
   * system without permissions, the file keeps its own.
   */
  private void grantPermissions() throws SystemCallException {
    if (target != Target.REPLACE) {
      return;
    }
    FileStatus existing = statusOfName(directory, name);
    boolean isFile = existing != null && existing.isRegular();
    FileStatus old = isFile ? existing : replaced;
    if (old == null) {
      return;
    }
    FileStatus own = handle.status();
    int wanted = permissionsFrom(old, own);
    if (replaced == null) {
      // The old file came meanwhile, so it adds no right to those of a new file.
      wanted &= own.permissions();
    } else if (!isFile) {
      // The old file has gone or become a link, so this is a new file and has no more rights.
      wanted &= 0666 & ~umask;
    }
    if (wanted != own.permissions()) {
      Native.fchmod(handle.fd(), wanted);
    }
  }

  /**
   * Returns the rights of the old file for the new one. When their groups differ, the new group
   * gets no more than everybody has, since the old rights were meant for another group.
   */
  private static int permissionsFrom(FileStatus old, FileStatus own) {
    int rights = old.permissions() & 0777;
    return old.gid() == own.gid() ? rights : rights & (~070 | (rights & 07) << 3);
  }

  private void takeName() throws SystemCallException {
    int flags = target == Target.REPLACE ? 0 : RENAME_NOREPLACE;
    int result = Native.renameat2(directory, temporary, directory, name, flags);
    if (result == -Errno.EINVAL && target != Target.REPLACE) {
      // Some file systems, NFS for one, do not have that flag. A hard link does not replace
      // anything either.
      result = Native.linkat(directory, temporary, directory, name, 0);
      if (result == 0 && target == Target.CREATE) {
        Native.unlinkat(directory, temporary, 0);
      }
    }
    SystemCallException.check(result);
  }

  /**
   * Syncs the directory. One that cannot be read cannot be opened for this. Then the file is synced
   * instead, and on a file system with a journal its fsync takes the new name along.
   */
  private void syncDirectory() throws SystemCallException {
    int fd = Native.openat(directory, DOT, O_RDONLY | O_DIRECTORY, 0);
    if (fd == -Errno.EACCES) {
      handle.sync();
      return;
    }
    SystemCallException.check(fd);
    int result = Native.fsync(fd);
    Native.close(fd);
    SystemCallException.check(result);
  }

  /** Ends without the file, and leaves nothing behind but a name that was reserved. */
  public void discard() {
    if (target == Target.RESERVE && handle.fd() >= 0) {
      // The name stays used, but the failed upload must not take room on the disk.
      Native.ftruncate(handle.fd(), 0);
    }
    cleanUp();
  }

  /**
   * Closes both descriptors, and deletes the hidden file unless it has got its name or reserves
   * one.
   */
  private void cleanUp() {
    handle.closeQuietly();
    if (directory != CLOSED) {
      if (!named && target != Target.RESERVE) {
        Native.unlinkat(directory, temporary, 0);
      }
      Native.close(directory);
      directory = CLOSED;
    }
  }
}
