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

  private static final int CLOSED = -1;

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
  void goDown(byte[] name, int directory) {
    if (depth == names.length) {
      directories = Arrays.copyOf(directories, 2 * depth);
      names = Arrays.copyOf(names, 2 * depth);
    }
    if (depth >= MOST_HELD) {
      closeLevel(depth - MOST_HELD);
    }
    directories[depth] = directory;
    names[depth++] = name;
  }

  /** Goes back to the directory before; not from HOME. */
  void goUp() {
    closeLevel(--depth);
  }

  /** Goes back to HOME. */
  void goHome() {
    while (depth > 0) {
      goUp();
    }
  }

  private void closeLevel(int level) {
    if (directories[level] != CLOSED) {
      Native.close(directories[level]);
      directories[level] = CLOSED;
    }
  }

  /** Goes back to HOME, but leaves the directory where the walk is to the caller, who closes it. */
  int handOverDirectory() {
    int taken = directory();
    if (depth > 0) {
      directories[depth - 1] = CLOSED;
      goHome();
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
