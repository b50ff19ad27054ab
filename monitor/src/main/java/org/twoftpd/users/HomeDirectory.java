/*
 * Trusted, as root, with giving a directory to a user: only one that it has created itself, or found empty where nobody but
 * root can create anything.  It goes from directory to directory by descriptors and follows no link, so the directory that
 * it has checked is the one whose owner it changes.
 */
package org.twoftpd.users;

import static org.twoftpd.shared.os.FileFlags.O_DIRECTORY;
import static org.twoftpd.shared.os.FileFlags.O_NOFOLLOW;
import static org.twoftpd.shared.os.FileFlags.O_RDONLY;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.twoftpd.shared.os.Dirents;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.FileFlags;
import org.twoftpd.shared.os.FileStatus;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/** Creates the home of a new account. */
final class HomeDirectory {
  /** What was done. */
  enum Outcome {
    CREATED,
    /** The home was there and empty, belonged to root, and was given to the account. */
    GIVEN_TO_ACCOUNT,
    /** The home was there and belonged to the account. */
    LEFT_AS_IT_WAS
  }

  private static final int PARENT_MODE = 0755;
  private static final int HOME_MODE = 0700;
  private static final int BUFFER = 4096;

  private final List<String> names;
  private final int uid;
  private final int gid;

  /**
   * @param path absolute, checked by {@link HomePath#check}
   */
  HomeDirectory(String path, int uid, int gid) {
    this.names = HomePath.names(path);
    this.uid = uid;
    this.gid = gid;
  }

  /**
   * Creates the home with mode 0700, and the directories that are missing on the way, for root with
   * mode 0755.
   *
   * @throws IllegalArgumentException naming the directory that the home cannot be created in, or
   *     that is there and belongs to somebody else, and saying why
   */
  Outcome create() {
    int directory = Native.openat(FileFlags.AT_FDCWD, bytes("/"), O_RDONLY | O_DIRECTORY, 0);
    try {
      SystemCallException.check(directory);
      checkParent(directory, "/");
      for (int i = 0; i < names.size() - 1; i++) {
        int next = enterOrCreateParent(directory, names.get(i), pathTo(i));
        Native.close(directory);
        directory = next;
        checkParent(directory, pathTo(i));
      }
      return createLast(directory, names.getLast(), pathTo(names.size() - 1));
    } catch (SystemCallException e) {
      throw refused(pathTo(names.size() - 1), e.getMessage());
    } finally {
      Native.close(directory);
    }
  }

  private String pathTo(int last) {
    return "/" + String.join("/", names.subList(0, last + 1));
  }

  private static int enterOrCreateParent(int directory, String name, String path) {
    int made = Native.mkdirat(directory, bytes(name), HOME_MODE);
    if (made < 0 && made != -Errno.EEXIST) {
      throw refused(path, Errno.message(-made));
    }
    int fd = enter(directory, name, path);
    if (made == 0) {
      // The umask of root may be stricter, but the owner of the home must be able to get there.
      int result = Native.fchmod(fd, PARENT_MODE);
      if (result < 0) {
        Native.close(fd);
        throw refused(path, Errno.message(-result));
      }
    }
    return fd;
  }

  private static int enter(int directory, String name, String path) {
    int fd = Native.openat(directory, bytes(name), O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
    if (fd >= 0) {
      return fd;
    }
    if (isLink(directory, name)) {
      throw refused(path, "it is a symbolic link; give the path that it leads to");
    }
    throw refused(path, Errno.message(-fd));
  }

  private static boolean isLink(int directory, String name) {
    try {
      return FileStatus.ofName(directory, bytes(name), FileFlags.AT_SYMLINK_NOFOLLOW).isLink();
    } catch (SystemCallException _) {
      return false;
    }
  }

  private static void checkParent(int fd, String path) throws SystemCallException {
    FileStatus s = FileStatus.ofDescriptor(fd);
    if (s.uid() != Native.geteuid() && s.uid() != 0 || s.isWritableByOthers()) {
      throw refused(
          path,
          String.format(
              Locale.ROOT,
              "owner uid %d, mode %04o: whoever can write to it could put another directory in"
                  + " the home's place; it must belong to root and be writable by root alone",
              s.uid(),
              s.permissions()));
    }
  }

  private Outcome createLast(int directory, String name, String path) throws SystemCallException {
    int made = Native.mkdirat(directory, bytes(name), HOME_MODE);
    if (made < 0 && made != -Errno.EEXIST) {
      throw refused(path, Errno.message(-made));
    }
    int fd = enter(directory, name, path);
    try {
      FileStatus s = FileStatus.ofDescriptor(fd);
      if (made < 0 && (int) s.uid() == uid) {
        return Outcome.LEFT_AS_IT_WAS;
      }
      if (made < 0) {
        checkEmptyAndRoots(fd, s, path);
      }
      SystemCallException.check(Native.fchmod(fd, HOME_MODE));
      SystemCallException.check(Native.fchown(fd, uid, gid));
      return made < 0 ? Outcome.GIVEN_TO_ACCOUNT : Outcome.CREATED;
    } finally {
      Native.close(fd);
    }
  }

  private static void checkEmptyAndRoots(int fd, FileStatus s, String path)
      throws SystemCallException {
    boolean roots = s.uid() == 0 && !s.isWritableByOthers() && s.isDirectory();
    if (!roots || !isEmpty(fd)) {
      throw refused(
          path,
          String.format(
              Locale.ROOT,
              "it is there already (owner uid %d, mode %04o%s); a home that is there must belong"
                  + " to the account, or be empty, belong to root and be writable by root alone",
              s.uid(),
              s.permissions(),
              roots ? ", not empty" : ""));
    }
  }

  private static boolean isEmpty(int fd) throws SystemCallException {
    Dirents entries = new Dirents(fd, new byte[BUFFER]);
    while (entries.next()) {
      if (!entries.isHereOrParent()) {
        return false;
      }
    }
    return true;
  }

  private static IllegalArgumentException refused(String path, String why) {
    return new IllegalArgumentException("--create-home: " + path + ": " + why);
  }

  private static byte[] bytes(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }
}
