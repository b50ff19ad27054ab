package org.twoftpd.session.gate;

import static org.twoftpd.session.command.Command.Takes.NAME;
import static org.twoftpd.session.command.Command.Takes.NOTHING;
import static org.twoftpd.session.command.Command.Takes.PERHAPS_NAME;
import static org.twoftpd.session.command.Command.Takes.PERHAPS_WORDS;
import static org.twoftpd.session.command.Command.Takes.WORDS;

import org.twoftpd.session.command.Command;
import org.twoftpd.session.command.CommandTable;
import org.twoftpd.session.command.Tables;
import org.twoftpd.session.control.ConnectionEnded;
import org.twoftpd.session.control.ParsedReplies;
import org.twoftpd.session.listing.Facts;
import org.twoftpd.session.policy.Access;
import org.twoftpd.shared.wire.EndReason;

/**
 * The commands of clients that have not logged in. None of them needs a system call of its own, so
 * the gate's kernel filter allows none for them.
 */
final class LoginTable {
  static final CommandTable<LoginDialogue> LOGIN = new CommandTable<>();

  static {
    addRow("USER", NAME, LoginDialogue::takeUserName);
    addRow("PASS", PERHAPS_NAME, LoginDialogue::requestLogin);
    addRow("QUIT", NOTHING, LoginTable::endDialogue);
    addRow("SYST", NOTHING, (d, p) -> d.control().reply(215, ParsedReplies.SYSTEM));
    addRow("NOOP", PERHAPS_WORDS, (d, p) -> d.control().reply(200, "Nothing done."));
    addRow("HELP", PERHAPS_WORDS, LoginTable::replyHelp);
    addRow("FEAT", NOTHING, LoginTable::replyFeatures);
    addRowWithOption("OPTS", WORDS, LoginTable::chooseOption, "UTF8", LoginTable::chooseUtf8);
    addRow("AUTH", WORDS, LoginTable::authenticate);
    addRow("PBSZ", WORDS, LoginTable::setBufferSize);
    addRow("PROT", WORDS, LoginTable::chooseLevel);
    addRow("CCC", NOTHING, LoginTable::refuseClearing);
    addRow("SITE", WORDS, LoginDialogue::answerOtherCommand);
    addRow("SITE HELP", WORDS, LoginTable::replySiteHelp);
  }

  private LoginTable() {}

  private static void addRow(
      String verb, Command.Takes takes, Command.Handler<LoginDialogue> handler) {
    addRowWithOption(verb, takes, handler, null, null);
  }

  private static void addRowWithOption(
      String verb,
      Command.Takes takes,
      Command.Handler<LoginDialogue> handler,
      String feature,
      Command.Handler<LoginDialogue> option) {
    LOGIN.addRow(new Command<>(verb, takes, handler, Access.NOTHING, feature, option));
  }

  private static void endDialogue(LoginDialogue d, byte[] none) throws ConnectionEnded {
    d.control().reply(221, "Goodbye.");
    throw new ConnectionEnded(EndReason.QUIT);
  }

  private static void replyHelp(LoginDialogue d, byte[] words) throws ConnectionEnded {
    LOGIN.replyHelp(
        d.control(), "Commands before login:", false, "More commands are available after login.");
  }

  private static void replySiteHelp(LoginDialogue d, byte[] words) throws ConnectionEnded {
    d.control().reply(214, "SITE commands are available after login.");
  }

  /**
   * Lists the features of the largest table, since the table of this client becomes known only when
   * it logs in.
   */
  private static void replyFeatures(LoginDialogue d, byte[] none) throws ConnectionEnded {
    Tables.XFER.replyFeatures(d.control(), Facts.describeAll(Facts.ALL), d.tls().isOffered());
  }

  private static void authenticate(LoginDialogue d, byte[] mechanism) throws ConnectionEnded {
    if (d.hasTls() && d.tls().authenticate(d.control(), mechanism)) {
      d.goOnOverTls();
    }
  }

  private static void setBufferSize(LoginDialogue d, byte[] size) throws ConnectionEnded {
    if (d.hasTls()) {
      d.tls().setBufferSize(d.control(), size);
    }
  }

  private static void chooseLevel(LoginDialogue d, byte[] level) throws ConnectionEnded {
    if (d.hasTls()) {
      d.tls().chooseLevel(d.control(), level);
    }
  }

  private static void refuseClearing(LoginDialogue d, byte[] none) throws ConnectionEnded {
    if (d.hasTls()) {
      d.tls().refuseClearing(d.control());
    }
  }

  private static void chooseOption(LoginDialogue d, byte[] parameter) throws ConnectionEnded {
    LOGIN.chooseOption(d, d.control(), parameter);
  }

  private static void chooseUtf8(LoginDialogue d, byte[] choice) throws ConnectionEnded {
    CommandTable.replyUtf8(d.control(), choice);
  }
}
