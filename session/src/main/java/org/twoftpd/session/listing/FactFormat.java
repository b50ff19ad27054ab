/*
 * Trusted to promise no more than the table and the file's mode permit; what is permitted is decided elsewhere.
 */
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

/** The facts of MLSD and MLST, RFC 3659 section 7. */
final class FactFormat implements LineFormat {
  private static final byte[] TYPE_IS = Ascii.encode("type=");
  private static final byte[] LINK = Ascii.encode("OS.unix=symlink");
  private static final byte[] LINK_TO = Ascii.encode("OS.unix=slink:");
  private static final byte[] SIZE_IS = Ascii.encode("size=");
  private static final byte[] MODIFY_IS = Ascii.encode("modify=");
  private static final byte[] PERM_IS = Ascii.encode("perm=");
  private static final byte[] UNIQUE_IS = Ascii.encode("unique=");
  private static final byte[] MODE_IS = Ascii.encode("UNIX.mode=");
  private static final byte[] OWNER_IS = Ascii.encode("UNIX.owner=");
  private static final byte[] GROUP_IS = Ascii.encode("UNIX.group=");

  private static final long DAY = 86_400;

  private final Viewer viewer;
  private final PermittedVerbs verbs;
  private final int selected;

  // What lines next to each other have in common is formatted once: what stands before the size,
  // between the time and the inode, and behind that.
  private final Text front = new Text();
  private final Text middle = new Text();
  private final Text back = new Text();
  private FileStatus common = FileStatus.UNKNOWN;
  private String commonDirectory = "";
  private boolean commonMovable;
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
      boolean movable = has(Facts.PERM) && mayMove(status, entries.writableParent());
      byte[] target = status.isLink() && has(Facts.TYPE) ? targetOf(entries) : null;
      append(out, status, "dir", movable, target);
      entries.appendName(out);
    }
  }

  /** What a link says; null when a fact cannot hold it, or it is gone by now. */
  private static byte[] targetOf(Entries entries) {
    try {
      byte[] target = entries.target();
      return isFact(target) ? target : null;
    } catch (SystemCallException e) {
      return null;
    }
  }

  /**
   * A semicolon would end the fact and a space all facts: with one of them whoever makes a link
   * would choose what the line says.
   */
  private static boolean isFact(byte[] text) {
    for (byte each : text) {
      int b = each & 0xff;
      if (b <= ' ' || b == ';' || b == 0x7f) {
        return false;
      }
    }
    return true;
  }

  /** Under a sticky bit, by the owner of either. */
  private boolean mayMove(FileStatus status, FileStatus writableParent) {
    return writableParent != null
        && ((writableParent.mode() & S_ISVTX) == 0
            || viewer.owns(status)
            || viewer.owns(writableParent));
  }

  /**
   * Writes all that stands before the name, the space included.
   *
   * @param directory what a directory is here: dir, cdir or pdir
   * @param movable whether the directory above lets it be deleted and renamed
   * @param target what a link says; null for anything else, and for a link when it is not told
   */
  void append(Text out, FileStatus status, String directory, boolean movable, byte[] target) {
    if (!sharesFacts(status, directory, movable)) {
      format(status, directory, movable);
    }
    out.add(front);
    if (status.isLink() && has(Facts.TYPE)) {
      link(out, target);
    }
    if (has(Facts.SIZE) && status.isRegular()) {
      out.addRaw(SIZE_IS).add(status.size()).add(';');
    }
    if (has(Facts.MODIFY)) {
      out.addRaw(MODIFY_IS);
      stamp(out, status.modified());
      out.add(';');
    }
    out.add(middle);
    if (has(Facts.UNIQUE)) {
      out.addHex(status.inode()).add(';');
    }
    out.add(back);
  }

  /** Most files of a directory differ in size, time and inode alone. */
  private boolean sharesFacts(FileStatus status, String directory, boolean movable) {
    return status.mode() == common.mode()
        && status.uid() == common.uid()
        && status.gid() == common.gid()
        && status.device() == common.device()
        && movable == commonMovable
        && directory.equals(commonDirectory)
        && back.length() > 0;
  }

  private void format(FileStatus status, String directory, boolean movable) {
    common = status;
    commonDirectory = directory;
    commonMovable = movable;
    front.clear();
    middle.clear();
    back.clear();
    if (has(Facts.TYPE)) {
      front.addRaw(TYPE_IS);
      if (!status.isLink()) {
        front.add(type(status, directory)).add(';');
      }
    }
    if (has(Facts.PERM)) {
      middle.addRaw(PERM_IS);
      permissions(middle, status, movable);
      middle.add(';');
    }
    if (has(Facts.UNIQUE)) {
      middle.addRaw(UNIQUE_IS).addHex(status.device()).add('g');
    }
    if (has(Facts.UNIX_MODE)) {
      back.addRaw(MODE_IS).addOctal(status.permissions(), 4).add(';');
    }
    if (has(Facts.UNIX_OWNER)) {
      back.addRaw(OWNER_IS).addRaw(viewer.ownerOf(status)).add(';');
    }
    if (has(Facts.UNIX_GROUP)) {
      back.addRaw(GROUP_IS).addRaw(viewer.groupOf(status)).add(';');
    }
    back.add(' ');
  }

  /** YYYYMMDDHHMMSS, the day of which is formatted once for lines that have it in common. */
  private void stamp(Text out, long modified) {
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
   * The example of RFC 3659, section 7.7.4, is what clients read. Its erratum 1500 has a type that
   * stands by itself, which they read as well.
   */
  private static void link(Text out, byte[] target) {
    if (target == null) {
      out.addRaw(LINK).add(';');
    } else {
      out.addRaw(LINK_TO).addRaw(target).add(';');
    }
  }

  private static String type(FileStatus status, String directory) {
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

  private void permissions(Text out, FileStatus status, boolean movable) {
    int rights = viewer.rights(status);
    boolean read = (rights & R_OK) != 0;
    boolean write = (rights & W_OK) != 0;
    boolean search = (rights & X_OK) != 0;
    boolean file = status.isRegular();
    boolean directory = status.isDirectory();
    letter(out, 'a', verbs.append() && file && write);
    letter(out, 'c', verbs.create() && directory && write && search);
    letter(out, 'd', verbs.delete() && movable);
    letter(out, 'e', verbs.enter() && directory && search);
    letter(out, 'f', verbs.rename() && movable);
    letter(out, 'l', verbs.list() && directory && read);
    letter(out, 'm', verbs.makeDirectory() && directory && write && search);
    letter(out, 'p', verbs.purge() && directory && write && search);
    letter(out, 'r', verbs.retrieve() && file && read);
    letter(out, 'w', verbs.store() && file && write);
  }

  private static void letter(Text out, char letter, boolean granted) {
    if (granted) {
      out.add(letter);
    }
  }
}
