/*
 * Trusted to change a file's permissions, never beyond 0777, and the mask for new files.
 */
package org.twoftpd.session.command;

import java.util.Arrays;
import org.twoftpd.session.control.ConnectionEnded;
import org.twoftpd.session.control.ParsedReplies;
import org.twoftpd.session.fs.VirtualPath;
import org.twoftpd.session.text.Ascii;
import org.twoftpd.session.text.Text;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.wire.SessionReport;

/** Carries out the commands below SITE. */
final class Site {
  private static final int MODE_MAX = 0777;

  private Site() {}

  /** Answers SITE with a word that is not in the table. */
  static void refuseUnknown(Conversation c, byte[] p) throws ConnectionEnded {
    c.control.reply(502, CommandTable.NOT_IMPLEMENTED);
  }

  static void showHelp(Conversation c, byte[] p) throws ConnectionEnded {
    c.table.replyHelp(c.control, ParsedReplies.SITE_HELP, true, "End.");
  }

  static void changeMode(Conversation c, byte[] p) throws ConnectionEnded {
    byte[] rest = CommandTable.afterFirstWord(p);
    int space = 0;
    while (rest != null && space < rest.length && rest[space] != ' ') {
      space++;
    }
    long mode = rest == null ? -1 : Ascii.parseNumber(rest, 0, space, 8);
    if (mode < 0 || mode > MODE_MAX || space + 1 >= rest.length) {
      c.control.reply(501, "The parameter must be an octal mode from 0 to 777 and a name.");
      return;
    }
    byte[] name = Arrays.copyOfRange(rest, space + 1, rest.length);
    byte[] path = name;
    try {
      VirtualPath file = c.resolvePath(name);
      path = file.bytes();
      c.files.changeMode(file, (int) mode);
      c.monitor.report(new SessionReport.ModeChanged(true, path, (int) mode));
      c.control.reply(ParsedReplies.MODE_CHANGED, "Mode changed.");
    } catch (SystemCallException e) {
      c.monitor.report(new SessionReport.ModeChanged(false, path, (int) mode));
      c.replyFailure(e);
    }
  }

  static void changeUmask(Conversation c, byte[] p) throws ConnectionEnded {
    byte[] rest = CommandTable.afterFirstWord(p);
    if (rest != null) {
      long mask = Ascii.parseNumber(rest, 0, rest.length, 8);
      if (mask < 0 || mask > MODE_MAX) {
        c.control.reply(501, "The mask must be octal, from 0 to 777.");
        return;
      }
      c.umask = (int) mask;
      Native.umask(c.umask);
    }
    c.control.reply(
        200, new Text("The mask for new files is 0").add(Integer.toOctalString(c.umask)).add("."));
  }
}
