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
 * The three command tables: xfer may do everything with files, anon may look and fetch, drop may
 * hand in.
 */
public final class Tables {
  /** The commands of xfer, for a user's own files. */
  public static final CommandTable<Conversation> XFER = new CommandTable<>();

  /** The commands of anon, which looks and fetches. */
  public static final CommandTable<Conversation> ANON = new CommandTable<>();

  /** The commands of drop, which hands in. */
  public static final CommandTable<Conversation> DROP = new CommandTable<>();

  private static final int X = 1;
  private static final int A = 2;
  private static final int D = 4;
  private static final int ALL = X | A | D;

  static {
    row(ALL, "USER", NAME, Information::refuseOtherUser, Access.NOTHING);
    row(ALL, "PASS", PERHAPS_NAME, Information::answerLoggedIn, Access.NOTHING);
    row(ALL, "ACCT", PERHAPS_WORDS, Information::answerLoggedIn, Access.NOTHING);
    row(ALL, "QUIT", NOTHING, Information::quitSession, Access.NOTHING);

    row(ALL, "CWD", NAME, Navigation::changeDirectory, LOOK_UP, "TVFS");
    row(ALL, "XCWD", NAME, Navigation::changeDirectory, LOOK_UP);
    row(ALL, "CDUP", NOTHING, Navigation::changeToParent, LOOK_UP);
    row(ALL, "XCUP", NOTHING, Navigation::changeToParent, LOOK_UP);
    row(ALL, "PWD", NOTHING, Navigation::printDirectory, Access.NOTHING);
    row(ALL, "XPWD", NOTHING, Navigation::printDirectory, Access.NOTHING);

    row(ALL, "TYPE", WORDS, Parameters::chooseType, Access.NOTHING);
    row(ALL, "STRU", WORDS, Parameters::chooseStructure, Access.NOTHING);
    row(ALL, "MODE", WORDS, Parameters::chooseMode, Access.NOTHING);
    row(ALL, "PASV", NOTHING, Parameters::listenPassive, DATA_CONNECTION, "PASV");
    row(ALL, "EPSV", PERHAPS_WORDS, Parameters::listenExtendedPassive, DATA_CONNECTION, "EPSV");
    row(ALL, "PORT", WORDS, Parameters::setPort, DATA_CONNECTION);
    row(ALL, "EPRT", WORDS, Parameters::setExtendedPort, DATA_CONNECTION, "EPRT");
    row(X | A, "REST", WORDS, Parameters::setRestartOffset, Access.NOTHING, "REST STREAM");

    row(X | A, "RETR", NAME, Retrieval::retrieveFile, READ);
    row(X, "STOR", NAME, Storage::storeFile, WRITE);
    row(D, "STOR", NAME, Storage::storeNewFile, CREATE);
    row(X, "STOU", PERHAPS_NAME, Storage::storeUniqueFile, WRITE);
    row(D, "STOU", PERHAPS_NAME, Storage::storeNewUniqueFile, CREATE);
    row(X, "APPE", NAME, Storage::appendFile, WRITE);
    row(X | D, "ALLO", WORDS, Storage::checkRoom, LOOK_UP);
    row(ALL, "ABOR", NOTHING, Information::abortTransfer, Access.NOTHING);

    row(X | A, "LIST", PERHAPS_NAME, Listings::sendList, LIST);
    row(X | A, "NLST", PERHAPS_NAME, Listings::sendNames, LIST);
    row(X | A, "MLSD", PERHAPS_NAME, Listings::sendMachineList, LIST);
    row(X | A, "MLST", PERHAPS_NAME, Listings::replyFacts, LIST, "MLST", Listings::chooseFacts);
    row(D, "LIST", PERHAPS_NAME, Listings::sendNothing, Access.NOTHING);
    row(D, "NLST", PERHAPS_NAME, Listings::sendNothing, Access.NOTHING);
    row(D, "MLSD", PERHAPS_NAME, Listings::sendNothing, Access.NOTHING);
    row(
        D,
        "MLST",
        PERHAPS_NAME,
        Listings::refuseHidden,
        Access.NOTHING,
        "MLST",
        Listings::chooseFacts);
    row(X | A, "SIZE", NAME, Information::showSize, LOOK_UP, "SIZE");
    row(X, "MDTM", NAME, Modification::showOrSetModified, MODIFY, "MDTM");
    row(A, "MDTM", NAME, Information::showModified, LOOK_UP, "MDTM");
    row(X, "MFMT", NAME, Modification::setModified, MODIFY, "MFMT");

    row(X, "MKD", NAME, Modification::makeDirectory, MODIFY);
    row(X, "XMKD", NAME, Modification::makeDirectory, MODIFY);
    row(X, "RMD", NAME, Modification::removeDirectory, MODIFY);
    row(X, "XRMD", NAME, Modification::removeDirectory, MODIFY);
    row(X, "DELE", NAME, Modification::deleteFile, MODIFY);
    row(X, "RNFR", NAME, Modification::rememberRenameSource, MODIFY);
    row(X, "RNTO", NAME, Modification::renameFile, MODIFY);

    row(ALL, "SITE", WORDS, Site::refuseUnknown, Access.NOTHING);
    row(ALL, "SITE HELP", WORDS, Site::showHelp, Access.NOTHING);
    row(X, "SITE CHMOD", NAME, Site::changeMode, MODIFY);
    row(X, "SITE UMASK", WORDS, Site::changeUmask, MODIFY);

    row(X | A, "STAT", PERHAPS_NAME, Information::showStatus, LIST);
    row(D, "STAT", NOTHING, Information::showStatus, Access.NOTHING);
    row(ALL, "FEAT", NOTHING, Information::showFeatures, Access.NOTHING);
    row(
        ALL,
        "OPTS",
        WORDS,
        Parameters::chooseOption,
        Access.NOTHING,
        "UTF8",
        Parameters::chooseUtf8);
    row(ALL, "CLNT", WORDS, Information::acceptClientName, Access.NOTHING);
    row(ALL, "LANG", PERHAPS_WORDS, Information::chooseLanguage, Access.NOTHING);
    row(ALL, "HELP", PERHAPS_WORDS, Information::showHelp, Access.NOTHING);
    row(ALL, "NOOP", PERHAPS_WORDS, Information::doNothing, Access.NOTHING);
    row(ALL, "SYST", NOTHING, Information::showSystem, Access.NOTHING);
  }

  private Tables() {}

  private static void row(
      int tables,
      String verb,
      Command.Takes takes,
      Command.Handler<Conversation> handler,
      Access needs) {
    row(tables, verb, takes, handler, needs, null);
  }

  private static void row(
      int tables,
      String verb,
      Command.Takes takes,
      Command.Handler<Conversation> handler,
      Access needs,
      String feature) {
    row(tables, verb, takes, handler, needs, feature, null);
  }

  private static void row(
      int tables,
      String verb,
      Command.Takes takes,
      Command.Handler<Conversation> handler,
      Access needs,
      String feature,
      Command.Handler<Conversation> option) {
    Command<Conversation> c = new Command<>(verb, takes, handler, needs, feature, option);
    if ((tables & X) != 0) {
      XFER.add(c);
    }
    if ((tables & A) != 0) {
      ANON.add(c);
    }
    if ((tables & D) != 0) {
      DROP.add(c);
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
