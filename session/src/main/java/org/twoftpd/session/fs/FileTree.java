/*
 * Trusted with the second wall around a session's files; the kernel's jail and the user's ids are the first.  Every
 * method takes a path of the view, finds its place once and acts there.  Contents are FileOpener's.
 */
package org.twoftpd.session.fs;

import static org.twoftpd.shared.os.FileFlags.AT_FDCWD;
import static org.twoftpd.shared.os.FileFlags.AT_REMOVEDIR;
import static org.twoftpd.shared.os.FileFlags.O_DIRECTORY;
import static org.twoftpd.shared.os.FileFlags.O_PATH;
import static org.twoftpd.shared.os.FileFlags.O_RDONLY;
import static org.twoftpd.shared.os.FileFlags.W_OK;
import static org.twoftpd.shared.os.FileFlags.X_OK;

import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.FileStatus;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/**
 * The files of one account. All failures are {@link SystemCallException}s with the kernel's error
 * number, and for all methods EACCES when a path leads out of the view.
 *
 * <p>With hidden dot files, a path with a part that begins with a dot is refused: ENOENT where the
 * file would have to exist, EACCES where it would be made.
 */
public final class FileTree implements AutoCloseable {
  private static final byte[] SLASH = {'/'};

  private final Lookup lookup;
  private final VirtualPath start;
  private final boolean hideDotFiles;

  private FileTree(Lookup lookup, VirtualPath start, boolean hideDotFiles) {
    this.lookup = lookup;
    this.start = start;
    this.hideDotFiles = hideDotFiles;
  }

  /**
   * CHROOT: the view is all that this process sees. To be called after chroot(2): a descriptor from
   * before would be a way out.
   */
  public static FileTree jailed(boolean hideDotFiles) throws SystemCallException {
    return new FileTree(HomeLookup.inJail(openRoot(SLASH)), VirtualPath.ROOT, hideDotFiles);
  }

  /** The same way of looking paths up below a directory, without a chroot: for rehearsals. */
  public static FileTree asJailed(byte[] home) throws SystemCallException {
    return new FileTree(HomeLookup.inJail(openRoot(home)), VirtualPath.ROOT, false);
  }

  /** SOFTCHROOT: the view's root is HOME; symbolic links may lead out of it. */
  public static FileTree below(byte[] home, boolean hideDotFiles) throws SystemCallException {
    return new FileTree(new KernelLookup(openRoot(home)), VirtualPath.ROOT, hideDotFiles);
  }

  /** LOCKHOME: the view is the real tree, and whatever is not really below HOME is refused. */
  public static FileTree lockedTo(byte[] home, boolean hideDotFiles) throws SystemCallException {
    VirtualPath start = VirtualPath.ROOT.resolve(home);
    return new FileTree(HomeLookup.below(openRoot(home), start), start, hideDotFiles);
  }

  /** Neither: the real tree, from HOME on. */
  public static FileTree whole(byte[] home, boolean hideDotFiles) throws SystemCallException {
    VirtualPath start = VirtualPath.ROOT.resolve(home);
    return new FileTree(new KernelLookup(openRoot(SLASH)), start, hideDotFiles);
  }

  private static int openRoot(byte[] path) throws SystemCallException {
    return SystemCallException.check(Native.openat(AT_FDCWD, path, O_PATH | O_DIRECTORY, 0));
  }

  /** The working directory after login. */
  public VirtualPath start() {
    return start;
  }

  /** The place of something that must exist; see the class for hidden files. */
  Place findExisting(VirtualPath path, boolean followLast) throws SystemCallException {
    return find(path, followLast, Errno.ENOENT);
  }

  /** The place of something that may be made. */
  Place findNew(VirtualPath path, boolean followLast) throws SystemCallException {
    return find(path, followLast, Errno.EACCES);
  }

  private Place find(VirtualPath path, boolean followLast, int refusal) throws SystemCallException {
    if (hideDotFiles && path.hasDotPartBelow(start)) {
      throw new SystemCallException(refusal);
    }
    return lookup.find(path, followLast);
  }

  /** What the path leads to, symbolic links followed. */
  public FileStatus status(VirtualPath path) throws SystemCallException {
    try (Place place = findExisting(path, true)) {
      return place.status();
    }
  }

  /** As {@link #status}, but for a symbolic link in the last part itself. */
  public FileStatus linkStatus(VirtualPath path) throws SystemCallException {
    try (Place place = findExisting(path, false)) {
      return place.status();
    }
  }

  /**
   * Whether the path leads to a directory, symbolic links followed; false when it cannot be told.
   */
  public boolean leadsToDirectory(VirtualPath path) {
    try {
      return status(path).isDirectory();
    } catch (SystemCallException e) {
      return false;
    }
  }

  /** readlinkat(2): what a symbolic link in the last part says, wherever that leads. */
  public byte[] readLink(VirtualPath path) throws SystemCallException {
    try (Place place = findExisting(path, false)) {
      return place.readLink();
    }
  }

  /** A directory for reading its entries; the buffer is lent until it is closed. */
  public Directory openDirectory(VirtualPath path, byte[] buffer) throws SystemCallException {
    try (Place place = findExisting(path, true)) {
      int fd = place.open(O_RDONLY | O_DIRECTORY, 0);
      return new Directory(fd, buffer, hideDotFiles);
    }
  }

  /** mkdirat(2), with 0777 and the umask. */
  public void makeDirectory(VirtualPath path) throws SystemCallException {
    try (Place place = findNew(path, false)) {
      SystemCallException.check(Native.mkdirat(place.directory(), place.name(), 0777));
    }
  }

  /** rmdir(2). */
  public void removeDirectory(VirtualPath path) throws SystemCallException {
    try (Place place = findExisting(path, false)) {
      SystemCallException.check(Native.unlinkat(place.directory(), place.name(), AT_REMOVEDIR));
    }
  }

  /** unlink(2): a symbolic link itself, never what it points to; EISDIR for a directory. */
  public void unlink(VirtualPath path) throws SystemCallException {
    try (Place place = findExisting(path, false)) {
      SystemCallException.check(Native.unlinkat(place.directory(), place.name(), 0));
    }
  }

  /** rename(2): takes the place of a file that has the name already. */
  public void rename(VirtualPath from, VirtualPath to) throws SystemCallException {
    try (Place source = findExisting(from, false);
        Place target = findNew(to, false)) {
      SystemCallException.check(
          Native.renameat2(
              source.directory(), source.name(), target.directory(), target.name(), 0));
    }
  }

  /**
   * fchmodat(2), which follows symbolic links.
   *
   * @param mode at most 0777, else EINVAL: no way to set-user-ID from here
   */
  public void changeMode(VirtualPath path, int mode) throws SystemCallException {
    if ((mode & ~0777) != 0) {
      throw new SystemCallException(Errno.EINVAL);
    }
    try (Place place = findExisting(path, true)) {
      place.changeMode(mode);
    }
  }

  /**
   * utimensat(2), which follows symbolic links as {@link #changeMode} does.
   *
   * @param seconds since 1970, UTC
   */
  public void setModified(VirtualPath path, long seconds) throws SystemCallException {
    try (Place place = findExisting(path, true)) {
      place.setModified(seconds);
    }
  }

  /**
   * Returns when the path is a directory that may be the working directory: one that can be
   * searched, readable or not.
   *
   * @throws SystemCallException ENOTDIR or EACCES when it may not
   */
  public void checkEnterable(VirtualPath path) throws SystemCallException {
    try (Place place = findExisting(path, true)) {
      place.checkDirectory(X_OK);
    }
  }

  /** Whether this process may create, rename and delete in a directory. */
  public boolean isWritable(VirtualPath directory) {
    try (Place place = findExisting(directory, true)) {
      place.checkDirectory(W_OK | X_OK);
      return true;
    } catch (SystemCallException e) {
      return false;
    }
  }

  @Override
  public void close() {
    lookup.close();
  }
}
