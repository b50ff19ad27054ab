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
  private static final byte[] DOT = {'.'};

  private final HomeLookup lookup;
  private final boolean followLast;
  private final Descent descent;
  private int linksFollowed;
  private byte[] remaining;
  private int position;

  /** Where the walk is while outside: a directory above HOME. Null while inside. */
  private VirtualPath above;

  HomeWalk(HomeLookup lookup, boolean followLast) {
    this.lookup = lookup;
    this.descent = new Descent(lookup.home);
    this.followLast = followLast;
  }

  Place findPlace(byte[] absolute) throws SystemCallException {
    try {
      startAt(absolute);
      Place place = null;
      while (place == null) {
        place = takeStep();
      }
      return place;
    } finally {
      descent.goHome();
    }
  }

  private void startAt(byte[] absolute) {
    byte[] given = lookup.givenPath.bytes();
    int length = lookup.givenPath.isRoot() ? 0 : given.length;
    boolean below =
        absolute.length >= length
            && Arrays.equals(absolute, 0, length, given, 0, length)
            && (absolute.length == length || absolute[length] == '/');
    descent.goHome();
    above = below ? null : VirtualPath.ROOT;
    remaining = absolute;
    position = below ? length : 0;
  }

  private int skipSlashes(int from) {
    int i = from;
    while (i < remaining.length && remaining[i] == '/') {
      i++;
    }
    return i;
  }

  private Place takeStep() throws SystemCallException {
    int from = skipSlashes(position);
    int end = from;
    while (end < remaining.length && remaining[end] != '/') {
      end++;
    }
    position = end;
    if (from == end) {
      if (above != null) {
        throw new SystemCallException(Errno.EACCES);
      }
      return makePlace(DOT);
    }
    if (above != null) {
      climbTowardsHome(from, end);
      return null;
    }
    if (VirtualPath.isDot(remaining, from, end)) {
      return null;
    }
    if (VirtualPath.isDotDot(remaining, from, end)) {
      goToParent();
      return null;
    }
    boolean last = skipSlashes(end) == remaining.length;
    return goToChild(Arrays.copyOfRange(remaining, from, end), last);
  }

  private Place makePlace(byte[] name) {
    boolean owned = !descent.isAtHome();
    return new Place(descent.handOverDirectory(), name, false, lookup.jailed, owned);
  }

  /**
   * Outside, the walk only follows the way that leads to HOME, by name and without asking the
   * kernel: no answer may tell what else there is.
   */
  private void climbTowardsHome(int from, int end) throws SystemCallException {
    VirtualPath next = above.resolve(remaining, from, end);
    if (!lookup.realPath.startsWith(next)) {
      throw new SystemCallException(Errno.EACCES);
    }
    above = next.equals(lookup.realPath) ? null : next;
  }

  private void goToParent() throws SystemCallException {
    if (descent.isAtHome()) {
      above = lookup.realPath.isRoot() ? null : lookup.realPath.parent();
      return;
    }
    descent.goUp();
    if (descent.directory() < 0) {
      // So far up that it is not held any more: once more down to there, by names.
      countLink();
      byte[] down = descent.path().toBytes();
      descent.goHome();
      continueAlong(down, down.length);
    }
  }

  private Place goToChild(byte[] name, boolean last) throws SystemCallException {
    if (last && !followLast) {
      return makePlace(name);
    }
    int length = last ? readLastLink(name) : enterOrReadLink(name);
    if (length >= 0) {
      countLink();
      continueAlong(lookup.target, length);
    } else if (last) {
      if (length != NO_LINK && length != -Errno.ENOENT) {
        throw new SystemCallException(-length);
      }
      // No link, or nothing yet.
      return makePlace(name);
    }
    return null;
  }

  /**
   * Reads the link that is the last part, if it is one. Most are none, which the name tells in one
   * call.
   */
  private int readLastLink(byte[] name) throws SystemCallException {
    int length = Native.readlinkat(descent.directory(), name, lookup.target);
    if (length < 0) {
      return length;
    }
    int fd = Native.openat(descent.directory(), name, O_PATH | O_NOFOLLOW, 0);
    if (fd < 0) {
      return fd;
    }
    try {
      return readLink(fd);
    } finally {
      Native.close(fd);
    }
  }

  /**
   * Goes down, unless a link is there: then its target is read, and this is how long that is. As a
   * directory it is opened first, since only so the kernel mounts what is to be mounted there.
   * (What is no directory either holds nothing, as the next step will find.)
   */
  private int enterOrReadLink(byte[] name) throws SystemCallException {
    int fd = Native.openat(descent.directory(), name, O_PATH | O_DIRECTORY | O_NOFOLLOW, 0);
    int length = NO_LINK;
    if (fd == -Errno.ENOTDIR || fd == -Errno.ELOOP) {
      fd = Native.openat(descent.directory(), name, O_PATH | O_NOFOLLOW, 0);
      SystemCallException.check(fd);
      boolean read = false;
      try {
        length = readLink(fd);
        read = true;
      } finally {
        if (!read || length >= 0) {
          Native.close(fd);
        }
      }
    }
    if (length < 0) {
      descent.goDown(name, SystemCallException.check(fd));
    }
    return length;
  }

  /**
   * Reads a link's target; negative when it is none. The descriptor is asked, not the name, which
   * may stand for something else by now.
   */
  private int readLink(int fd) throws SystemCallException {
    int length = Native.readlinkat(fd, NOTHING, lookup.target);
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
    FileStatus directory = FileStatus.ofDescriptor(descent.directory());
    int shared = S_ISVTX | S_IWOTH;
    if ((directory.permissions() & shared) == shared && directory.uid() != owner) {
      throw new SystemCallException(Errno.EACCES);
    }
  }

  private void countLink() throws SystemCallException {
    if (++linksFollowed > MAX_LINKS) {
      throw new SystemCallException(Errno.ELOOP);
    }
  }

  /** Has the walk go along {@code path[0 .. length)} before what is left. */
  private void continueAlong(byte[] path, int length) {
    int left = remaining.length - position;
    byte[] joined = Arrays.copyOf(path, length + left);
    System.arraycopy(remaining, position, joined, length, left);
    if (length > 0 && joined[0] == '/') {
      startAt(joined);
    } else {
      remaining = joined;
      position = 0;
    }
  }
}
