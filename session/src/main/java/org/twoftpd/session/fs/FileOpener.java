/*
 * Trusted with the contents of files: opens regular files and nothing else, and asks the open descriptor what it is, so
 * that no FIFO, device or socket is ever read or written, whatever happens to names meanwhile.
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

/** Opens the files of a {@link FileTree} for transfers; fails as that does. */
public final class FileOpener {
  private final FileTree tree;

  public FileOpener(FileTree tree) {
    this.tree = tree;
  }

  /**
   * A regular file for reading. Does not wait, whatever the file is.
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
   * A regular file for writing, made with 0666 and the umask. What it holds is left to whoever
   * writes: nothing is to be lost before there is something to take its place.
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

  /** A regular file whose writes all go to its end; made when missing. */
  public FileHandle openForAppending(VirtualPath path) throws SystemCallException {
    return openForWriting(path, O_WRONLY | O_CREAT | O_APPEND);
  }

  private FileHandle openForWriting(VirtualPath path, int flags) throws SystemCallException {
    // open(2): with O_EXCL a link in the last part is never followed.
    boolean followLast = (flags & O_EXCL) == 0;
    try (Place place = tree.findNew(path, followLast)) {
      return FileHandle.of(place.open(flags, 0666));
    }
  }

  /**
   * Begins to store a file that gets its name when it is whole.
   *
   * @param umask of this process
   */
  public AtomicStore storeAtomically(VirtualPath path, AtomicStore.Target target, int umask)
      throws SystemCallException {
    // Refuses the path as every way of storing does; what follows looks at its directory alone.
    tree.findNew(path, false).close();
    if (path.isRoot()) {
      throw new SystemCallException(Errno.EISDIR);
    }
    FileStatus behind = statusBehindLink(path);
    return AtomicStore.begin(openForLookups(path.parent()), path.name(), target, behind, umask);
  }

  /**
   * A link is replaced itself, and what was stored through it so far may be private. Null when the
   * path leads to no file.
   */
  private FileStatus statusBehindLink(VirtualPath path) {
    try {
      FileStatus there = tree.status(path);
      return there.isRegular() ? there : null;
    } catch (SystemCallException e) {
      return null;
    }
  }

  /** A descriptor of a directory that serves to look names up, not to read it. */
  private int openForLookups(VirtualPath directory) throws SystemCallException {
    try (Place place = tree.findExisting(directory, true)) {
      return place.open(O_PATH | O_DIRECTORY, 0);
    }
  }

  /**
   * fsync(2) of a directory, so that a file made in it survives a power cut under its name. Where
   * the directory may be written but not read it cannot be opened for this, and the file's own sync
   * is all that can be had: with a journal it takes the name along.
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

  /** fstatvfs(3): the bytes that this user may still write to the file system of a directory. */
  public long freeBytes(VirtualPath directory) throws SystemCallException {
    int fd = openForLookups(directory);
    try {
      return SystemCallException.check(Native.freeBytes(fd));
    } finally {
      Native.close(fd);
    }
  }

  /**
   * A name for STOU that nobody can foretell, so that it can neither be waited for nor, in a
   * directory that cannot be read, be guessed. It is still to be made with {@link
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
