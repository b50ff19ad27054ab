/*
 * Trusted to keep a path inside HOME where no chroot does (LOCKHOME): the view is the real tree, and what lies outside
 * HOME once every symbolic link is resolved is refused.  It walks part by part, each step from the descriptor of the
 * last and never through a link, so that no rename between two steps can lead out.
 */
package org.twoftpd.session.fs;

import static org.twoftpd.shared.os.FileFlags.AT_EMPTY_PATH;
import static org.twoftpd.shared.os.FileFlags.AT_FDCWD;
import static org.twoftpd.shared.os.FileFlags.O_NOFOLLOW;
import static org.twoftpd.shared.os.FileFlags.O_PATH;

import java.util.Arrays;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/**
 * The lookup of LOCKHOME. (openat2 with RESOLVE_BENEATH would do much of this in one call, but its
 * flags lie in memory, where the session's kernel filter cannot see them, so it is switched off.)
 */
final class HomeLookup implements Lookup {
  /** As many links as the kernel follows, path_resolution(7). */
  private static final int MAX_LINKS = 40;

  private static final byte[] NOTHING = {};
  private static final byte[] HERE = {'.'};
  private static final byte[] PARENT = {'.', '.'};

  private final int home;
  private final FileStatus homeStatus;

  /** HOME as the account has it, which may lead over links. */
  private final VirtualPath asGiven;

  private final VirtualPath real;

  /**
   * The lookup below {@code asGiven}.
   *
   * @param home a descriptor of it, made with O_PATH; closed with this
   */
  HomeLookup(int home, VirtualPath asGiven) throws SystemCallException {
    this.home = home;
    this.homeStatus = statusOf(home);
    this.asGiven = asGiven;
    this.real = realPath(home, asGiven);
  }

  /** Without /proc, links on the way to HOME are not understood when a path takes them again. */
  private static VirtualPath realPath(int home, VirtualPath asGiven) throws SystemCallException {
    byte[] target = new byte[VirtualPath.MAX_LENGTH];
    byte[] link = new LineBuffer().add("/proc/self/fd/").decimal(home, 1).toBytes();
    int length = Native.readlinkat(AT_FDCWD, link, target);
    return length < 0 ? asGiven : VirtualPath.ROOT.resolve(target, 0, length);
  }

  private static FileStatus statusOf(int fd) throws SystemCallException {
    long[] fields = new long[9];
    SystemCallException.check(Native.statx(fd, NOTHING, AT_EMPTY_PATH, fields));
    return FileStatus.of(fields);
  }

  @Override
  public Place find(VirtualPath path, boolean followLast) throws SystemCallException {
    return new Walk(followLast).to(path.bytes());
  }

  @Override
  public boolean kernelFollows() {
    return false;
  }

  @Override
  public void close() {
    Native.close(home);
  }

  /** One walk. Holds one descriptor of its own at most between two steps. */
  private final class Walk {
    private final boolean followLast;
    private int links;
    private byte[] rest;
    private int at;
    private int directory = home;

    /** Where the walk is while outside: a directory above HOME. Null while inside. */
    private VirtualPath above;

    Walk(boolean followLast) {
      this.followLast = followLast;
    }

    Place to(byte[] absolute) throws SystemCallException {
      boolean arrived = false;
      try {
        begin(absolute);
        Place place = null;
        while (place == null) {
          place = step();
        }
        arrived = true;
        return place;
      } finally {
        if (!arrived) {
          moveTo(home);
        }
      }
    }

    private void begin(byte[] absolute) {
      byte[] given = asGiven.bytes();
      int length = asGiven.isRoot() ? 0 : given.length;
      boolean below =
          absolute.length >= length
              && Arrays.equals(absolute, 0, length, given, 0, length)
              && (absolute.length == length || absolute[length] == '/');
      moveTo(home);
      above = below ? null : VirtualPath.ROOT;
      rest = absolute;
      at = below ? length : 0;
    }

    private void moveTo(int fd) {
      if (directory != home) {
        Native.close(directory);
      }
      directory = fd;
    }

    private int skipSlashes(int from) {
      int i = from;
      while (i < rest.length && rest[i] == '/') {
        i++;
      }
      return i;
    }

    private Place step() throws SystemCallException {
      int from = skipSlashes(at);
      int end = from;
      while (end < rest.length && rest[end] != '/') {
        end++;
      }
      at = end;
      if (from == end) {
        if (above != null) {
          throw new SystemCallException(Errno.EACCES);
        }
        return place(HERE);
      }
      if (above != null) {
        climb(from, end);
        return null;
      }
      if (VirtualPath.isHere(rest, from, end)) {
        return null;
      }
      if (VirtualPath.isParent(rest, from, end)) {
        ascend();
        return null;
      }
      return descend(Arrays.copyOfRange(rest, from, end), skipSlashes(end) == rest.length);
    }

    private Place place(byte[] name) {
      return new Place(directory, name, false, directory != home);
    }

    /**
     * Outside, the walk only follows the way that leads to HOME, by name and without asking the
     * kernel: no answer may tell what else there is.
     */
    private void climb(int from, int end) throws SystemCallException {
      VirtualPath next = above.resolve(rest, from, end);
      if (!real.startsWith(next)) {
        throw new SystemCallException(Errno.EACCES);
      }
      above = next.equals(real) ? null : next;
    }

    /**
     * Up is wherever the kernel says that it is, and HOME is known by its inode, not by counting.
     */
    private void ascend() throws SystemCallException {
      if (statusOf(directory).isSameFileAs(homeStatus)) {
        moveTo(home);
        above = real.isRoot() ? null : real.parent();
      } else {
        moveTo(SystemCallException.check(Native.openat(directory, PARENT, O_PATH, 0)));
      }
    }

    private Place descend(byte[] name, boolean last) throws SystemCallException {
      if (last && !followLast) {
        return place(name);
      }
      int fd = Native.openat(directory, name, O_PATH | O_NOFOLLOW, 0);
      if (fd == -Errno.ENOENT && last) {
        return place(name);
      }
      SystemCallException.check(fd);
      boolean keep = false;
      try {
        FileStatus status = statusOf(fd);
        if (status.isLink()) {
          follow(fd);
        } else if (last) {
          return place(name);
        } else {
          moveTo(fd);
          keep = true;
        }
      } finally {
        if (!keep) {
          Native.close(fd);
        }
      }
      return null;
    }

    private void follow(int link) throws SystemCallException {
      if (++links > MAX_LINKS) {
        throw new SystemCallException(Errno.ELOOP);
      }
      byte[] target = new byte[VirtualPath.MAX_LENGTH];
      int length = SystemCallException.check(Native.readlinkat(link, NOTHING, target));
      int left = rest.length - at;
      byte[] joined = Arrays.copyOf(target, length + left);
      System.arraycopy(rest, at, joined, length, left);
      if (joined[0] == '/') {
        begin(joined);
      } else {
        rest = joined;
        at = 0;
      }
    }
  }
}
