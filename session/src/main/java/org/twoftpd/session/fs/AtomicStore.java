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

import org.twoftpd.session.text.Text;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.FileStatus;
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
public final class AtomicStore {
  /** What a commit does about a file that has the name already. */
  public enum Target {
    /**
     * Takes its place, as rename(2) does, and its permissions. A symbolic link is replaced itself.
     */
    REPLACE,
    /** Fails with EEXIST, at the start if it is there then and at the end if it came meanwhile. */
    CREATE,
    /**
     * As {@link #CREATE}, but the hidden file is called {@code .in.NAME.} and stays, emptied, when
     * the upload fails. For drop, where a name once used stays used: two uploads of one name cannot
     * both begin, and one that failed cannot be tried again under its name by somebody else. It
     * takes neither unlink(2) nor a rename that replaces, which the kernel filter of drop refuses.
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

  /** What was there when this began, or what a link led to; null when it was nothing. */
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
   * Begins to store.
   *
   * @param directory a descriptor made with O_PATH, taken over; closed when this fails
   * @param linkTarget the file that the name leads to if it is a symbolic link, null when there is none
   * @param umask of this process
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
   * A name that leaves room for what is put around it. A long one ends in its FNV-1a hash instead:
   * two that come out alike would only keep each other from being used.
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
   * Makes the hidden file. What it will replace may be private, so while it is not whole it is its
   * owner's alone. Where it replaces nothing it is made as it will be: what a new file's rights are
   * only the kernel knows, by the umask or the default ACL of the directory.
   */
  private static int createHidden(int directory, byte[] name, FileStatus replaced)
      throws SystemCallException {
    int mode = replaced == null ? 0666 : OWNERS_ALONE;
    return SystemCallException.check(
        Native.openat(directory, name, O_WRONLY | O_CREAT | O_EXCL, mode));
  }

  /** What has a name, a symbolic link itself; null when there is nothing. */
  private static FileStatus statusOfName(int directory, byte[] name) throws SystemCallException {
    return FileStatus.ifThere(directory, name, AT_SYMLINK_NOFOLLOW);
  }

  /**
   * Refuses what a store in place would refuse, so that the setting changes no right.
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
    // What was reserved stays and must be emptied when there is no name for it: by a descriptor,
    // since drop opens no file that is there.
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
   * Gives the whole file the permissions that it will have under its name, by its descriptor: in
   * the name's place somebody else who may write to the directory could have put a link. What is to
   * be replaced may have been made private since this began. Where they cannot be had, on a file
   * system without any, the file's own will do.
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
      // What is there has come meanwhile, and gives nothing that a new file has not.
      wanted &= own.permissions();
    } else if (!isFile) {
      // A link is there, or nothing any more: it becomes a new file, and gets no more than one.
      wanted &= 0666 & ~umask;
    }
    if (wanted != own.permissions()) {
      Native.fchmod(handle.fd(), wanted);
    }
  }

  /** The rights of the old file for the new one: what one group had is not another's. */
  private static int permissionsFrom(FileStatus old, FileStatus own) {
    int rights = old.permissions() & 0777;
    return old.gid() == own.gid() ? rights : rights & (~070 | (rights & 07) << 3);
  }

  private void takeName() throws SystemCallException {
    int flags = target == Target.REPLACE ? 0 : RENAME_NOREPLACE;
    int result = Native.renameat2(directory, temporary, directory, name, flags);
    if (result == -Errno.EINVAL && target != Target.REPLACE) {
      // A file system without that flag, NFS for one; a link never replaces anything either.
      result = Native.linkat(directory, temporary, directory, name, 0);
      if (result == 0 && target == Target.CREATE) {
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

  /** Ends without the file: nothing is left of it but a name that was reserved. */
  public void discard() {
    if (target == Target.RESERVE && handle.fd() >= 0) {
      // The name stays; the room on the disk does not.
      Native.ftruncate(handle.fd(), 0);
    }
    cleanUp();
  }

  /** Discards, unless committed. */
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
