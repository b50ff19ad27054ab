/*
 * Trusted to keep root from reading, running and writing what somebody else could have put there: it walks every directory
 * on the way by descriptor, resolves symbolic links itself, and refuses what belongs to others or what others may write.
 */
package org.twoftpd.shared.os;

import static org.twoftpd.shared.os.FileFlags.S_IFDIR;
import static org.twoftpd.shared.os.FileFlags.S_IFLNK;
import static org.twoftpd.shared.os.FileFlags.S_IFMT;
import static org.twoftpd.shared.os.FileFlags.S_IFREG;
import static org.twoftpd.shared.os.FileFlags.S_ISVTX;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

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
  private static final int OTHERS_WRITE = 022;
  private static final int PERMISSIONS = 07777;
  private static final int LINKS_MAX = 40;
  private static final int PATH_MAX = 4096;
  private static final byte[] NOTHING = {};

  /** No user's uid. */
  public static final long NOBODY = -1;

  private final int user = Native.geteuid();
  private final boolean followLast;

  /** Whoever may own directories besides. */
  private final long other;

  /** What is still to be walked. Names are bytes, one in a char. */
  private final Deque<String> rest = new ArrayDeque<>();

  private int directory = -1;

  /** Whether every directory so far is root's, and nobody else may write it. */
  private boolean rootsAlone = true;

  /** Where {@link #directory} lies; empty for the root. */
  private String at = "";

  private String name = ".";

  /** As {@link Native#statx} fills it; null when there is nothing of that name. */
  private long[] status;

  private TrustedPath(boolean followLast, long other) {
    this.followLast = followLast;
    this.other = other;
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
    TrustedPath p = new TrustedPath(followLast, other);
    try {
      p.start();
      p.walk(chars(path.startsWith("/") ? path : System.getProperty("user.dir") + "/" + path));
      return p;
    } catch (IOException e) {
      p.close();
      throw e;
    }
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
      p.need();
      if (!isKind(p.status, S_IFDIR)) {
        throw new SystemCallException(Errno.ENOTDIR);
      }
      p.check("directory", p.status, p.shown());
    }
  }

  /**
   * Who answers on a UNIX socket, for {@link #checkSocket}: its owner, or that of the directory
   * where it is to appear. To be asked when an administrator has just named the path, since later
   * it is said by whoever could put a socket there.
   *
   * @return a uid, or {@link #NOBODY} while that directory is missing too
   */
  public static long socketOwner(String path) {
    long[] found = new long[9];
    String directory = path.substring(0, Math.max(0, path.lastIndexOf('/')) + 1);
    if (Native.statx(FileFlags.AT_FDCWD, bytes(chars(path)), 0, found) == 0
        || Native.statx(FileFlags.AT_FDCWD, bytes(chars(directory)), 0, found) == 0) {
      return found[2];
    }
    return NOBODY;
  }

  /**
   * Looks at the way to a UNIX socket. Directories may also belong to the user who answers there,
   * and then the socket must be his or root's; in root's directories it is whose root has made it.
   *
   * @param owner that user's uid, or {@link #NOBODY}
   * @throws IOException as {@link #find}
   */
  public static void checkSocket(String path, long owner) throws IOException {
    try (TrustedPath p = find(path, true, owner)) {
      p.need();
      if (!p.rootsAlone && !p.isOwner(p.status[2])) {
        throw p.wrong("socket", p.status, p.shown());
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
    if (status != null && !isKind(status, S_IFREG)) {
      throw noFile();
    }
    int fd =
        SystemCallException.check(
            Native.openat(directory, bytes(name), flags | FileFlags.O_NOFOLLOW, mode));
    try {
      long[] file = status(fd);
      if (!isKind(file, S_IFREG)) {
        throw noFile();
      }
      check("file", file, shown());
      return fd;
    } catch (IOException e) {
      Native.close(fd);
      throw e;
    }
  }

  private IOException noFile() {
    return new IOException("it is not a regular file: " + shown());
  }

  /** Whether this process may run the file. */
  public boolean isExecutable() {
    return Native.faccessat(directory, bytes(name), FileFlags.X_OK) == 0;
  }

  /** Whether there is anything of that name. */
  public boolean exists() {
    return status != null;
  }

  /** An absolute path without links, {@code .} and {@code ..}. */
  public String resolved() {
    return shown();
  }

  @Override
  public void close() {
    if (directory >= 0) {
      Native.close(directory);
      directory = -1;
    }
  }

  private void start() throws IOException {
    enter(
        SystemCallException.check(
            Native.openat(
                FileFlags.AT_FDCWD,
                bytes("/"),
                FileFlags.O_PATH | FileFlags.O_DIRECTORY | FileFlags.O_NOFOLLOW,
                0)),
        "");
  }

  private void walk(String path) throws IOException {
    push(path);
    int links = 0;
    for (String next = rest.poll(); next != null; next = rest.poll()) {
      if (next.equals("..")) {
        enter(opened(next), at.substring(0, Math.max(0, at.lastIndexOf('/'))));
        continue;
      }
      int fd = Native.openat(directory, bytes(next), FileFlags.O_PATH | FileFlags.O_NOFOLLOW, 0);
      if (fd == -Errno.ENOENT && rest.isEmpty()) {
        name = next;
        return;
      }
      if (fd < 0) {
        throw missing(next, -fd);
      }
      long[] found = statusOf(fd);
      if (isKind(found, S_IFLNK) && (followLast || !rest.isEmpty())) {
        if (++links > LINKS_MAX) {
          Native.close(fd);
          throw new SystemCallException(Errno.ELOOP);
        }
        follow(fd, found, next);
      } else if (rest.isEmpty()) {
        Native.close(fd);
        name = next;
        status = found;
        return;
      } else if (!isKind(found, S_IFDIR)) {
        Native.close(fd);
        throw missing(next, Errno.ENOTDIR);
      } else {
        enter(fd, at + "/" + next);
      }
    }
    // It ended with a directory that has no name from here: the root, or one before "..".
    status = status(directory);
  }

  private int opened(String next) throws IOException {
    int fd =
        Native.openat(
            directory,
            bytes(next),
            FileFlags.O_PATH | FileFlags.O_DIRECTORY | FileFlags.O_NOFOLLOW,
            0);
    if (fd < 0) {
      throw missing(next, -fd);
    }
    return fd;
  }

  private IOException missing(String next, int errno) {
    SystemCallException e = new SystemCallException(errno);
    // Of the last name the caller knows which one it is.
    return rest.isEmpty() ? e : new IOException(text(at + "/" + next) + ": " + e.getMessage(), e);
  }

  /** Goes on where a link leads: from the directory that it lies in, or from the root. */
  private void follow(int fd, long[] link, String next) throws IOException {
    byte[] target = new byte[PATH_MAX];
    int n = Native.readlinkat(fd, NOTHING, target);
    Native.close(fd);
    SystemCallException.check(n);
    if (!isOwner(link[2])) {
      throw wrong("symbolic link", link, text(at + "/" + next));
    }
    String to = new String(target, 0, n, StandardCharsets.ISO_8859_1);
    push(to);
    if (to.startsWith("/")) {
      start();
    }
  }

  private void push(String path) {
    List<String> names = Arrays.asList(path.split("/", -1));
    for (String each : names.reversed()) {
      if (!each.isEmpty() && !each.equals(".")) {
        rest.push(each);
      }
    }
  }

  /** Makes a directory the one that is looked into, when it is to be trusted. */
  private void enter(int fd, String path) throws IOException {
    close();
    directory = fd;
    at = path;
    long[] s = status(fd);
    rootsAlone &= s[2] == 0 && (s[0] & OTHERS_WRITE) == 0;
    check("directory", s, path.isEmpty() ? "/" : text(path));
  }

  private void need() throws SystemCallException {
    if (status == null) {
      throw new SystemCallException(Errno.ENOENT);
    }
  }

  private boolean isOwner(long uid) {
    return uid == 0 || uid == other || uid == Integer.toUnsignedLong(user);
  }

  private void check(String what, long[] s, String path) throws IOException {
    boolean writable = (s[0] & OTHERS_WRITE) != 0;
    // Nobody but its owner takes what lies in such a directory away, and whose that is is asked.
    boolean sticky = user != 0 && isKind(s, S_IFDIR) && (s[0] & S_ISVTX) != 0;
    if (!isOwner(s[2]) || (writable && !sticky)) {
      throw wrong(what, s, path);
    }
  }

  private IOException wrong(String what, long[] s, String path) {
    return new IOException(
        String.format(
            Locale.ROOT,
            "the %s %s (owner uid %d, mode %04o) must belong to root%s and be writable by its owner"
                + " alone, not by group or others",
            what,
            path,
            s[2],
            s[0] & PERMISSIONS,
            others()));
  }

  private String others() {
    String own = user == 0 ? "" : " or uid " + Integer.toUnsignedString(user);
    return other == NOBODY || other == 0 ? own : own + " or uid " + other;
  }

  private static boolean isKind(long[] status, int kind) {
    return (status[0] & S_IFMT) == kind;
  }

  private static long[] status(int fd) throws SystemCallException {
    long[] s = new long[9];
    SystemCallException.check(Native.statx(fd, NOTHING, FileFlags.AT_EMPTY_PATH, s));
    return s;
  }

  /** Closes it when that fails. */
  private static long[] statusOf(int fd) throws SystemCallException {
    try {
      return status(fd);
    } catch (SystemCallException e) {
      Native.close(fd);
      throw e;
    }
  }

  private String shown() {
    return text(name.equals(".") ? (at.isEmpty() ? "/" : at) : at + "/" + name);
  }

  private static String chars(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private static byte[] bytes(String chars) {
    return chars.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String text(String chars) {
    return new String(bytes(chars), StandardCharsets.UTF_8);
  }
}
