package org.twoftpd.session.command;

import java.util.Arrays;
import org.twoftpd.session.control.ConnectionEnded;
import org.twoftpd.session.control.ParsedReplies;
import org.twoftpd.session.fs.FileHandle;
import org.twoftpd.session.fs.VirtualPath;
import org.twoftpd.session.policy.Access;
import org.twoftpd.session.text.Text;
import org.twoftpd.shared.config.SessionOption;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/**
 * Carries out CWD, CDUP and PWD. The working directory is a name and no more: the kernel looks it
 * up again for every use.
 */
final class Navigation {
  private static final int MESSAGE_MAX = 16384;
  private static final byte[] HOME = {'~'};

  private Navigation() {}

  static void changeDirectory(Conversation c, byte[] parameter) throws ConnectionEnded {
    try {
      enterDirectory(
          c, isBelowHome(c, parameter) ? resolveFromHome(c, parameter) : c.resolvePath(parameter));
    } catch (SystemCallException e) {
      c.replyFailure(e);
    }
  }

  /**
   * Returns whether the parameter means the home: some clients send "~" and "~/x", which a shell
   * would replace.
   */
  private static boolean isBelowHome(Conversation c, byte[] p) {
    if (p[0] != '~' || p.length > 1 && p[1] != '/') {
      return false;
    }
    try {
      c.files.linkStatus(c.directory.resolve(HOME));
      return false;
    } catch (SystemCallException e) {
      // No file has that name, so it stands for the home.
      return true;
    }
  }

  private static VirtualPath resolveFromHome(Conversation c, byte[] p) throws SystemCallException {
    byte[] below = p.clone();
    below[0] = '.';
    return c.files.start().resolve(below);
  }

  static void changeToParent(Conversation c, byte[] none) throws ConnectionEnded {
    try {
      enterDirectory(c, c.directory.parent());
    } catch (SystemCallException e) {
      c.replyFailure(e);
    }
  }

  private static void enterDirectory(Conversation c, VirtualPath to)
      throws ConnectionEnded, SystemCallException {
    c.files.checkEnterable(to);
    c.directory = to;
    showMessage(c, 250);
    c.control.reply(250, new Text("Now in ").addQuoted(to.bytes()).add("."));
  }

  static void printDirectory(Conversation c, byte[] none) throws ConnectionEnded {
    c.control.reply(257, ParsedReplies.workingDirectory(c.directory.bytes()));
  }

  /** Sends the message file of the current directory as lines of a reply, when there is one. */
  static void showMessage(Conversation c, int code) throws ConnectionEnded {
    byte[] name = c.options.get(SessionOption.MESSAGEFILE);
    if (name.length == 0 || !c.table.needs(Access.READ)) {
      // A login that may not read files, as with the drop table, is shown none here either.
      return;
    }
    byte[] text = new byte[MESSAGE_MAX];
    int n = 0;
    try (FileHandle f = c.opener.openForReading(c.directory.resolve(name))) {
      int got;
      while (n < text.length && (got = Native.read(f.fd(), text, n, text.length - n)) > 0) {
        n += got;
      }
    } catch (SystemCallException e) {
      return;
    }
    c.control.replyLines(code, Arrays.copyOf(text, n));
  }
}
