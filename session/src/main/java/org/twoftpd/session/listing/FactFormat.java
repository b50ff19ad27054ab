package org.twoftpd.session.listing;

import static org.twoftpd.shared.os.FileFlags.R_OK;
import static org.twoftpd.shared.os.FileFlags.S_IFBLK;
import static org.twoftpd.shared.os.FileFlags.S_IFCHR;
import static org.twoftpd.shared.os.FileFlags.S_IFIFO;
import static org.twoftpd.shared.os.FileFlags.S_IFSOCK;
import static org.twoftpd.shared.os.FileFlags.S_ISVTX;
import static org.twoftpd.shared.os.FileFlags.W_OK;
import static org.twoftpd.shared.os.FileFlags.X_OK;

import org.twoftpd.session.text.Ascii;
import org.twoftpd.session.text.Text;
import org.twoftpd.session.text.UtcTime;
import org.twoftpd.shared.os.FileStatus;
import org.twoftpd.shared.os.SystemCallException;

/**
 * Formats the lines of MLSD and MLST, RFC 3659 section 7. The perm fact promises no more than the
 * command table and the file's mode permit.
 */
final class FactFormat implements LineFormat {
  private static final byte[] TYPE = Ascii.encode("type=");
  private static final byte[] LINK = Ascii.encode("OS.unix=symlink");
  private static final byte[] LINK_TO = Ascii.encode("OS.unix=slink:");
  private static final byte[] SIZE = Ascii.encode("size=");
  private static final byte[] MODIFY = Ascii.encode("modify=");
  private static final byte[] PERM = Ascii.encode("perm=");
  private static final byte[] UNIQUE = Ascii.encode("unique=");
  private static final byte[] MODE = Ascii.encode("UNIX.mode=");
  private static final byte[] OWNER = Ascii.encode("UNIX.owner=");
  private static final byte[] GROUP = Ascii.encode("UNIX.group=");

  private static final long DAY = 86_400;

  private final Viewer viewer;
  private final PermittedVerbs verbs;
  private final int selected;

  // Neighbouring lines have much in common, which is formatted once: the facts before the size,
  // those between the time and the inode, and those after the inode.
  private final Text beforeSize = new Text();
  private final Text beforeInode = new Text();
  private final Text afterInode = new Text();
  private FileStatus formatted = FileStatus.UNKNOWN;
  private String formattedDirectory = "";
  private boolean formattedMovable;
  private final Text day = new Text();
  private long dayBegin;

  FactFormat(ListingStyle style) {
    this.viewer = style.viewer();
    this.verbs = style.verbs();
    this.selected = style.facts();
  }

  @Override
  public void append(Text out, Entries entries) throws SystemCallException {
    FileStatus status = entries.status();
    if (status != null) {
      boolean movable = has(Facts.PERM) && isMovable(status, entries.writableParent());
      byte[] target = status.isLink() && has(Facts.TYPE) ? readTarget(entries) : null;
      appendFacts(out, status, "dir", movable, target);
      entries.appendName(out);
    }
  }

  /** Returns the link's target, or null when a fact cannot hold it or the link is gone by now. */
  private static byte[] readTarget(Entries entries) {
    try {
      byte[] target = entries.target();
      return isFactValue(target) ? target : null;
    } catch (SystemCallException e) {
      return null;
    }
  }

  /**
   * Returns true when the text can be the value of a fact. A semicolon would end the fact and a
   * space all facts, so with them a link's maker could forge the rest of the line.
   */
  private static boolean isFactValue(byte[] text) {
    for (byte each : text) {
      int b = each & 0xff;
      if (b <= ' ' || b == ';' || b == 0x7f) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns true when the user may delete and rename the file. In a sticky directory only the owner
   * of the file or of the directory may.
   */
  private boolean isMovable(FileStatus status, FileStatus writableParent) {
    return writableParent != null
        && ((writableParent.mode() & S_ISVTX) == 0
            || viewer.owns(status)
            || viewer.owns(writableParent));
  }

  /**
   * Writes all facts and the space before the name.
   *
   * @param directory the type that a directory has in this line: dir, cdir or pdir
   * @param movable whether the user may delete and rename the file
   * @param target a link's target; null for other files, and when the line shall not tell it
   */
  void appendFacts(Text out, FileStatus status, String directory, boolean movable, byte[] target) {
    if (!sharesFacts(status, directory, movable)) {
      formatCommon(status, directory, movable);
    }
    out.add(beforeSize);
    if (status.isLink() && has(Facts.TYPE)) {
      appendLink(out, target);
    }
    if (has(Facts.SIZE) && status.isRegular()) {
      out.addRaw(SIZE).add(status.size()).add(';');
    }
    if (has(Facts.MODIFY)) {
      out.addRaw(MODIFY);
      appendTime(out, status.modified());
      out.add(';');
    }
    out.add(beforeInode);
    if (has(Facts.UNIQUE)) {
      out.addHex(status.inode()).add(';');
    }
    out.add(afterInode);
  }

  /**
   * Returns true when the line before had the same facts but for size, time and inode, as most
   * files of a directory do.
   */
  private boolean sharesFacts(FileStatus status, String directory, boolean movable) {
    return status.mode() == formatted.mode()
        && status.uid() == formatted.uid()
        && status.gid() == formatted.gid()
        && status.device() == formatted.device()
        && movable == formattedMovable
        && directory.equals(formattedDirectory)
        && afterInode.length() > 0;
  }

  private void formatCommon(FileStatus status, String directory, boolean movable) {
    formatted = status;
    formattedDirectory = directory;
    formattedMovable = movable;
    beforeSize.clear();
    beforeInode.clear();
    afterInode.clear();
    if (has(Facts.TYPE)) {
      beforeSize.addRaw(TYPE);
      if (!status.isLink()) {
        beforeSize.add(typeName(status, directory)).add(';');
      }
    }
    if (has(Facts.PERM)) {
      beforeInode.addRaw(PERM);
      appendPermissions(beforeInode, status, movable);
      beforeInode.add(';');
    }
    if (has(Facts.UNIQUE)) {
      beforeInode.addRaw(UNIQUE).addHex(status.device()).add('g');
    }
    if (has(Facts.UNIX_MODE)) {
      afterInode.addRaw(MODE).addOctal(status.permissions(), 4).add(';');
    }
    if (has(Facts.UNIX_OWNER)) {
      afterInode.addRaw(OWNER).addRaw(viewer.ownerOf(status)).add(';');
    }
    if (has(Facts.UNIX_GROUP)) {
      afterInode.addRaw(GROUP).addRaw(viewer.groupOf(status)).add(';');
    }
    afterInode.add(' ');
  }

  /** Writes YYYYMMDDHHMMSS. Lines with the same day in succession format the day once. */
  private void appendTime(Text out, long modified) {
    long inside = UtcTime.clampToRange(modified);
    long second = inside - dayBegin;
    if (second < 0 || second >= DAY || day.length() == 0) {
      dayBegin = Math.floorDiv(inside, DAY) * DAY;
      second = inside - dayBegin;
      day.clear();
      UtcTime.ofEpochSecond(inside).appendDate(day);
    }
    UtcTime.appendTimeOfDay(out.add(day), (int) second);
  }

  private boolean has(int fact) {
    return (selected & fact) != 0;
  }

  /**
   * Writes the type of a link. Clients read the form of the example in RFC 3659 section 7.7.4, and
   * without a target also the plain type of erratum 1500.
   */
  private static void appendLink(Text out, byte[] target) {
    if (target == null) {
      out.addRaw(LINK).add(';');
    } else {
      out.addRaw(LINK_TO).addRaw(target).add(';');
    }
  }

  private static String typeName(FileStatus status, String directory) {
    if (status.isRegular()) {
      return "file";
    }
    if (status.isDirectory()) {
      return directory;
    }
    return switch (status.type()) {
      case S_IFIFO -> "OS.unix=fifo";
      case S_IFSOCK -> "OS.unix=socket";
      case S_IFCHR -> "OS.unix=chr";
      case S_IFBLK -> "OS.unix=blk";
      default -> "OS.unix=unknown";
    };
  }

  private void appendPermissions(Text out, FileStatus status, boolean movable) {
    int rights = viewer.rights(status);
    boolean read = (rights & R_OK) != 0;
    boolean write = (rights & W_OK) != 0;
    boolean search = (rights & X_OK) != 0;
    boolean file = status.isRegular();
    boolean directory = status.isDirectory();
    appendLetterIf(out, 'a', verbs.append() && file && write);
    appendLetterIf(out, 'c', verbs.create() && directory && write && search);
    appendLetterIf(out, 'd', verbs.delete() && movable);
    appendLetterIf(out, 'e', verbs.enter() && directory && search);
    appendLetterIf(out, 'f', verbs.rename() && movable);
    appendLetterIf(out, 'l', verbs.list() && directory && read);
    appendLetterIf(out, 'm', verbs.makeDirectory() && directory && write && search);
    appendLetterIf(out, 'p', verbs.purge() && directory && write && search);
    appendLetterIf(out, 'r', verbs.retrieve() && file && read);
    appendLetterIf(out, 'w', verbs.store() && file && write);
  }

  private static void appendLetterIf(Text out, char letter, boolean granted) {
    if (granted) {
      out.add(letter);
    }
  }
}
