package org.twoftpd.session.listing;

import java.util.Arrays;
import org.twoftpd.session.fs.Directory;
import org.twoftpd.session.fs.FileTree;
import org.twoftpd.session.fs.VirtualPath;
import org.twoftpd.session.text.Text;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.SystemCallException;

/**
 * Finds the paths that a pattern matches. It goes through the pattern part by part and extends all
 * paths found so far by each. One short pattern can ask for every path of a file system many times
 * over, so entries, paths and steps are counted, and too many are an error.
 */
final class PathExpansion {
  /** The most directory entries and paths that one expansion looks at. */
  static final int MAX_EXAMINED = 1_000_000;

  /** The most steps of {@link NamePattern} in one expansion, which take about a second. */
  static final long MAX_STEPS = 200_000_000;

  /** The size of each of the two lists of paths, which together are as large as one listing's. */
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
   * Returns the matching paths, sorted by bytes. They are absolute when the pattern begins with a
   * slash, else relative to {@code directory}.
   *
   * @throws SystemCallException ENOENT when nothing matches, or the error that kept a directory
   *     from being read; E2BIG when too much matches or the search would take too long
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
              ? expandPart(paths, NamePattern.parse(pattern, from, to), last)
              : appendPart(paths, Arrays.copyOfRange(pattern, from, to), last);
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

  private NameList appendPart(NameList paths, byte[] name, boolean last)
      throws SystemCallException {
    NameList found = new NameList(MAX_BYTES);
    for (int i = 0; i < paths.size(); i++) {
      byte[] path = join(paths.get(i), name, 0, name.length);
      countExamined();
      if (!last || exists(path)) {
        addPath(found, path);
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

  private NameList expandPart(NameList paths, NamePattern pattern, boolean last)
      throws SystemCallException {
    NameList found = new NameList(MAX_BYTES);
    for (int i = 0; i < paths.size(); i++) {
      byte[] path = paths.get(i);
      countExamined();
      try (Directory entries = openIfDirectory(path)) {
        if (entries != null) {
          addMatches(path, entries, pattern, last, found);
        }
      }
    }
    steps += pattern.steps();
    return found;
  }

  /** Opens a directory. Returns null when the path is none or may not be read. */
  private Directory openIfDirectory(byte[] path) {
    try {
      return tree.openDirectory(directory.resolve(path), buffer);
    } catch (SystemCallException e) {
      failure = e.errno() == Errno.ENOTDIR ? Errno.ENOENT : e.errno();
      return null;
    }
  }

  private void addMatches(
      byte[] path, Directory entries, NamePattern pattern, boolean last, NameList found)
      throws SystemCallException {
    while (entries.next()) {
      countExamined();
      byte[] name = entries.nameBuffer();
      int offset = entries.nameOffset();
      int length = entries.nameLength();
      if (pattern.matches(name, offset, length) && (last || entries.mayBeDirectory())) {
        addPath(found, join(path, name, offset, length));
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

  private void countExamined() throws SystemCallException {
    if (++examined > MAX_EXAMINED) {
      throw new SystemCallException(Errno.E2BIG);
    }
  }

  private static void addPath(NameList found, byte[] path) throws SystemCallException {
    // A longer path is left out, since no command could open it.
    if (path.length <= VirtualPath.MAX_LENGTH && !found.add(path, 0, path.length)) {
      throw new SystemCallException(Errno.E2BIG);
    }
  }
}
