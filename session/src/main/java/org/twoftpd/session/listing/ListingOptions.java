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
 * Holds the options of LIST, NLST and STAT, which clients send because they think that they talk to
 * ls(1).
 *
 * @param longFormat -l: NLST writes the lines of LIST
 * @param markTypes -F: each name is followed by a mark of its type
 * @param markDirectories -p: each directory's name is followed by a slash
 * @param directoryItself -d: a directory is listed itself, not its entries
 * @param order -t, -S and -r: the order of the names; the last of -t and -S counts
 * @param pathOffset the index in the argument at which the path begins
 */
record ListingOptions(
    boolean longFormat,
    boolean markTypes,
    boolean markDirectories,
    boolean directoryItself,
    ListingOrder order,
    int pathOffset) {
  static final ListingOptions NONE =
      new ListingOptions(false, false, false, false, ListingOrder.BY_NAME, 0);

  /** All letters that known clients send in the options of a listing. */
  private static final String KNOWN_LETTERS = "aAlL1RtSrFpdhngoGcuCx";

  private static final char NO_MARK = 0;

  /**
   * Reads the options before the path. An option is a word of a dash and letters or digits,
   * followed by a space; "--" ends the options.
   *
   * <ul>
   *   <li>Letters without a meaning here are ignored: ls has one for nearly each letter, and a
   *       client that gets an error shows an empty directory.
   *   <li>A word with any other byte is a path or a pattern, so {@code -*.txt} is one.
   *   <li>A word of letters that clients send is always an option. Else a directory named {@code
   *       -la} would replace the listing of all others, and a mirror would delete its copies.
   *   <li>Any other word is a path when a file of that name exists.
   * </ul>
   */
  static ListingOptions parse(byte[] argument, FileTree tree, VirtualPath directory) {
    ListingOptions options = NONE;
    while (true) {
      int from = options.pathOffset;
      int to = findWordEnd(argument, from);
      if (to < 0
          || !hasOnlyKnownLetters(argument, from + 1, to)
              && exists(argument, from, tree, directory)) {
        return options;
      }
      options = options.withWord(argument, from + 1, to);
      if (argument[from + 1] == '-') {
        return options;
      }
    }
  }

  /** Returns where the option at {@code from} ends, or -1 when no option begins there. */
  private static int findWordEnd(byte[] argument, int from) {
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

  private static boolean hasOnlyKnownLetters(byte[] argument, int from, int to) {
    for (int i = from; i < to; i++) {
      if (argument[i] != '-' && KNOWN_LETTERS.indexOf(argument[i]) < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean exists(byte[] argument, int from, FileTree tree, VirtualPath directory) {
    try {
      tree.linkStatus(directory.resolve(argument, from, argument.length));
      return true;
    } catch (SystemCallException e) {
      return false;
    }
  }

  /** Returns these options with those of one more word, {@code argument[from .. to)}. */
  private ListingOptions withWord(byte[] argument, int from, int to) {
    boolean isLong = longFormat;
    boolean types = markTypes;
    boolean directories = markDirectories;
    boolean itself = directoryItself;
    boolean reversed = order.reversed();
    ListingOrder.By by = order.by();
    for (int i = from; i < to; i++) {
      switch (argument[i]) {
        case 'l' -> isLong = true;
        case 'F' -> types = true;
        case 'p' -> directories = true;
        case 'd' -> itself = true;
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
        itself,
        new ListingOrder(by, reversed),
        Math.min(to + 1, argument.length));
  }

  boolean hasMarks() {
    return markTypes || markDirectories;
  }

  /** Writes the mark that follows a name, if the options ask for one. */
  void appendMark(Text out, FileStatus status) {
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
