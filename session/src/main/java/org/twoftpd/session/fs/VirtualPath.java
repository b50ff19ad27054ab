/*
 * Trusted to keep every path inside the view: no path that it returns has "..", "." or an empty
 * part. It asks the kernel nothing, so it knows nothing of symbolic links, which the lookup and the
 * jail deal with.
 */
package org.twoftpd.session.fs;

import java.util.Arrays;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.SystemCallException;

/**
 * A virtual path is absolute and normalised, and names a file in what the client sees. It is
 * immutable, and made of bytes, not of characters.
 */
public final class VirtualPath {
  /**
   * A path has at most so many bytes, the leading slash included: the kernel's PATH_MAX without the
   * NUL.
   */
  public static final int MAX_LENGTH = 4095;

  public static final VirtualPath ROOT = new VirtualPath(new byte[] {'/'});

  private static final byte[] DOT = {'.'};

  private final byte[] path;

  private VirtualPath(byte[] path) {
    this.path = path;
  }

  /**
   * Returns the path that {@code argument} names when this is the working directory. It goes by the
   * text alone: ".." takes away the last part, at the root it changes nothing, and no file need
   * exist.
   *
   * @throws SystemCallException ENAMETOOLONG when the result is longer than {@link #MAX_LENGTH},
   *     EINVAL when the argument has a NUL
   */
  public VirtualPath resolve(byte[] argument) throws SystemCallException {
    return resolve(argument, 0, argument.length);
  }

  /** Resolves as {@link #resolve(byte[])} does, but takes {@code argument[from .. to)}. */
  public VirtualPath resolve(byte[] argument, int from, int to) throws SystemCallException {
    boolean absolute = from < to && argument[from] == '/';
    int length = absolute || isRoot() ? 0 : path.length;
    byte[] out = new byte[length + to - from + 1];
    System.arraycopy(path, 0, out, 0, length);
    int at = from;
    while (at < to) {
      int end = at;
      while (end < to && argument[end] != '/') {
        if (argument[end] == 0) {
          throw new SystemCallException(Errno.EINVAL);
        }
        end++;
      }
      if (isDotDot(argument, at, end)) {
        while (length > 0 && out[--length] != '/') {}
      } else if (end > at && !isDot(argument, at, end)) {
        out[length++] = '/';
        System.arraycopy(argument, at, out, length, end - at);
        length += end - at;
      }
      at = end + 1;
    }
    if (length > MAX_LENGTH) {
      throw new SystemCallException(Errno.ENAMETOOLONG);
    }
    return length == 0 ? ROOT : new VirtualPath(Arrays.copyOf(out, length));
  }

  static boolean isDot(byte[] text, int from, int to) {
    return to - from == 1 && text[from] == '.';
  }

  static boolean isDotDot(byte[] text, int from, int to) {
    return to - from == 2 && text[from] == '.' && text[from + 1] == '.';
  }

  /** Returns the path as the client knows it: "/", or "/a/b". */
  public byte[] bytes() {
    return path.clone();
  }

  /** Returns the path as openat(2) takes it beside the root's descriptor: ".", or "a/b". */
  public byte[] relative() {
    return isRoot() ? DOT.clone() : Arrays.copyOfRange(path, 1, path.length);
  }

  public boolean isRoot() {
    return path.length == 1;
  }

  /** Returns the path without its last part; the root is its own parent. */
  public VirtualPath parent() {
    int slash = lastSlash();
    return slash == 0 ? ROOT : new VirtualPath(Arrays.copyOf(path, slash));
  }

  /** Returns the last part; it is empty for the root. */
  public byte[] name() {
    return Arrays.copyOfRange(path, lastSlash() + 1, path.length);
  }

  private int lastSlash() {
    int at = path.length - 1;
    while (path[at] != '/') {
      at--;
    }
    return at;
  }

  /** Returns whether a part begins with a dot. */
  public boolean hasDotPart() {
    return hasDotPartFrom(0);
  }

  /**
   * Asks what {@link #hasDotPart} asks, but passes over the parts of {@code top} when this path
   * lies below it.
   */
  boolean hasDotPartBelow(VirtualPath top) {
    return hasDotPartFrom(startsWith(top) && !top.isRoot() ? top.path.length : 0);
  }

  private boolean hasDotPartFrom(int from) {
    for (int i = from; i + 1 < path.length; i++) {
      if (path[i] == '/' && path[i + 1] == '.') {
        return true;
      }
    }
    return false;
  }

  /** Returns whether this is {@code top} or lies below it. */
  public boolean startsWith(VirtualPath top) {
    int length = top.path.length;
    return top.isRoot()
        || ((path.length == length || (path.length > length && path[length] == '/'))
            && Arrays.equals(path, 0, length, top.path, 0, length));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VirtualPath that && Arrays.equals(path, that.path);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(path);
  }
}
