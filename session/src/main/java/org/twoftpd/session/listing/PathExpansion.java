/*
 * Trusted with time and memory: one short pattern can ask for every path of a file system, many times over.  So what is
 * looked at, what is found and what is compared is counted, and too much is an error, not an effort.
 */
package org.twoftpd.session.listing;

import java.util.Arrays;
import org.twoftpd.session.fs.Directory;
import org.twoftpd.session.fs.FileTree;
import org.twoftpd.session.fs.VirtualPath;
import org.twoftpd.session.text.Text;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.SystemCallException;

/** The paths that a pattern matches. Works its way from part to part, all paths abreast. */
final class PathExpansion {
  /** The most directory entries and paths that one expansion looks at. */
  static final int MAX_EXAMINED = 1_000_000;

  /** The most steps of {@link NamePattern} that it takes: a second or so. */
  static final long MAX_STEPS = 200_000_000;

  /** Of names held; two lists are, so both together are no more than one listing's. */
  private static final int MAX_BYTES = NameList.MAX_BYTES / 2;

  private final FileTree tree;
  private final VirtualPath directory;
  private final byte[] buffer = new byte[Directory.BUFFER_SIZE];
  private final Text joined = new Text();
  private int examined;
  private long steps;
  private int failure = Errno.ENOENT;

  private PathExpansion(FileTree tree, VirtualPath directory) {
    this.tree = tree;
    this.directory = directory;
  }

  /**
   * The matching paths, sorted by bytes, written as the pattern is: from the root when it begins
   * with a slash, else from {@code directory}.
   *
   * @throws SystemCallException ENOENT when there are none, or the reason why nothing could be
   *     read; E2BIG when there are too many, or it would take too long
   */
  static NameList expand(FileTree tree, VirtualPath directory, byte[] pattern)
      throws SystemCallException {
    return new PathExpansion(tree, directory).expand(pattern);
  }

  private NameList expand(byte[] pattern) throws SystemCallException {
    NameList paths = new NameList(MAX_BYTES);
    boolean absolute = pattern.length > 0 && pattern[0] == '/';
    paths.add(pattern, 0, absolute ? 1 : 0);
    int from = skipSlashes(pattern, 0);
    while (from < pattern.length) {
      int to = from;
      while (to < pattern.length && pattern[to] != '/') {
        to++;
      }
      int next = skipSlashes(pattern, to);
      boolean last = next == pattern.length;
      paths =
          NamePattern.isPattern(pattern, from, to)
              ? matching(paths, NamePattern.of(pattern, from, to), last)
              : named(paths, Arrays.copyOfRange(pattern, from, to), last);
      from = next;
    }
    if (paths.size() == 0) {
      throw new SystemCallException(failure);
    }
    paths.sort();
    return paths;
  }

  private static int skipSlashes(byte[] pattern, int from) {
    int at = from;
    while (at < pattern.length && pattern[at] == '/') {
      at++;
    }
    return at;
  }

  private NameList named(NameList paths, byte[] name, boolean last) throws SystemCallException {
    NameList found = new NameList(MAX_BYTES);
    for (int i = 0; i < paths.size(); i++) {
      byte[] path = join(paths.get(i), name, 0, name.length);
      count();
      if (!last || exists(path)) {
        keep(found, path);
      }
    }
    return found;
  }

  private boolean exists(byte[] path) {
    try {
      tree.linkStatus(directory.resolve(path));
      return true;
    } catch (SystemCallException e) {
      failure = e.errno();
      return false;
    }
  }

  private NameList matching(NameList paths, NamePattern pattern, boolean last)
      throws SystemCallException {
    NameList found = new NameList(MAX_BYTES);
    for (int i = 0; i < paths.size(); i++) {
      byte[] path = paths.get(i);
      count();
      try (Directory entries = open(path)) {
        if (entries != null) {
          match(path, entries, pattern, last, found);
        }
      }
    }
    steps += pattern.steps();
    return found;
  }

  /** Null for what is no directory, or may not be read: there is nothing to match then. */
  private Directory open(byte[] path) {
    try {
      return tree.openDirectory(directory.resolve(path), buffer);
    } catch (SystemCallException e) {
      failure = e.errno() == Errno.ENOTDIR ? Errno.ENOENT : e.errno();
      return null;
    }
  }

  private void match(
      byte[] path, Directory entries, NamePattern pattern, boolean last, NameList found)
      throws SystemCallException {
    while (entries.next()) {
      count();
      byte[] name = entries.nameBuffer();
      int offset = entries.nameOffset();
      int length = entries.nameLength();
      if (pattern.matches(name, offset, length) && (last || entries.mayBeDirectory())) {
        keep(found, join(path, name, offset, length));
      }
      if (steps + pattern.steps() > MAX_STEPS) {
        throw new SystemCallException(Errno.E2BIG);
      }
    }
  }

  private byte[] join(byte[] path, byte[] name, int offset, int length) {
    joined.clear();
    joined.addRaw(path);
    if (path.length > 0 && path[path.length - 1] != '/') {
      joined.add('/');
    }
    return joined.addRaw(name, offset, offset + length).toBytes();
  }

  private void count() throws SystemCallException {
    if (++examined > MAX_EXAMINED) {
      throw new SystemCallException(Errno.E2BIG);
    }
  }

  private static void keep(NameList found, byte[] path) throws SystemCallException {
    // No longer path could be opened.
    if (path.length <= VirtualPath.MAX_LENGTH && !found.add(path, 0, path.length)) {
      throw new SystemCallException(Errno.E2BIG);
    }
  }
}
