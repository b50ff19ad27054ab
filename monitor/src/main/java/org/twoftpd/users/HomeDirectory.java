/*
 * Trusted to give a directory away, as root: only one that it has made itself, or found empty where nobody but root can put
 * anything.  It walks by descriptor and follows no link, so what it checked is what changes its owner.
 */
package org.twoftpd.users;

import static org.twoftpd.shared.os.FileFlags.O_DIRECTORY;
import static org.twoftpd.shared.os.FileFlags.O_NOFOLLOW;
import static org.twoftpd.shared.os.FileFlags.O_RDONLY;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.twoftpd.shared.os.Dirents;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.FileFlags;
import org.twoftpd.shared.os.FileStatus;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/** Makes the home of a new account. */
final class HomeDirectory {
  /** What becomes of it. */
  enum Outcome {
    MADE,
    /** It was root's and empty, and is the account's now. */
    GIVEN,
    /** It was the account's already. */
    LEFT
  }

  /** The system's own, and all that lies below. */
  private static final Set<String> SYSTEM =
      Set.of(
          "bin", "boot", "dev", "etc", "lib", "lib32", "lib64", "libx32", "proc", "root", "run",
          "sbin", "sys", "usr");

  /** Everybody's: homes lie below. */
  private static final Set<String> COMMON =
      Set.of(
          "/",
          "/home",
          "/lost+found",
          "/media",
          "/mnt",
          "/opt",
          "/srv",
          "/srv/twoftpd",
          "/tmp",
          "/var",
          "/var/cache",
          "/var/lib",
          "/var/log",
          "/var/mail",
          "/var/run",
          "/var/spool",
          "/var/tmp");

  private static final int PARENT = 0755;
  private static final int HOME = 0700;
  private static final int LISTED = 4096;

  private final List<String> names;
  private final int uid;
  private final int gid;

  /**
   * @param path absolute, checked by {@link #check}
   */
  HomeDirectory(String path, int uid, int gid) {
    this.names = names(path);
    this.uid = uid;
    this.gid = gid;
  }

  /**
   * Says whether an account may have that home.
   *
   * @throws IllegalArgumentException naming it and saying what is allowed
   */
  static void check(String path) {
    List<String> names = names(path);
    if (names.contains("..") || names.contains(".")) {
      throw wrong(path, "a path without \".\" and \"..\" is allowed");
    }
    if (COMMON.contains("/" + String.join("/", names)) || SYSTEM.contains(names.getFirst())) {
      throw wrong(
          path,
          "this belongs to the system; a directory of its own is allowed, /srv/twoftpd/NAME for"
              + " instance");
    }
  }

  private static IllegalArgumentException wrong(String path, String why) {
    return new IllegalArgumentException("--home " + path + ": " + why);
  }

  private static List<String> names(String path) {
    return List.of(path.split("/+", -1)).stream().filter(n -> !n.isEmpty()).toList();
  }

  /**
   * Makes it, mode 0700, and the directories that are missing on the way, root's with mode 0755.
   *
   * @throws IllegalArgumentException naming the directory that it cannot be made in, or that is
   *     there and is somebody else's, and saying why
   */
  Outcome make() {
    int directory = Native.openat(FileFlags.AT_FDCWD, bytes("/"), O_RDONLY | O_DIRECTORY, 0);
    try {
      SystemCallException.check(directory);
      checkParent(directory, "/");
      for (int i = 0; i < names.size() - 1; i++) {
        int next = parent(directory, names.get(i), path(i));
        Native.close(directory);
        directory = next;
        checkParent(directory, path(i));
      }
      return last(directory, names.getLast(), path(names.size() - 1));
    } catch (SystemCallException e) {
      throw refused(path(names.size() - 1), e.getMessage());
    } finally {
      Native.close(directory);
    }
  }

  private String path(int last) {
    return "/" + String.join("/", names.subList(0, last + 1));
  }

  private static int parent(int directory, String name, String path) {
    int made = Native.mkdirat(directory, bytes(name), HOME);
    if (made < 0 && made != -Errno.EEXIST) {
      throw refused(path, Errno.message(-made));
    }
    int fd = enter(directory, name, path);
    // Root's umask is about root's own files; whoever has a home below must get there.
    return made == 0 ? changed(fd, path, Native.fchmod(fd, PARENT)) : fd;
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

  /** Passes the descriptor on when that went well, and closes it when not. */
  private static int changed(int fd, String path, int result) {
    if (result < 0) {
      Native.close(fd);
      throw refused(path, Errno.message(-result));
    }
    return fd;
  }

  private static void checkParent(int fd, String path) throws SystemCallException {
    FileStatus s = FileStatus.ofDescriptor(fd);
    if (s.uid() != Native.geteuid() && s.uid() != 0 || s.isWritableByOthers()) {
      throw refused(
          path,
          String.format(
              Locale.ROOT,
              "owner uid %d, mode %04o: whoever may write it could put another directory in the"
                  + " home's place; it must belong to root and be writable by root alone",
              s.uid(),
              s.permissions()));
    }
  }

  private Outcome last(int directory, String name, String path) throws SystemCallException {
    int made = Native.mkdirat(directory, bytes(name), HOME);
    if (made < 0 && made != -Errno.EEXIST) {
      throw refused(path, Errno.message(-made));
    }
    int fd = enter(directory, name, path);
    try {
      FileStatus s = FileStatus.ofDescriptor(fd);
      if (made < 0 && (int) s.uid() == uid) {
        return Outcome.LEFT;
      }
      if (made < 0) {
        checkUnused(fd, s, path);
      }
      SystemCallException.check(Native.fchmod(fd, HOME));
      SystemCallException.check(Native.fchown(fd, uid, gid));
      return made < 0 ? Outcome.GIVEN : Outcome.MADE;
    } finally {
      Native.close(fd);
    }
  }

  private static void checkUnused(int fd, FileStatus s, String path) throws SystemCallException {
    boolean roots = s.uid() == 0 && !s.isWritableByOthers() && s.isDirectory();
    if (!roots || !isEmpty(fd)) {
      throw refused(
          path,
          String.format(
              Locale.ROOT,
              "it is there already (owner uid %d, mode %04o%s); the account's own is allowed, or an"
                  + " empty one of root's that nobody else may write",
              s.uid(),
              s.permissions(),
              roots ? ", not empty" : ""));
    }
  }

  private static boolean isEmpty(int fd) throws SystemCallException {
    Dirents entries = new Dirents(fd, new byte[LISTED]);
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
