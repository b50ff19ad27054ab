/*
 * Trusted to keep a path inside HOME.  It walks part by part, each step from the descriptor of the last, never through a
 * link, and up by the way that it came, so that no rename between two steps can lead out.
 */
package org.twoftpd.session.fs;

import static org.twoftpd.shared.os.FileFlags.O_DIRECTORY;
import static org.twoftpd.shared.os.FileFlags.O_NOFOLLOW;
import static org.twoftpd.shared.os.FileFlags.O_PATH;
import static org.twoftpd.shared.os.FileFlags.S_ISVTX;
import static org.twoftpd.shared.os.FileFlags.S_IWOTH;

import java.util.Arrays;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.FileStatus;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/** One walk of a {@link HomeLookup} from HOME, or from the root, to where a path leads. */
final class HomeWalk {
  /** As many links as the kernel follows, path_resolution(7). */
  private static final int MAX_LINKS = 40;

  private static final int NO_LINK = -Errno.EINVAL;
  private static final byte[] NOTHING = {};
  private static final byte[] HERE = {'.'};

  private final HomeLookup in;
  private final boolean followLast;
  private final Descent way;
  private int links;
  private byte[] rest;
  private int at;

  /** Where the walk is while outside: a directory above HOME. Null while inside. */
  private VirtualPath above;

  HomeWalk(HomeLookup in, boolean followLast) {
    this.in = in;
    this.way = new Descent(in.home);
    this.followLast = followLast;
  }

  Place to(byte[] absolute) throws SystemCallException {
    try {
      begin(absolute);
      Place place = null;
      while (place == null) {
        place = step();
      }
      return place;
    } finally {
      way.leaveAll();
    }
  }

  private void begin(byte[] absolute) {
    byte[] given = in.asGiven.bytes();
    int length = in.asGiven.isRoot() ? 0 : given.length;
    boolean below =
        absolute.length >= length
            && Arrays.equals(absolute, 0, length, given, 0, length)
            && (absolute.length == length || absolute[length] == '/');
    way.leaveAll();
    above = below ? null : VirtualPath.ROOT;
    rest = absolute;
    at = below ? length : 0;
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
    boolean owned = !way.isAtHome();
    return new Place(way.take(), name, false, in.jailed, owned);
  }

  /**
   * Outside, the walk only follows the way that leads to HOME, by name and without asking the
   * kernel: no answer may tell what else there is.
   */
  private void climb(int from, int end) throws SystemCallException {
    VirtualPath next = above.resolve(rest, from, end);
    if (!in.real.startsWith(next)) {
      throw new SystemCallException(Errno.EACCES);
    }
    above = next.equals(in.real) ? null : next;
  }

  private void ascend() throws SystemCallException {
    if (way.isAtHome()) {
      above = in.real.isRoot() ? null : in.real.parent();
      return;
    }
    way.leave();
    if (way.directory() < 0) {
      // So far up that it is not held any more: once more down to there, by names.
      countLink();
      byte[] down = way.path().toBytes();
      way.leaveAll();
      goOn(down, down.length);
    }
  }

  private Place descend(byte[] name, boolean last) throws SystemCallException {
    if (last && !followLast) {
      return place(name);
    }
    int length = last ? lastLink(name) : enter(name);
    if (length >= 0) {
      countLink();
      goOn(in.target, length);
    } else if (last) {
      if (length != NO_LINK && length != -Errno.ENOENT) {
        throw new SystemCallException(-length);
      }
      // No link, or nothing yet.
      return place(name);
    }
    return null;
  }

  /**
   * Reads the link that is the last part, if it is one. Most are none, which the name tells in one
   * call.
   */
  private int lastLink(byte[] name) throws SystemCallException {
    int length = Native.readlinkat(way.directory(), name, in.target);
    if (length < 0) {
      return length;
    }
    int fd = Native.openat(way.directory(), name, O_PATH | O_NOFOLLOW, 0);
    if (fd < 0) {
      return fd;
    }
    try {
      return linkOf(fd);
    } finally {
      Native.close(fd);
    }
  }

  /**
   * Goes down, unless a link is there: then its target is read, and this is how long that is. As a
   * directory it is opened first, since only so the kernel mounts what is to be mounted there.
   * (What is no directory either holds nothing, as the next step will find.)
   */
  private int enter(byte[] name) throws SystemCallException {
    int fd = Native.openat(way.directory(), name, O_PATH | O_DIRECTORY | O_NOFOLLOW, 0);
    int length = NO_LINK;
    if (fd == -Errno.ENOTDIR || fd == -Errno.ELOOP) {
      fd = SystemCallException.check(Native.openat(way.directory(), name, O_PATH | O_NOFOLLOW, 0));
      boolean read = false;
      try {
        length = linkOf(fd);
        read = true;
      } finally {
        if (!read || length >= 0) {
          Native.close(fd);
        }
      }
    }
    if (length < 0) {
      way.enter(name, SystemCallException.check(fd));
    }
    return length;
  }

  /**
   * Reads a link's target; negative when it is none. The descriptor is asked, not the name, which
   * may stand for something else by now.
   */
  private int linkOf(int fd) throws SystemCallException {
    int length = Native.readlinkat(fd, NOTHING, in.target);
    if (length >= 0) {
      checkOwner(fd);
      return length;
    }
    return NO_LINK;
  }

  /**
   * What the kernel asks of a link before it follows it, fs.protected_symlinks in proc_sys_fs(5):
   * in a directory like /tmp, where all may put links in each other's way, it must be this user's
   * or the directory's owner's.
   */
  private void checkOwner(int link) throws SystemCallException {
    long owner = FileStatus.ofDescriptor(link).uid();
    if (owner == Integer.toUnsignedLong(Native.geteuid())) {
      return;
    }
    FileStatus directory = FileStatus.ofDescriptor(way.directory());
    int shared = S_ISVTX | S_IWOTH;
    if ((directory.permissions() & shared) == shared && directory.uid() != owner) {
      throw new SystemCallException(Errno.EACCES);
    }
  }

  private void countLink() throws SystemCallException {
    if (++links > MAX_LINKS) {
      throw new SystemCallException(Errno.ELOOP);
    }
  }

  /** Has the walk go along {@code path[0 .. length)} before what is left. */
  private void goOn(byte[] path, int length) {
    int left = rest.length - at;
    byte[] joined = Arrays.copyOf(path, length + left);
    System.arraycopy(rest, at, joined, length, left);
    if (length > 0 && joined[0] == '/') {
      begin(joined);
    } else {
      rest = joined;
      at = 0;
    }
  }
}
