/*
 * Trusted with nothing: the letters that clients put in front of a path because they think that they talk to ls.
 */
package org.twoftpd.session.listing;

import static org.twoftpd.shared.os.FileFlags.S_IFDIR;
import static org.twoftpd.shared.os.FileFlags.S_IFIFO;
import static org.twoftpd.shared.os.FileFlags.S_IFLNK;
import static org.twoftpd.shared.os.FileFlags.S_IFREG;
import static org.twoftpd.shared.os.FileFlags.S_IFSOCK;

import org.twoftpd.session.fs.FileTree;
import org.twoftpd.session.fs.VirtualPath;
import org.twoftpd.session.text.Text;
import org.twoftpd.shared.os.FileStatus;
import org.twoftpd.shared.os.SystemCallException;

/**
 * The options of LIST, NLST and STAT.
 *
 * @param longFormat -l
 * @param markTypes -F
 * @param markDirectories -p
 * @param itself -d: of a directory its own line, not what is in it
 * @param order -t, -S and -r; of t and S the last one counts
 * @param end where the path begins in the argument
 */
record ListingOptions(
    boolean longFormat,
    boolean markTypes,
    boolean markDirectories,
    boolean itself,
    ListingOrder order,
    int end) {
  static final ListingOptions NONE =
      new ListingOptions(false, false, false, false, ListingOrder.BY_NAME, 0);

  /** What clients put before the path of a listing, in all the ways that are known. */
  private static final String CLIENTS_LETTERS = "aAlL1RtSrFpdhngoGcuCx";

  private static final char NO_MARK = 0;

  /**
   * Reads options: words of a dash and letters or digits, each with a space after it; "--" is the
   * last one. Letters without a meaning here are passed over, since ls has one for nearly each of
   * them and a client that is refused shows an empty directory. What has any other byte in it is no
   * option but a path or a pattern: {@code -*.txt} does not stand for everything. A word that
   * clients send with their listings is options whatever there is: else whoever makes a directory
   * {@code -la} would hide all others from them, and a mirror would delete its copies. Any other
   * word that is the name of something is a path.
   */
  static ListingOptions of(byte[] argument, FileTree tree, VirtualPath directory) {
    ListingOptions options = NONE;
    while (true) {
      int from = options.end;
      int to = wordEnd(argument, from);
      if (to < 0
          || !isOfClients(argument, from + 1, to) && isThere(argument, from, tree, directory)) {
        return options;
      }
      options = options.and(argument, from + 1, to);
      if (argument[from + 1] == '-') {
        return options;
      }
    }
  }

  /** Where the options end that begin there; -1 when none do. */
  private static int wordEnd(byte[] argument, int from) {
    int at = from + 1;
    if (at >= argument.length || argument[from] != '-') {
      return -1;
    }
    if (argument[at] == '-') {
      at++;
    } else {
      while (at < argument.length && isLetterOrDigit(argument[at])) {
        at++;
      }
    }
    boolean whole = at == argument.length || argument[at] == ' ';
    return whole && at > from + 1 ? at : -1;
  }

  private static boolean isLetterOrDigit(byte b) {
    int letter = b | 0x20;
    return letter >= 'a' && letter <= 'z' || b >= '0' && b <= '9';
  }

  private static boolean isOfClients(byte[] argument, int from, int to) {
    for (int i = from; i < to; i++) {
      if (argument[i] != '-' && CLIENTS_LETTERS.indexOf(argument[i]) < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isThere(byte[] argument, int from, FileTree tree, VirtualPath directory) {
    try {
      tree.linkStatus(directory.resolve(argument, from, argument.length));
      return true;
    } catch (SystemCallException e) {
      return false;
    }
  }

  /** These options and those of one word more, {@code argument[from .. to)}. */
  private ListingOptions and(byte[] argument, int from, int to) {
    boolean isLong = longFormat;
    boolean types = markTypes;
    boolean directories = markDirectories;
    boolean alone = itself;
    boolean reversed = order.reversed();
    ListingOrder.By by = order.by();
    for (int i = from; i < to; i++) {
      switch (argument[i]) {
        case 'l' -> isLong = true;
        case 'F' -> types = true;
        case 'p' -> directories = true;
        case 'd' -> alone = true;
        case 'r' -> reversed = true;
        case 't' -> by = ListingOrder.By.TIME;
        case 'S' -> by = ListingOrder.By.SIZE;
        default -> {}
      }
    }
    return new ListingOptions(
        isLong,
        types,
        directories,
        alone,
        new ListingOrder(by, reversed),
        Math.min(to + 1, argument.length));
  }

  boolean hasMarks() {
    return markTypes || markDirectories;
  }

  /** Writes the mark that belongs behind a name, if any. */
  void mark(Text out, FileStatus status) {
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
