/*
 * Trusted with the contents of files: it opens regular files and nothing else, and asks the open
 * descriptor what it is, so that no FIFO, device or socket is ever read or written, whatever
 * happens to names meanwhile.
 */
package org.twoftpd.session.fs;

import static org.twoftpd.shared.os.FileFlags.O_APPEND;
import static org.twoftpd.shared.os.FileFlags.O_CREAT;
import static org.twoftpd.shared.os.FileFlags.O_DIRECTORY;
import static org.twoftpd.shared.os.FileFlags.O_EXCL;
import static org.twoftpd.shared.os.FileFlags.O_PATH;
import static org.twoftpd.shared.os.FileFlags.O_RDONLY;
import static org.twoftpd.shared.os.FileFlags.O_WRONLY;

import org.twoftpd.session.text.Text;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.FileStatus;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/** Opens the files of a {@link FileTree} for transfers, and fails as that does. */
public final class FileOpener {
  private final FileTree tree;

  public FileOpener(FileTree tree) {
    this.tree = tree;
  }

  /**
   * Opens a regular file for reading. This does not wait, whatever has the name.
   *
   * @throws SystemCallException EISDIR for a directory, ESPIPE for anything else that is no regular
   *     file
   */
  public FileHandle openForReading(VirtualPath path) throws SystemCallException {
    try (Place place = tree.findExisting(path, true)) {
      return FileHandle.of(place.open(O_RDONLY, 0));
    }
  }

  /**
   * Opens a regular file for writing, and makes it with mode 0666 and the umask when it is missing.
   * It leaves the old content to the caller, so that nothing is lost before there is something to
   * replace it.
   *
   * @throws SystemCallException EISDIR and ESPIPE as {@link #openForReading}
   */
  public FileHandle openForStoring(VirtualPath path, StoreMode mode) throws SystemCallException {
    int flags =
        switch (mode) {
          case REPLACE -> O_WRONLY | O_CREAT;
          case CREATE -> O_WRONLY | O_CREAT | O_EXCL;
          case RESUME -> O_WRONLY;
        };
    return openForWriting(path, flags);
  }

  /** Opens a regular file whose writes all go to its end, and makes it when it is missing. */
  public FileHandle openForAppending(VirtualPath path) throws SystemCallException {
    return openForWriting(path, O_WRONLY | O_CREAT | O_APPEND);
  }

  private FileHandle openForWriting(VirtualPath path, int flags) throws SystemCallException {
    // With O_EXCL the kernel does not follow a link in the last part (open(2)).
    boolean followLast = (flags & O_EXCL) == 0;
    try (Place place = tree.findNew(path, followLast)) {
      return FileHandle.of(place.open(flags, 0666));
    }
  }

  /**
   * Begins to store a file that gets its name when it is whole.
   *
   * @param umask the umask of this process
   */
  public AtomicStore storeAtomically(VirtualPath path, AtomicStore.Target target, int umask)
      throws SystemCallException {
    // This refuses the path as every way of storing does; what follows looks only at its directory.
    tree.findNew(path, false).close();
    if (path.isRoot()) {
      throw new SystemCallException(Errno.EISDIR);
    }
    FileStatus behind = statusBehindLink(path);
    return AtomicStore.begin(openForLookups(path.parent()), path.name(), target, behind, umask);
  }

  /**
   * Returns the file that a link leads to, null when the path leads to no file. A store replaces
   * the link itself, and the file that was stored through it so far may be private.
   */
  private FileStatus statusBehindLink(VirtualPath path) {
    try {
      FileStatus there = tree.status(path);
      return there.isRegular() ? there : null;
    } catch (SystemCallException e) {
      return null;
    }
  }

  /** Opens a directory in order to look names up in it, not to read it. */
  private int openForLookups(VirtualPath directory) throws SystemCallException {
    try (Place place = tree.findExisting(directory, true)) {
      return place.open(O_PATH | O_DIRECTORY, 0);
    }
  }

  /**
   * Syncs a directory, fsync(2), so that a file that was made in it keeps its name after a power
   * cut. A directory that may be written but not read cannot be opened for this. Then the file's
   * own sync has to do, which takes the name along on a file system with a journal.
   */
  public void syncDirectory(VirtualPath directory) throws SystemCallException {
    try (Place place = tree.findExisting(directory, true)) {
      int fd = place.open(O_RDONLY | O_DIRECTORY, 0);
      int result = Native.fsync(fd);
      Native.close(fd);
      SystemCallException.check(result);
    } catch (SystemCallException e) {
      if (e.errno() != Errno.EACCES) {
        throw e;
      }
    }
  }

  /**
   * Returns how many bytes this user may still write to the file system of a directory,
   * fstatvfs(3).
   */
  public long freeBytes(VirtualPath directory) throws SystemCallException {
    int fd = openForLookups(directory);
    try {
      return SystemCallException.check(Native.freeBytes(fd));
    } finally {
      Native.close(fd);
    }
  }

  /**
   * Makes a name for STOU that nobody can foretell. So nobody can wait for it, or guess it in a
   * directory that cannot be read. The caller still has to make the file with {@link
   * StoreMode#CREATE}.
   *
   * @param stem what the name begins with, before a dot; one part of a path, or empty
   */
  public VirtualPath uniqueName(VirtualPath directory, byte[] stem) throws SystemCallException {
    Text name = new Text();
    if (stem.length > 0) {
      name.addRaw(stem).add('.');
    }
    return directory.resolve(name.addRaw(RandomName.makeLetters()).toBytes());
  }
}
