/*
 * Trusted with nothing: the letters that clients put in front of a path because they think that they talk to ls.
 */
package org.twoftpd.session.fs;

import static org.twoftpd.shared.os.FileFlags.S_IFDIR;
import static org.twoftpd.shared.os.FileFlags.S_IFIFO;
import static org.twoftpd.shared.os.FileFlags.S_IFLNK;
import static org.twoftpd.shared.os.FileFlags.S_IFREG;
import static org.twoftpd.shared.os.FileFlags.S_IFSOCK;

import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.SystemCallException;

/**
 * The options of LIST and NLST.
 *
 * @param longFormat -l
 * @param markTypes -F
 * @param markDirectories -p
 * @param end where the path begins in the argument
 */
record ListingOptions(boolean longFormat, boolean markTypes, boolean markDirectories, int end) {
  static final ListingOptions NONE = new ListingOptions(false, false, false, 0);

  private static final char NO_MARK = 0;

  /**
   * Reads options: words of a dash and letters, each with a space after it; "--" is the last one. A
   * dash alone is a name. The letters a, A, 1, L and R mean nothing here.
   *
   * @throws SystemCallException EINVAL for any other letter
   */
  static ListingOptions of(byte[] argument) throws SystemCallException {
    boolean longFormat = false;
    boolean markTypes = false;
    boolean markDirectories = false;
    int at = 0;
    while (at + 1 < argument.length && argument[at] == '-' && argument[at + 1] != ' ') {
      int end = at + 1;
      boolean last = argument[end] == '-';
      if (last) {
        end++;
      }
      for (; end < argument.length && argument[end] != ' '; end++) {
        switch (last ? '-' : argument[end]) {
          case 'a', 'A', '1', 'L', 'R' -> {}
          case 'l' -> longFormat = true;
          case 'F' -> markTypes = true;
          case 'p' -> markDirectories = true;
          default -> throw new SystemCallException(Errno.EINVAL);
        }
      }
      at = Math.min(end + 1, argument.length);
      if (last) {
        break;
      }
    }
    return new ListingOptions(longFormat, markTypes, markDirectories, at);
  }

  boolean hasMarks() {
    return markTypes || markDirectories;
  }

  /** Writes the mark that belongs behind a name, if any. */
  void mark(LineBuffer out, FileStatus status) {
    char mark =
        switch (status.type()) {
          case S_IFDIR -> '/';
          case S_IFLNK -> '@';
          case S_IFIFO -> '|';
          case S_IFSOCK -> '=';
          case S_IFREG -> (status.mode() & 0111) != 0 ? '*' : NO_MARK;
          default -> NO_MARK;
        };
    if (mark == '/' ? hasMarks() : markTypes && mark != NO_MARK) {
      out.add(mark);
    }
  }
}
