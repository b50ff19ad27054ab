/*
 * Trusted to find a file by way of trusted directories alone: it opens each directory on the way from the one before and
 * follows symbolic links by itself, so nothing can be exchanged between the look at it and its use.
 */
package org.twoftpd.shared.os;

import static org.twoftpd.shared.os.FileFlags.O_DIRECTORY;
import static org.twoftpd.shared.os.FileFlags.O_NOFOLLOW;
import static org.twoftpd.shared.os.FileFlags.O_PATH;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * A walk from the root to what has a path. It ends in the directory where the last name lies or
 * would lie. Names are bytes, one in a char, so that any name can be walked.
 */
final class TrustedWalk {
  private static final int LINKS_MAX = 40;
  private static final int PATH_MAX = 4096;
  private static final int CLOSED = -1;
  private static final byte[] NOTHING = {};

  private final TrustedOwners owners;
  private final boolean followLast;

  /** The names that are still to be walked. */
  private final Deque<String> rest = new ArrayDeque<>();

  private int directory = CLOSED;

  /** Where {@link #directory} lies; empty for the root. */
  private String at = "";

  private boolean rootsAlone = true;
  private String name = ".";
  private FileStatus status;

  /**
   * @param owners whose directories and links may be on the way
   * @param followLast whether a symbolic link of the last name is followed
   */
  TrustedWalk(TrustedOwners owners, boolean followLast) {
    this.owners = owners;
    this.followLast = followLast;
  }

  /**
   * Goes there. Only the last name may be missing.
   *
   * @param path absolute
   * @throws IOException naming the directory or link that is not to be trusted, or what is missing
   */
  void go(String path) throws IOException {
    enterRoot();
    push(chars(path));
    int links = 0;
    for (String next = rest.poll(); next != null; next = rest.poll()) {
      if (next.equals("..")) {
        enter(openDirectory(next), at.substring(0, Math.max(0, at.lastIndexOf('/'))));
        continue;
      }
      int fd = Native.openat(directory, bytes(next), O_PATH | O_NOFOLLOW, 0);
      if (fd == -Errno.ENOENT && rest.isEmpty()) {
        name = next;
        return;
      }
      if (fd < 0) {
        throw missing(next, -fd);
      }
      FileStatus found = statusOrClose(fd);
      if (found.isLink() && (followLast || !rest.isEmpty())) {
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
      } else if (!found.isDirectory()) {
        Native.close(fd);
        throw missing(next, Errno.ENOTDIR);
      } else {
        enter(fd, at + "/" + next);
      }
    }
    // The path ended with a directory that has no name from here: the root, or one before "..".
    status = FileStatus.ofDescriptor(directory);
  }

  /** The directory where the walk ended, -1 after {@link #close}. */
  int directory() {
    return directory;
  }

  /** The last name, to be used with {@link #directory}. */
  byte[] name() {
    return bytes(name);
  }

  /** What has that name, or null. */
  FileStatus status() {
    return status;
  }

  /** True when every directory on the way is root's and nobody else may write it. */
  boolean isRootsAlone() {
    return rootsAlone;
  }

  /** An absolute path without links, {@code .} and {@code ..}. */
  String path() {
    return text(name.equals(".") ? (at.isEmpty() ? "/" : at) : at + "/" + name);
  }

  void close() {
    if (directory != CLOSED) {
      Native.close(directory);
      directory = CLOSED;
    }
  }

  private void enterRoot() throws IOException {
    int flags = O_PATH | O_DIRECTORY | O_NOFOLLOW;
    enter(SystemCallException.check(Native.openat(FileFlags.AT_FDCWD, bytes("/"), flags, 0)), "");
  }

  /** Makes a directory the one that is looked into, when it is to be trusted. */
  private void enter(int fd, String path) throws IOException {
    close();
    directory = fd;
    at = path;
    FileStatus s = FileStatus.ofDescriptor(fd);
    rootsAlone &= TrustedOwners.isRootsAlone(s);
    owners.check("directory", s, path.isEmpty() ? "/" : text(path));
  }

  private int openDirectory(String next) throws IOException {
    int fd = Native.openat(directory, bytes(next), O_PATH | O_DIRECTORY | O_NOFOLLOW, 0);
    if (fd < 0) {
      throw missing(next, -fd);
    }
    return fd;
  }

  private static FileStatus statusOrClose(int fd) throws SystemCallException {
    try {
      return FileStatus.ofDescriptor(fd);
    } catch (SystemCallException e) {
      Native.close(fd);
      throw e;
    }
  }

  private IOException missing(String next, int errno) {
    SystemCallException e = new SystemCallException(errno);
    // The caller names the whole path itself, so only a name before the last one needs naming.
    return rest.isEmpty() ? e : new IOException(text(at + "/" + next) + ": " + e.getMessage(), e);
  }

  /** Goes on where a link leads: from the directory that it lies in, or from the root. */
  private void follow(int fd, FileStatus link, String next) throws IOException {
    byte[] target = new byte[PATH_MAX];
    int n = Native.readlinkat(fd, NOTHING, target);
    Native.close(fd);
    SystemCallException.check(n);
    if (!owners.include(link.uid())) {
      throw owners.refusal("symbolic link", link, text(at + "/" + next));
    }
    String to = new String(target, 0, n, StandardCharsets.ISO_8859_1);
    push(to);
    if (to.startsWith("/")) {
      enterRoot();
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
