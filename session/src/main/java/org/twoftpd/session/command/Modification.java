/*
 * Trusted to change names and times of files, as far as the kernel lets this user.
 */
package org.twoftpd.session.command;

import java.util.Arrays;
import org.twoftpd.session.control.ConnectionEnded;
import org.twoftpd.session.control.ParsedReplies;
import org.twoftpd.session.fs.VirtualPath;
import org.twoftpd.session.text.Text;
import org.twoftpd.session.text.UtcTime;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.wire.SessionReport;

/** Carries out MKD, RMD, DELE, RNFR, RNTO, MFMT, and MDTM with a time. */
final class Modification {
  private static final int STAMP = 14;

  private Modification() {}

  static void makeDirectory(Conversation c, byte[] p) throws ConnectionEnded {
    byte[] path = p;
    try {
      VirtualPath directory = c.resolvePath(p);
      path = directory.bytes();
      c.files.makeDirectory(directory);
      c.monitor.report(new SessionReport.DirectoryMade(true, path));
      c.control.reply(257, ParsedReplies.directoryMade(path));
    } catch (SystemCallException e) {
      c.monitor.report(new SessionReport.DirectoryMade(false, path));
      c.replyFailure(e);
    }
  }

  static void removeDirectory(Conversation c, byte[] p) throws ConnectionEnded {
    byte[] path = p;
    try {
      VirtualPath directory = c.resolvePath(p);
      path = directory.bytes();
      c.files.removeDirectory(directory);
      c.monitor.report(new SessionReport.DirectoryRemoved(true, path));
      c.control.reply(250, "Directory removed.");
    } catch (SystemCallException e) {
      c.monitor.report(new SessionReport.DirectoryRemoved(false, path));
      c.replyFailure(e);
    }
  }

  static void deleteFile(Conversation c, byte[] p) throws ConnectionEnded {
    byte[] path = p;
    try {
      VirtualPath file = c.resolvePath(p);
      path = file.bytes();
      c.files.unlink(file);
      c.monitor.report(new SessionReport.Deleted(true, path));
      c.control.reply(250, "File deleted.");
    } catch (SystemCallException e) {
      c.monitor.report(new SessionReport.Deleted(false, path));
      c.replyFailure(e);
    }
  }

  static void rememberRenameSource(Conversation c, byte[] p) throws ConnectionEnded {
    try {
      VirtualPath from = c.resolvePath(p);
      c.files.linkStatus(from);
      c.renameFrom = from;
      c.control.reply(350, "Send RNTO with the new name.");
    } catch (SystemCallException e) {
      c.replyFailure(e);
    }
  }

  static void renameFile(Conversation c, byte[] p) throws ConnectionEnded {
    VirtualPath from = c.renameFrom;
    c.renameFrom = null;
    if (from == null) {
      c.control.reply(503, "Send RNFR first.");
      return;
    }
    byte[] target = p;
    try {
      VirtualPath to = c.resolvePath(p);
      target = to.bytes();
      c.files.rename(from, to);
      c.monitor.report(new SessionReport.Renamed(true, from.bytes(), target));
      c.control.reply(250, "Renamed.");
    } catch (SystemCallException e) {
      c.monitor.report(new SessionReport.Renamed(false, from.bytes(), target));
      c.replyFailure(e);
    }
  }

  /**
   * Answers MDTM, which has two meanings. With a time in front of the name it sets that time, an
   * old and widespread extension.
   */
  static void showOrSetModified(Conversation c, byte[] p) throws ConnectionEnded {
    int length = stampLength(p);
    if (length == 0) {
      Information.showModified(c, p);
    } else {
      applyModified(c, UtcTime.parse(p, 0, length), p, 200);
    }
  }

  /**
   * Returns the length of the time in front of a name, with its fraction if it has one; 0 when no
   * time is there.
   */
  private static int stampLength(byte[] p) {
    int i = 0;
    while (i < p.length && (isDigit(p[i]) || i == STAMP && p[i] == '.')) {
      i++;
    }
    boolean whole = i == STAMP || i > STAMP && p[STAMP] == '.';
    return whole && i + 1 < p.length && p[i] == ' ' ? i : 0;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  static void setModified(Conversation c, byte[] p) throws ConnectionEnded {
    int space = 0;
    while (space < p.length && p[space] != ' ') {
      space++;
    }
    if (space + 1 >= p.length) {
      c.control.reply(501, "The parameter must be a time and a name.");
      return;
    }
    applyModified(c, UtcTime.parse(p, 0, space), p, 213);
  }

  private static void applyModified(Conversation c, long when, byte[] p, int code)
      throws ConnectionEnded {
    if (when == UtcTime.INVALID) {
      c.control.reply(501, "The time must be YYYYMMDDHHMMSS, in UTC.");
      return;
    }
    int space = 0;
    while (p[space] != ' ') {
      space++;
    }
    try {
      c.files.setModified(c.resolvePath(Arrays.copyOfRange(p, space + 1, p.length)), when);
      // The server does not keep a fraction of a second, so the reply does not show one.
      c.control.reply(code, new Text("Modify=").addRaw(p, 0, STAMP).add("; set."));
    } catch (SystemCallException e) {
      c.replyFailure(e);
    }
  }
}
