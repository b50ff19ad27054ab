/*
 * Trusted to be the second wall around a session's files; the kernel's jail and the user's ids are
 * the first. Every method takes a path of the view, finds its place once and acts there.
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
 * A file tree acts on the files of one account; {@link FileOpener} opens their contents. Every
 * failure is a {@link SystemCallException} with the kernel's error number, and every method fails
 * with EACCES when a path leads out of the view.
 *
 * <p>Where dot files are hidden, a path with a part that begins with a dot is refused: with ENOENT
 * where the file would have to exist, with EACCES where the command would make it.
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
   * CHROOT: the view is all that this process sees. The caller has called chroot(2) before, since a
   * descriptor from before would be a way out.
   */
  public static FileTree jailed(boolean hideDotFiles) throws SystemCallException {
    return new FileTree(HomeLookup.inJail(openRoot(SLASH)), VirtualPath.ROOT, hideDotFiles);
  }

  /**
   * Looks paths up below a directory as {@link #jailed} does, but without a chroot: for rehearsals.
   */
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

  /** The view is the real tree, as with LOCKHOME, but nothing is refused; it begins at HOME. */
  public static FileTree whole(byte[] home, boolean hideDotFiles) throws SystemCallException {
    VirtualPath start = VirtualPath.ROOT.resolve(home);
    return new FileTree(new KernelLookup(openRoot(SLASH)), start, hideDotFiles);
  }

  private static int openRoot(byte[] path) throws SystemCallException {
    return SystemCallException.check(Native.openat(AT_FDCWD, path, O_PATH | O_DIRECTORY, 0));
  }

  /** Returns the working directory after login. */
  public VirtualPath start() {
    return start;
  }

  /** Finds something that must exist; the class comment tells of hidden files. */
  Place findExisting(VirtualPath path, boolean followLast) throws SystemCallException {
    return find(path, followLast, Errno.ENOENT);
  }

  /** Finds the place of something that the command may make. */
  Place findNew(VirtualPath path, boolean followLast) throws SystemCallException {
    return find(path, followLast, Errno.EACCES);
  }

  private Place find(VirtualPath path, boolean followLast, int refusal) throws SystemCallException {
    if (hideDotFiles && path.hasDotPartBelow(start)) {
      throw new SystemCallException(refusal);
    }
    return lookup.find(path, followLast);
  }

  /** Asks what the path leads to, and follows symbolic links. */
  public FileStatus status(VirtualPath path) throws SystemCallException {
    try (Place place = findExisting(path, true)) {
      return place.status();
    }
  }

  /** Asks what {@link #status} asks, but does not follow a symbolic link in the last part. */
  public FileStatus linkStatus(VirtualPath path) throws SystemCallException {
    try (Place place = findExisting(path, false)) {
      return place.status();
    }
  }

  /**
   * Returns whether the path leads to a directory, also over symbolic links; false when the kernel
   * does not tell.
   */
  public boolean leadsToDirectory(VirtualPath path) {
    try {
      return status(path).isDirectory();
    } catch (SystemCallException e) {
      return false;
    }
  }

  /** Returns the target of a symbolic link in the last part, wherever that leads, readlinkat(2). */
  public byte[] readLink(VirtualPath path) throws SystemCallException {
    try (Place place = findExisting(path, false)) {
      return place.readLink();
    }
  }

  /**
   * Opens a directory for reading its entries. The buffer is lent until the directory is closed.
   */
  public Directory openDirectory(VirtualPath path, byte[] buffer) throws SystemCallException {
    try (Place place = findExisting(path, true)) {
      int fd = place.open(O_RDONLY | O_DIRECTORY, 0);
      return new Directory(fd, buffer, hideDotFiles);
    }
  }

  /** Makes a directory with mode 0777 and the umask, mkdirat(2). */
  public void makeDirectory(VirtualPath path) throws SystemCallException {
    try (Place place = findNew(path, false)) {
      SystemCallException.check(Native.mkdirat(place.directory(), place.name(), 0777));
    }
  }

  /** Removes an empty directory, rmdir(2). */
  public void removeDirectory(VirtualPath path) throws SystemCallException {
    try (Place place = findExisting(path, false)) {
      SystemCallException.check(Native.unlinkat(place.directory(), place.name(), AT_REMOVEDIR));
    }
  }

  /**
   * Deletes a file, unlink(2). It deletes a symbolic link itself, never what the link points to; a
   * directory is EISDIR.
   */
  public void unlink(VirtualPath path) throws SystemCallException {
    try (Place place = findExisting(path, false)) {
      SystemCallException.check(Native.unlinkat(place.directory(), place.name(), 0));
    }
  }

  /** Renames a file, and replaces another that has the new name, rename(2). */
  public void rename(VirtualPath from, VirtualPath to) throws SystemCallException {
    try (Place source = findExisting(from, false);
        Place target = findNew(to, false)) {
      SystemCallException.check(
          Native.renameat2(
              source.directory(), source.name(), target.directory(), target.name(), 0));
    }
  }

  /**
   * Changes the permissions of what the path leads to, fchmodat(2).
   *
   * @param mode at most 0777, else EINVAL, so that nobody makes a set-user-ID program from here
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
   * Sets the time of the last change, utimensat(2), and follows symbolic links as {@link
   * #changeMode} does.
   *
   * @param seconds since 1970, UTC
   */
  public void setModified(VirtualPath path, long seconds) throws SystemCallException {
    try (Place place = findExisting(path, true)) {
      place.setModified(seconds);
    }
  }

  /**
   * Checks that the path leads to a directory that may be the working directory. It must be
   * possible to search it; reading is not needed.
   *
   * @throws SystemCallException ENOTDIR or EACCES when it may not
   */
  public void checkEnterable(VirtualPath path) throws SystemCallException {
    try (Place place = findExisting(path, true)) {
      place.checkDirectory(X_OK);
    }
  }

  /** Returns whether this process may create, rename and delete files in a directory. */
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
