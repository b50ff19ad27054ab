/*
 * Trusted to know the way back up. The kernel's ".." is wherever a directory lies by now, so
 * somebody who moves a directory out of HOME would decide where it leads. Here it is the directory
 * from which the walk came.
 */
package org.twoftpd.session.fs;

import java.util.Arrays;
import org.twoftpd.session.text.Text;
import org.twoftpd.shared.os.Native;

/**
 * A descent holds open the directories from HOME down to where a walk is. Of a deep path it holds
 * only the last few, and keeps the names of the others, so that the walk can go down to them again.
 */
final class Descent {
  /** At most so many directories are held, since a session may have 64 descriptors. */
  static final int MOST_HELD = 16;

  private static final int CLOSED = -1;

  private final int home;
  private int depth;
  private int[] directories = new int[8];
  private byte[][] names = new byte[8][];

  /**
   * Begins at HOME.
   *
   * @param home a descriptor, which the caller closes
   */
  Descent(int home) {
    this.home = home;
  }

  boolean isAtHome() {
    return depth == 0;
  }

  /** Returns the directory where the walk is; -1 when it is no longer held. */
  int directory() {
    return depth == 0 ? home : directories[depth - 1];
  }

  /**
   * Goes down into a directory.
   *
   * @param name the directory's name
   * @param directory its descriptor, which this object closes
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

  /** Goes back up by one directory; not to be called at HOME. */
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

  /**
   * Goes back to HOME, and hands over the directory where the walk was.
   *
   * @return its descriptor, which the caller closes unless the walk was at HOME
   */
  int handOverDirectory() {
    int taken = directory();
    if (depth > 0) {
      directories[depth - 1] = CLOSED;
      goHome();
    }
    return taken;
  }

  /** Returns the names from HOME to where the walk is, with a slash behind each. */
  Text path() {
    Text path = new Text();
    for (int i = 0; i < depth; i++) {
      path.addRaw(names[i]).add('/');
    }
    return path;
  }
}
