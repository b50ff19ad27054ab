/*
 * Trusted to say whose files and directories root may rely on.
 */
package org.twoftpd.shared.os;

import java.io.IOException;
import java.util.Locale;

/**
 * The users whose word counts: root, the user of this process, and perhaps one more. What belongs
 * to one of them, and what nobody else may write, stays what it is until that user changes it.
 */
final class TrustedOwners {
  private static final long ROOT = 0;

  private final long self = Integer.toUnsignedLong(Native.geteuid());
  private final long other;

  /**
   * @param other the uid of whoever may own directories besides, or {@link TrustedPath#NOBODY}
   */
  TrustedOwners(long other) {
    this.other = other;
  }

  /** True when what belongs to that user may be relied on. */
  boolean include(long uid) {
    return uid == ROOT || uid == other || uid == self;
  }

  /** True when it is root's and nobody else may write it. */
  static boolean isRootsAlone(FileStatus s) {
    return s.uid() == ROOT && !s.isWritableByOthers();
  }

  /**
   * Refuses what somebody else owns or may write. A process that is not root relies on a directory
   * with the sticky bit too: there nobody takes away what belongs to another.
   *
   * @param what "directory", say, for the message
   */
  void check(String what, FileStatus s, String path) throws IOException {
    boolean sticky = self != ROOT && s.isDirectory() && (s.permissions() & FileFlags.S_ISVTX) != 0;
    if (!include(s.uid()) || s.isWritableByOthers() && !sticky) {
      throw refusal(what, s, path);
    }
  }

  /** What an administrator is told of something that is not to be relied on. */
  IOException refusal(String what, FileStatus s, String path) {
    return new IOException(
        String.format(
            Locale.ROOT,
            "the %s %s (owner uid %d, mode %04o) must belong to root%s and be writable by its owner"
                + " alone, not by group or others",
            what,
            path,
            s.uid(),
            s.permissions(),
            orWhom()));
  }

  private String orWhom() {
    String own = self == ROOT ? "" : " or uid " + self;
    return other == TrustedPath.NOBODY || other == ROOT ? own : own + " or uid " + other;
  }
}
