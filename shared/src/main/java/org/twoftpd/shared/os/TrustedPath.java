/*
 * Trusted to keep root from reading, running and writing what somebody else could have put there.
 */
package org.twoftpd.shared.os;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;

/**
 * A name in a directory that nobody but root can change, and neither can anybody change how that
 * directory is found: each directory on the way belongs to root and neither group nor others may
 * write it. A link on the way is followed when it lies in such a directory too, as those of
 * /etc/alternatives do. Since nobody else can rename, replace or add anything on the way, what was
 * found stays what it is until root changes it.
 *
 * <p>A process that is not root has its own rights only: there, its own user's directories are as
 * good as root's, and so are those with the sticky bit, /tmp for instance.
 */
public final class TrustedPath implements AutoCloseable {
  /** No user's uid. */
  public static final long NOBODY = -1;

  private final TrustedOwners owners;
  private final TrustedWalk walk;

  private TrustedPath(TrustedOwners owners, TrustedWalk walk) {
    this.owners = owners;
    this.walk = walk;
  }

  /**
   * Walks to what has that path, or to where it would be: only its last name may be missing.
   *
   * @throws IOException naming the directory or link that is not to be trusted, or what is missing
   */
  public static TrustedPath find(String path) throws IOException {
    return find(path, true, NOBODY);
  }

  /** As {@link #find}, but a symbolic link that has the last name is what was looked for. */
  public static TrustedPath findItself(String path) throws IOException {
    return find(path, false, NOBODY);
  }

  private static TrustedPath find(String path, boolean followLast, long other) throws IOException {
    TrustedOwners owners = new TrustedOwners(other);
    TrustedWalk walk = new TrustedWalk(owners, followLast);
    try {
      walk.go(path.startsWith("/") ? path : System.getProperty("user.dir") + "/" + path);
    } catch (IOException e) {
      walk.close();
      throw e;
    }
    return new TrustedPath(owners, walk);
  }

  /**
   * Opens a regular file, by {@link #find} and {@link #open(int, int)}.
   *
   * @return the descriptor
   */
  public static int open(String path, int flags, int mode) throws IOException {
    try (TrustedPath p = find(path)) {
      return p.open(flags, mode);
    }
  }

  /**
   * Looks at a directory and at all on the way to it.
   *
   * @throws IOException as {@link #find}
   */
  public static void checkDirectory(String path) throws IOException {
    try (TrustedPath p = find(path)) {
      FileStatus s = p.statusOfExisting();
      if (!s.isDirectory()) {
        throw new SystemCallException(Errno.ENOTDIR);
      }
      p.owners.check("directory", s, p.resolved());
    }
  }

  /**
   * Who answers on a UNIX socket, for {@link #checkSocket}: the socket's owner, or the owner of the
   * directory where it is to appear. To be asked when an administrator has just named the path:
   * whoever can put a socket there later could then answer in another's name.
   *
   * @return a uid, or {@link #NOBODY} while that directory is missing too
   */
  public static long socketOwner(String path) {
    String directory = path.substring(0, Math.max(0, path.lastIndexOf('/')) + 1);
    try {
      return FileStatus.ofName(FileFlags.AT_FDCWD, path.getBytes(UTF_8), 0).uid();
    } catch (SystemCallException _) {
      try {
        return FileStatus.ofName(FileFlags.AT_FDCWD, directory.getBytes(UTF_8), 0).uid();
      } catch (SystemCallException _) {
        return NOBODY;
      }
    }
  }

  /**
   * Looks at the way to a UNIX socket. Directories may also belong to the user who answers there,
   * and then the socket must be that user's or root's; in root's directories it is whose root has
   * made it.
   *
   * @param owner that user's uid, or {@link #NOBODY}
   * @throws IOException as {@link #find}
   */
  public static void checkSocket(String path, long owner) throws IOException {
    try (TrustedPath p = find(path, true, owner)) {
      FileStatus s = p.statusOfExisting();
      if (!p.walk.isRootsAlone() && !p.owners.include(s.uid())) {
        throw p.owners.refusal("socket", s, p.resolved());
      }
    }
  }

  /**
   * Opens the file of that name, which must be regular, or makes it.
   *
   * @param flags of open(2); with O_CREAT it may be missing
   * @param mode of a file that is made
   * @return a descriptor of a file that only root could have written
   */
  public int open(int flags, int mode) throws IOException {
    if (exists()) {
      checkRegular(walk.status());
    }
    int fd =
        SystemCallException.check(
            Native.openat(walk.directory(), walk.name(), flags | FileFlags.O_NOFOLLOW, mode));
    try {
      FileStatus file = FileStatus.ofDescriptor(fd);
      checkRegular(file);
      owners.check("file", file, resolved());
      return fd;
    } catch (IOException e) {
      Native.close(fd);
      throw e;
    }
  }

  private void checkRegular(FileStatus s) throws IOException {
    if (!s.isRegular()) {
      throw new IOException("it is not a regular file: " + resolved());
    }
  }

  private FileStatus statusOfExisting() throws SystemCallException {
    if (!exists()) {
      throw new SystemCallException(Errno.ENOENT);
    }
    return walk.status();
  }

  /** Whether this process may run the file. */
  public boolean isExecutable() {
    return Native.faccessat(walk.directory(), walk.name(), FileFlags.X_OK) == 0;
  }

  /** Whether there is anything of that name. */
  public boolean exists() {
    return walk.status() != null;
  }

  /** An absolute path without links, {@code .} and {@code ..}. */
  public String resolved() {
    return walk.path();
  }

  @Override
  public void close() {
    walk.close();
  }
}
