package org.twoftpd.session.command;

import java.util.Arrays;
import org.twoftpd.session.control.ConnectionEnded;
import org.twoftpd.session.control.ParsedReplies;
import org.twoftpd.session.listing.Facts;
import org.twoftpd.session.text.Text;
import org.twoftpd.session.text.UtcTime;
import org.twoftpd.shared.config.SessionOption;
import org.twoftpd.shared.os.FileStatus;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.wire.EndReason;

/**
 * Carries out USER and PASS after login, QUIT, SYST, NOOP, HELP, FEAT, STAT, SIZE, MDTM, ABOR, CLNT
 * and LANG. None of these changes a file.
 */
final class Information {
  private Information() {}

  static void answerLoggedIn(Conversation c, byte[] p) throws ConnectionEnded {
    c.control.reply(230, "Already logged in.");
  }

  /**
   * Refuses USER with another name: a client that got 230 for it would believe that it is that user
   * from then on.
   */
  static void refuseOtherUser(Conversation c, byte[] p) throws ConnectionEnded {
    if (isOwnName(c, p)) {
      answerLoggedIn(c, p);
    } else {
      c.control.reply(
          530,
          new Text("Already logged in as ")
              .addName(c.account.user())
              .add("; another user needs another connection."));
    }
  }

  private static boolean isOwnName(Conversation c, byte[] name) {
    return Arrays.equals(name, c.account.user())
        || c.options.get(SessionOption.ANONYMOUS).isFor(name);
  }

  static void quitSession(Conversation c, byte[] none) throws ConnectionEnded {
    c.control.reply(221, "Goodbye.");
    throw new ConnectionEnded(EndReason.QUIT);
  }

  static void abortTransfer(Conversation c, byte[] none) throws ConnectionEnded {
    c.data.reset();
    c.control.reply(226, "There is no transfer to abort.");
  }

  static void showSystem(Conversation c, byte[] none) throws ConnectionEnded {
    c.control.reply(215, ParsedReplies.SYSTEM);
  }

  static void doNothing(Conversation c, byte[] p) throws ConnectionEnded {
    c.control.reply(200, "Nothing done.");
  }

  static void showHelp(Conversation c, byte[] p) throws ConnectionEnded {
    c.table.replyHelp(c.control, ParsedReplies.HELP, false, "End.");
  }

  static void showFeatures(Conversation c, byte[] none) throws ConnectionEnded {
    c.table.replyFeatures(c.control, Facts.describeAll(c.facts), c.protection.isSecure());
  }

  static void acceptClientName(Conversation c, byte[] p) throws ConnectionEnded {
    c.control.reply(200, "Noted.");
  }

  static void chooseLanguage(Conversation c, byte[] p) throws ConnectionEnded {
    c.control.reply(200, "Replies are in English.");
  }

  static void showStatus(Conversation c, byte[] p) throws ConnectionEnded {
    if (p != null) {
      Listings.replyList(c, p);
      return;
    }
    showStatus(c, null, 0);
  }

  /**
   * Answers STAT without a path.
   *
   * @param transfer the name of the transfer that goes on, or null
   * @param bytes how many bytes of it have moved
   */
  static void showStatus(Conversation c, String transfer, long bytes) throws ConnectionEnded {
    c.control.replyLine(211, new Text("Status of this session:"));
    c.control.replyUncodedLine(new Text("Connected from ").add(c.account.peer().host()));
    c.control.replyUncodedLine(new Text("Logged in as ").addName(c.account.user()));
    c.control.replyUncodedLine(new Text("Directory ").addQuoted(c.directory.bytes()));
    c.control.replyUncodedLine(
        new Text("Type ").add(c.ascii ? "ASCII" : "image").add(", structure file, mode stream"));
    c.control.replyUncodedLine(
        new Text("Received ").add(c.bytesIn).add(" bytes, sent ").add(c.bytesOut).add(" bytes"));
    if (transfer != null) {
      c.control.replyUncodedLine(
          new Text(transfer).add(" in progress, ").add(bytes).add(" bytes so far"));
    }
    c.control.reply(211, "End.");
  }

  static void showSize(Conversation c, byte[] p) throws ConnectionEnded {
    try {
      FileStatus s = c.files.status(c.resolvePath(p));
      if (s.isRegular()) {
        c.control.reply(213, new Text().add(s.size()));
      } else {
        c.control.reply(550, "Not a regular file.");
      }
    } catch (SystemCallException e) {
      c.replyFailure(e);
    }
  }

  static void showModified(Conversation c, byte[] p) throws ConnectionEnded {
    try {
      FileStatus s = c.files.status(c.resolvePath(p));
      c.control.reply(213, formatStamp(s.modified()));
    } catch (SystemCallException e) {
      c.replyFailure(e);
    }
  }

  /** Formats a time as YYYYMMDDHHMMSS in UTC (RFC 3659, 2.3). */
  static Text formatStamp(long seconds) {
    Text stamp = new Text();
    UtcTime.ofEpochSecond(seconds).appendTimestamp(stamp);
    return stamp;
  }
}
