/*
 * Trusted to be the policy: these rows alone decide which login may use which command, and what
 * each command may ask of the kernel. The kernel filter is made from the same rows.
 */
package org.twoftpd.session.command;

import static org.twoftpd.session.command.Command.Takes.NAME;
import static org.twoftpd.session.command.Command.Takes.NOTHING;
import static org.twoftpd.session.command.Command.Takes.PERHAPS_NAME;
import static org.twoftpd.session.command.Command.Takes.PERHAPS_WORDS;
import static org.twoftpd.session.command.Command.Takes.WORDS;
import static org.twoftpd.session.policy.Access.CREATE;
import static org.twoftpd.session.policy.Access.DATA_CONNECTION;
import static org.twoftpd.session.policy.Access.LIST;
import static org.twoftpd.session.policy.Access.LOOK_UP;
import static org.twoftpd.session.policy.Access.MODIFY;
import static org.twoftpd.session.policy.Access.READ;
import static org.twoftpd.session.policy.Access.WRITE;

import org.twoftpd.session.policy.Access;
import org.twoftpd.shared.config.Table;

/**
 * There are three command tables: xfer may do everything with files, anon may look and fetch, drop
 * may hand in.
 */
public final class Tables {
  /** Xfer is for a user's own files, and has every command. */
  public static final CommandTable<Conversation> XFER = new CommandTable<>();

  /** Anon looks and fetches. */
  public static final CommandTable<Conversation> ANON = new CommandTable<>();

  /** Drop hands in. */
  public static final CommandTable<Conversation> DROP = new CommandTable<>();

  private static final int X = 1;
  private static final int A = 2;
  private static final int D = 4;
  private static final int ALL = X | A | D;

  static {
    addRow(ALL, "USER", NAME, Information::refuseOtherUser, Access.NOTHING);
    addRow(ALL, "PASS", PERHAPS_NAME, Information::answerLoggedIn, Access.NOTHING);
    addRow(ALL, "ACCT", PERHAPS_WORDS, Information::answerLoggedIn, Access.NOTHING);
    addRow(ALL, "QUIT", NOTHING, Information::quitSession, Access.NOTHING);
    addRow(ALL, "AUTH", WORDS, Protection::refuseSecondTls, Access.NOTHING);
    addRow(ALL, "PBSZ", WORDS, (c, p) -> c.protection.setBufferSize(c.control, p), Access.NOTHING);
    addRow(ALL, "PROT", WORDS, (c, p) -> c.protection.chooseLevel(c.control, p), Access.NOTHING);
    addRow(ALL, "CCC", NOTHING, (c, _) -> c.protection.refuseClearing(c.control), Access.NOTHING);

    addRow(ALL, "CWD", NAME, Navigation::changeDirectory, LOOK_UP, "TVFS");
    addRow(ALL, "XCWD", NAME, Navigation::changeDirectory, LOOK_UP);
    addRow(ALL, "CDUP", NOTHING, Navigation::changeToParent, LOOK_UP);
    addRow(ALL, "XCUP", NOTHING, Navigation::changeToParent, LOOK_UP);
    addRow(ALL, "PWD", NOTHING, Navigation::printDirectory, Access.NOTHING);
    addRow(ALL, "XPWD", NOTHING, Navigation::printDirectory, Access.NOTHING);

    addRow(ALL, "TYPE", WORDS, Parameters::chooseType, Access.NOTHING);
    addRow(ALL, "STRU", WORDS, Parameters::chooseStructure, Access.NOTHING);
    addRow(ALL, "MODE", WORDS, Parameters::chooseMode, Access.NOTHING);
    addRow(ALL, "PASV", NOTHING, Parameters::listenPassive, DATA_CONNECTION, "PASV");
    addRow(ALL, "EPSV", PERHAPS_WORDS, Parameters::listenExtendedPassive, DATA_CONNECTION, "EPSV");
    addRow(ALL, "PORT", WORDS, Parameters::setPort, DATA_CONNECTION);
    addRow(ALL, "EPRT", WORDS, Parameters::setExtendedPort, DATA_CONNECTION, "EPRT");
    addRow(X | A, "REST", WORDS, Parameters::setRestartOffset, Access.NOTHING, "REST STREAM");

    addRow(X | A, "RETR", NAME, Retrieval::retrieveFile, READ);
    addRow(X, "STOR", NAME, Storage::storeFile, WRITE);
    addRow(D, "STOR", NAME, Storage::storeNewFile, CREATE);
    addRow(X, "STOU", PERHAPS_NAME, Storage::storeUniqueFile, WRITE);
    addRow(D, "STOU", PERHAPS_NAME, Storage::storeNewUniqueFile, CREATE);
    addRow(X, "APPE", NAME, Storage::appendFile, WRITE);
    addRow(X | D, "ALLO", WORDS, Storage::checkRoom, LOOK_UP);
    addRow(ALL, "ABOR", NOTHING, Information::abortTransfer, Access.NOTHING);

    addRow(X | A, "LIST", PERHAPS_NAME, Listings::sendList, LIST);
    addRow(X | A, "NLST", PERHAPS_NAME, Listings::sendNames, LIST);
    addRow(X | A, "MLSD", PERHAPS_NAME, Listings::sendMachineList, LIST);
    addRow(X | A, "MLST", PERHAPS_NAME, Listings::replyFacts, LIST, "MLST", Listings::chooseFacts);
    addRow(D, "LIST", PERHAPS_NAME, Listings::sendNothing, Access.NOTHING);
    addRow(D, "NLST", PERHAPS_NAME, Listings::sendNothing, Access.NOTHING);
    addRow(D, "MLSD", PERHAPS_NAME, Listings::sendNothing, Access.NOTHING);
    addRow(
        D,
        "MLST",
        PERHAPS_NAME,
        Listings::refuseHidden,
        Access.NOTHING,
        "MLST",
        Listings::chooseFacts);
    addRow(X | A, "SIZE", NAME, Information::showSize, LOOK_UP, "SIZE");
    addRow(X, "MDTM", NAME, Modification::showOrSetModified, MODIFY, "MDTM");
    addRow(A, "MDTM", NAME, Information::showModified, LOOK_UP, "MDTM");
    addRow(X, "MFMT", NAME, Modification::setModified, MODIFY, "MFMT");

    addRow(X, "MKD", NAME, Modification::makeDirectory, MODIFY);
    addRow(X, "XMKD", NAME, Modification::makeDirectory, MODIFY);
    addRow(X, "RMD", NAME, Modification::removeDirectory, MODIFY);
    addRow(X, "XRMD", NAME, Modification::removeDirectory, MODIFY);
    addRow(X, "DELE", NAME, Modification::deleteFile, MODIFY);
    addRow(X, "RNFR", NAME, Modification::rememberRenameSource, MODIFY);
    addRow(X, "RNTO", NAME, Modification::renameFile, MODIFY);

    addRow(ALL, "SITE", WORDS, Site::refuseUnknown, Access.NOTHING);
    addRow(ALL, "SITE HELP", WORDS, Site::showHelp, Access.NOTHING);
    addRow(X, "SITE CHMOD", NAME, Site::changeMode, MODIFY);
    addRow(X, "SITE UMASK", WORDS, Site::changeUmask, MODIFY);

    addRow(X | A, "STAT", PERHAPS_NAME, Information::showStatus, LIST);
    addRow(D, "STAT", NOTHING, Information::showStatus, Access.NOTHING);
    addRow(ALL, "FEAT", NOTHING, Information::showFeatures, Access.NOTHING);
    addRow(
        ALL,
        "OPTS",
        WORDS,
        Parameters::chooseOption,
        Access.NOTHING,
        "UTF8",
        Parameters::chooseUtf8);
    addRow(ALL, "CLNT", WORDS, Information::acceptClientName, Access.NOTHING);
    addRow(ALL, "LANG", PERHAPS_WORDS, Information::chooseLanguage, Access.NOTHING);
    addRow(ALL, "HELP", PERHAPS_WORDS, Information::showHelp, Access.NOTHING);
    addRow(ALL, "NOOP", PERHAPS_WORDS, Information::doNothing, Access.NOTHING);
    addRow(ALL, "SYST", NOTHING, Information::showSystem, Access.NOTHING);
  }

  private Tables() {}

  private static void addRow(
      int tables,
      String verb,
      Command.Takes takes,
      Command.Handler<Conversation> handler,
      Access needs) {
    addRow(tables, verb, takes, handler, needs, null);
  }

  private static void addRow(
      int tables,
      String verb,
      Command.Takes takes,
      Command.Handler<Conversation> handler,
      Access needs,
      String feature) {
    addRow(tables, verb, takes, handler, needs, feature, null);
  }

  private static void addRow(
      int tables,
      String verb,
      Command.Takes takes,
      Command.Handler<Conversation> handler,
      Access needs,
      String feature,
      Command.Handler<Conversation> option) {
    Command<Conversation> c = new Command<>(verb, takes, handler, needs, feature, option);
    if ((tables & X) != 0) {
      XFER.addRow(c);
    }
    if ((tables & A) != 0) {
      ANON.addRow(c);
    }
    if ((tables & D) != 0) {
      DROP.addRow(c);
    }
  }

  static CommandTable<Conversation> of(Table table) {
    return switch (table) {
      case XFER -> XFER;
      case ANON -> ANON;
      case DROP -> DROP;
    };
  }

  /**
   * Returns whether the kernel must let a session of that table do this. The filter on a session
   * permits the sum of what its table needs, so that no other part of the program can be used to do
   * what the table does not have.
   */
  public static boolean needs(Table table, Access access) {
    return of(table).needs(access);
  }

  /** Returns whether some table has the verb. */
  public static boolean isKnown(String verb) {
    return XFER.has(verb) || ANON.has(verb) || DROP.has(verb);
  }
}
