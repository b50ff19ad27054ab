/*
 * Trusted to keep a path inside HOME. It walks part by part: each step begins at the descriptor of
 * the last one, never goes through a link unseen, and goes up by the way that it came. So no rename
 * between two steps can lead out.
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

/** A walk of a {@link HomeLookup} goes once from HOME, or from the root, to where a path leads. */
final class HomeWalk {
  /** The kernel follows as many links in one path (path_resolution(7)). */
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

  /** The walk is in this directory above HOME while it is outside. Null while it is inside. */
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
   * Takes a step outside HOME. There the walk follows nothing but the path to HOME, by name and
   * without asking the kernel, so that no answer tells what else exists.
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
      // This directory is so far up that it is no longer held: the walk goes down to it again by
      // names.
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
      // The last part is no link, or does not exist yet.
      return makePlace(name);
    }
    return null;
  }

  /**
   * Reads the last part if it is a link. Most are none, which one call by name tells.
   *
   * @return the length of the target, or a negative error number
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
   * Goes down into a directory, or reads the target of a link. It first opens the name as a
   * directory, since only then does the kernel mount what an automounter has for it. It also enters
   * a file, in which the next step then finds nothing.
   *
   * @return the length of the link's target; negative when it went down
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
   * Reads the target of a link, and checks whether it may be followed. It asks the descriptor,
   * since the name may stand for something else by now.
   *
   * @return the length of the target; negative when this is no link
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
   * Checks what the kernel checks before it follows a link (fs.protected_symlinks in
   * proc_sys_fs(5)): in a directory like /tmp, where everybody may put a link in another's way, the
   * link must belong to this user or to the owner of the directory.
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

  /** Continues along {@code path[0 .. length)}, and then along what is left. */
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
