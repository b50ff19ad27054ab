/*
 * Trusted with nothing: one file's line as every FTP client can read it.
 */
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

/** The format of LIST, that of {@code ls -l} with fixed columns. Times are in UTC. */
final class LongFormat implements LineFormat {
  private static final long HALF_A_YEAR = 365L * 86_400 / 2;

  /** How far clocks of file servers may be ahead before a time counts as one in the future. */
  private static final long CLOCK_SKEW = 86_400;

  private static final long DAY = 86_400;

  private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
  private static final int NAME_COLUMNS = 8;

  private final Viewer viewer;
  private final ListingOptions options;
  private final long now;

  // What lines next to each other have in common is formatted once.
  private final Text front = new Text();
  private FileStatus frontOf = FileStatus.UNKNOWN;
  private final Text day = new Text();
  private long dayBegin;
  private int year;

  /**
   * The format for one listing.
   *
   * @param now seconds since 1970
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
      columns(out, status);
      entries.appendName(out);
      if (status.isLink()) {
        target(out, entries);
      } else {
        options.mark(out, status);
      }
    }
  }

  /** What ls(1) puts behind a link's name; nothing when the link is gone by now. */
  private static void target(Text out, Entries entries) {
    try {
      byte[] target = entries.target();
      out.add(" -> ").addListedName(target);
    } catch (SystemCallException e) {
      // Its line says that it was a link.
    }
  }

  private void columns(Text out, FileStatus status) {
    if (!sharesFront(status)) {
      front.clear();
      mode(front, status);
      front.add(' ').addAligned(status.links(), 4).add(' ');
      column(front, viewer.ownerOf(status));
      column(front, viewer.groupOf(status));
      frontOf = status;
    }
    out.add(front).addAligned(status.size(), 8).add(' ');
    date(out, status.modified());
    out.add(' ');
  }

  /** Most files of a directory have the columns before the size in common. */
  private boolean sharesFront(FileStatus status) {
    return status.mode() == frontOf.mode()
        && status.links() == frontOf.links()
        && status.uid() == frontOf.uid()
        && status.gid() == frontOf.gid()
        && front.length() > 0;
  }

  private static void column(Text out, byte[] name) {
    out.addRaw(name);
    for (int i = name.length; i <= NAME_COLUMNS; i++) {
      out.add(' ');
    }
  }

  private static void mode(Text out, FileStatus status) {
    int mode = status.mode();
    out.add(type(status));
    class3(out, mode >> 6, (mode & S_ISUID) != 0, 's', 'S');
    class3(out, mode >> 3, (mode & S_ISGID) != 0, 's', 'S');
    class3(out, mode, (mode & S_ISVTX) != 0, 't', 'T');
  }

  private static void class3(Text out, int bits, boolean special, char with, char without) {
    boolean execute = (bits & 1) != 0;
    out.add((bits & 4) != 0 ? 'r' : '-');
    out.add((bits & 2) != 0 ? 'w' : '-');
    out.add(special ? (execute ? with : without) : execute ? 'x' : '-');
  }

  private static char type(FileStatus status) {
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
   * A client takes a date without a year for the last one before today, so it stands for half a
   * year back and not for the future.
   */
  private void date(Text out, long modified) {
    long second = modified - dayBegin;
    if (second < 0 || second >= DAY || day.length() == 0) {
      newDay(modified);
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

  private void newDay(long modified) {
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
