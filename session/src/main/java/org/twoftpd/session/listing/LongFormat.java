package org.twoftpd.session.listing;

import static org.twoftpd.shared.os.FileFlags.S_IFBLK;
import static org.twoftpd.shared.os.FileFlags.S_IFCHR;
import static org.twoftpd.shared.os.FileFlags.S_IFDIR;
import static org.twoftpd.shared.os.FileFlags.S_IFIFO;
import static org.twoftpd.shared.os.FileFlags.S_IFLNK;
import static org.twoftpd.shared.os.FileFlags.S_IFREG;
import static org.twoftpd.shared.os.FileFlags.S_IFSOCK;
import static org.twoftpd.shared.os.FileFlags.S_ISGID;
import static org.twoftpd.shared.os.FileFlags.S_ISUID;
import static org.twoftpd.shared.os.FileFlags.S_ISVTX;

import org.twoftpd.session.text.Text;
import org.twoftpd.session.text.UtcTime;
import org.twoftpd.shared.os.FileStatus;
import org.twoftpd.shared.os.SystemCallException;

/** Formats the lines of LIST as {@code ls -l} does, with fixed columns. Times are in UTC. */
final class LongFormat implements LineFormat {
  private static final long HALF_A_YEAR = 365L * 86_400 / 2;

  /** Seconds that a file server's clock may be ahead before a time counts as one in the future. */
  private static final long CLOCK_SKEW = 86_400;

  private static final long DAY = 86_400;

  private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
  private static final int NAME_COLUMNS = 8;

  private final Viewer viewer;
  private final ListingOptions options;
  private final long now;

  // Neighbouring lines mostly have the columns before the size, and the day, in common. These are
  // formatted once.
  private final Text beforeSize = new Text();
  private FileStatus formatted = FileStatus.UNKNOWN;
  private final Text day = new Text();
  private long dayBegin;
  private int year;

  /**
   * Makes the format for one listing.
   *
   * @param now the present time in seconds since 1970
   */
  LongFormat(Viewer viewer, ListingOptions options, long now) {
    this.viewer = viewer;
    this.options = options;
    this.now = now;
  }

  @Override
  public void append(Text out, Entries entries) throws SystemCallException {
    FileStatus status = entries.status();
    if (status != null) {
      appendColumns(out, status);
      entries.appendName(out);
      if (status.isLink()) {
        appendTarget(out, entries);
      } else {
        options.appendMark(out, status);
      }
    }
  }

  /** Writes an arrow and the target as ls(1) does, or nothing when the link is gone by now. */
  private static void appendTarget(Text out, Entries entries) {
    try {
      byte[] target = entries.target();
      out.add(" -> ").addListedName(target);
    } catch (SystemCallException e) {
      // The link is gone. The first column of its line says already that it was a link.
    }
  }

  private void appendColumns(Text out, FileStatus status) {
    if (!sharesColumns(status)) {
      beforeSize.clear();
      appendMode(beforeSize, status);
      beforeSize.add(' ').addAligned(status.links(), 4).add(' ');
      appendColumn(beforeSize, viewer.ownerOf(status));
      appendColumn(beforeSize, viewer.groupOf(status));
      formatted = status;
    }
    out.add(beforeSize).addAligned(status.size(), 8).add(' ');
    appendDate(out, status.modified());
    out.add(' ');
  }

  /** Returns true when the columns before the size are those of the line before. */
  private boolean sharesColumns(FileStatus status) {
    return status.mode() == formatted.mode()
        && status.links() == formatted.links()
        && status.uid() == formatted.uid()
        && status.gid() == formatted.gid()
        && beforeSize.length() > 0;
  }

  private static void appendColumn(Text out, byte[] name) {
    out.addRaw(name);
    for (int i = name.length; i <= NAME_COLUMNS; i++) {
      out.add(' ');
    }
  }

  private static void appendMode(Text out, FileStatus status) {
    int mode = status.mode();
    out.add(typeLetter(status));
    appendPermissions(out, mode >> 6, (mode & S_ISUID) != 0, 's', 'S');
    appendPermissions(out, mode >> 3, (mode & S_ISGID) != 0, 's', 'S');
    appendPermissions(out, mode, (mode & S_ISVTX) != 0, 't', 'T');
  }

  private static void appendPermissions(
      Text out, int bits, boolean special, char with, char without) {
    boolean execute = (bits & 1) != 0;
    out.add((bits & 4) != 0 ? 'r' : '-');
    out.add((bits & 2) != 0 ? 'w' : '-');
    out.add(special ? (execute ? with : without) : execute ? 'x' : '-');
  }

  private static char typeLetter(FileStatus status) {
    return switch (status.type()) {
      case S_IFREG -> '-';
      case S_IFDIR -> 'd';
      case S_IFLNK -> 'l';
      case S_IFIFO -> 'p';
      case S_IFSOCK -> 's';
      case S_IFCHR -> 'c';
      case S_IFBLK -> 'b';
      default -> '?';
    };
  }

  /**
   * Writes the date. A client takes a date without a year for the last such day before today, so
   * the year is left out only for times of the last half year and up to {@link #CLOCK_SKEW} ahead.
   */
  private void appendDate(Text out, long modified) {
    long second = modified - dayBegin;
    if (second < 0 || second >= DAY || day.length() == 0) {
      formatDay(modified);
      second = modified - dayBegin;
    }
    out.add(day);
    if (modified > now - HALF_A_YEAR && modified <= now + CLOCK_SKEW) {
      int minute = (int) second / 60;
      out.addZeroPadded(minute / 60, 2).add(':').addZeroPadded(minute % 60, 2);
    } else {
      out.add(' ').addZeroPadded(year, 4);
    }
  }

  private void formatDay(long modified) {
    UtcTime time = UtcTime.ofEpochSecond(modified);
    dayBegin = Math.floorDiv(modified, DAY) * DAY;
    year = time.year();
    day.clear();
    int month = 3 * (time.month() - 1);
    for (int i = month; i < month + 3; i++) {
      day.add(MONTHS.charAt(i));
    }
    day.add(' ').addAligned(time.day(), 2).add(' ');
  }
}
