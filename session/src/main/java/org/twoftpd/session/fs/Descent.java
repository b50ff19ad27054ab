/*
 * Trusted to know the way back up.  The kernel's ".." is wherever a directory lies by now, so whoever moves one out of HOME
 * would decide where it leads; here it is the directory that the walk came from.
 */
package org.twoftpd.session.fs;

import java.util.Arrays;
import org.twoftpd.session.text.Text;
import org.twoftpd.shared.os.Native;

/**
 * The directories from HOME down to where a walk is, held open. Of a deep way only the last few are
 * held; of the others the names are known, by which a walk can come again.
 */
final class Descent {
  /** A session may have 64 descriptors. */
  static final int MOST_HELD = 16;

  private static final int LET_GO = -1;

  private final int home;
  private int depth;
  private int[] directories = new int[8];
  private byte[][] names = new byte[8][];

  /**
   * A way that begins at HOME.
   *
   * @param home a descriptor, which stays the caller's
   */
  Descent(int home) {
    this.home = home;
  }

  boolean isAtHome() {
    return depth == 0;
  }

  /** The directory where the walk is; -1 when it is not held any more. */
  int directory() {
    return depth == 0 ? home : directories[depth - 1];
  }

  /**
   * Goes down.
   *
   * @param directory what {@code name} is in the directory before; closed by this
   */
  void enter(byte[] name, int directory) {
    if (depth == names.length) {
      directories = Arrays.copyOf(directories, 2 * depth);
      names = Arrays.copyOf(names, 2 * depth);
    }
    if (depth >= MOST_HELD) {
      letGo(depth - MOST_HELD);
    }
    directories[depth] = directory;
    names[depth++] = name;
  }

  /** Goes back to the directory before; not from HOME. */
  void leave() {
    letGo(--depth);
  }

  /** Goes back to HOME. */
  void leaveAll() {
    while (depth > 0) {
      leave();
    }
  }

  private void letGo(int level) {
    if (directories[level] != LET_GO) {
      Native.close(directories[level]);
      directories[level] = LET_GO;
    }
  }

  /** Goes back to HOME, but leaves the directory where the walk is to the caller, who closes it. */
  int take() {
    int taken = directory();
    if (depth > 0) {
      directories[depth - 1] = LET_GO;
      leaveAll();
    }
    return taken;
  }

  /** The names from HOME to where the walk is, a slash behind each. */
  Text path() {
    Text path = new Text();
    for (int i = 0; i < depth; i++) {
      path.addRaw(names[i]).add('/');
    }
    return path;
  }
}
