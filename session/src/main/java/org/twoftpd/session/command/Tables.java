/*
 * Trusted to be the policy: which login may use which command, and what of the kernel each command needs.  Nothing else
 * decides that; the kernel filter is made from the same rows.
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
 * The three tables: xfer may do everything with files, anon may look and fetch, drop may hand in.
 */
public final class Tables {
  /** All of a user's own files. */
  public static final CommandTable<Conversation> XFER = new CommandTable<>();

  /** Looking and fetching. */
  public static final CommandTable<Conversation> ANON = new CommandTable<>();

  /** Handing in. */
  public static final CommandTable<Conversation> DROP = new CommandTable<>();

  private static final int X = 1;
  private static final int A = 2;
  private static final int D = 4;
  private static final int ALL = X | A | D;

  static {
    row(ALL, "USER", NAME, Information::user, Access.NOTHING);
    row(ALL, "PASS", PERHAPS_NAME, Information::alreadyIn, Access.NOTHING);
    row(ALL, "ACCT", PERHAPS_WORDS, Information::alreadyIn, Access.NOTHING);
    row(ALL, "QUIT", NOTHING, Information::quit, Access.NOTHING);

    row(ALL, "CWD", NAME, Navigation::changeDirectory, LOOK_UP, "TVFS");
    row(ALL, "XCWD", NAME, Navigation::changeDirectory, LOOK_UP);
    row(ALL, "CDUP", NOTHING, Navigation::changeToParent, LOOK_UP);
    row(ALL, "XCUP", NOTHING, Navigation::changeToParent, LOOK_UP);
    row(ALL, "PWD", NOTHING, Navigation::printDirectory, Access.NOTHING);
    row(ALL, "XPWD", NOTHING, Navigation::printDirectory, Access.NOTHING);

    row(ALL, "TYPE", WORDS, Parameters::type, Access.NOTHING);
    row(ALL, "STRU", WORDS, Parameters::structure, Access.NOTHING);
    row(ALL, "MODE", WORDS, Parameters::mode, Access.NOTHING);
    row(ALL, "PASV", NOTHING, Parameters::passive, DATA_CONNECTION, "PASV");
    row(ALL, "EPSV", PERHAPS_WORDS, Parameters::extendedPassive, DATA_CONNECTION, "EPSV");
    row(ALL, "PORT", WORDS, Parameters::port, DATA_CONNECTION);
    row(ALL, "EPRT", WORDS, Parameters::extendedPort, DATA_CONNECTION, "EPRT");
    row(X | A, "REST", WORDS, Parameters::restart, Access.NOTHING, "REST STREAM");

    row(X | A, "RETR", NAME, Retrieval::retrieve, READ);
    row(X, "STOR", NAME, Storage::store, WRITE);
    row(D, "STOR", NAME, Storage::storeNew, CREATE);
    row(X, "STOU", PERHAPS_NAME, Storage::storeUnique, WRITE);
    row(D, "STOU", PERHAPS_NAME, Storage::storeUniqueNew, CREATE);
    row(X, "APPE", NAME, Storage::append, WRITE);
    row(X | D, "ALLO", WORDS, Storage::allocate, LOOK_UP);
    row(ALL, "ABOR", NOTHING, Information::abort, Access.NOTHING);

    row(X | A, "LIST", PERHAPS_NAME, Listings::list, LIST);
    row(X | A, "NLST", PERHAPS_NAME, Listings::names, LIST);
    row(X | A, "MLSD", PERHAPS_NAME, Listings::machineList, LIST);
    row(X | A, "MLST", PERHAPS_NAME, Listings::machineStatus, LIST, "MLST", Listings::chooseFacts);
    row(D, "LIST", PERHAPS_NAME, Listings::nothing, Access.NOTHING);
    row(D, "NLST", PERHAPS_NAME, Listings::nothing, Access.NOTHING);
    row(D, "MLSD", PERHAPS_NAME, Listings::nothing, Access.NOTHING);
    row(D, "MLST", PERHAPS_NAME, Listings::hidden, Access.NOTHING, "MLST", Listings::chooseFacts);
    row(X | A, "SIZE", NAME, Information::size, LOOK_UP, "SIZE");
    row(X, "MDTM", NAME, Modification::timeOrSetTime, MODIFY, "MDTM");
    row(A, "MDTM", NAME, Information::time, LOOK_UP, "MDTM");
    row(X, "MFMT", NAME, Modification::setTime, MODIFY, "MFMT");

    row(X, "MKD", NAME, Modification::makeDirectory, MODIFY);
    row(X, "XMKD", NAME, Modification::makeDirectory, MODIFY);
    row(X, "RMD", NAME, Modification::removeDirectory, MODIFY);
    row(X, "XRMD", NAME, Modification::removeDirectory, MODIFY);
    row(X, "DELE", NAME, Modification::delete, MODIFY);
    row(X, "RNFR", NAME, Modification::renameFrom, MODIFY);
    row(X, "RNTO", NAME, Modification::renameTo, MODIFY);

    row(ALL, "SITE", WORDS, Site::unknown, Access.NOTHING);
    row(ALL, "SITE HELP", WORDS, Site::help, Access.NOTHING);
    row(X, "SITE CHMOD", NAME, Site::changeMode, MODIFY);
    row(X, "SITE UMASK", WORDS, Site::umask, MODIFY);

    row(X | A, "STAT", PERHAPS_NAME, Information::status, LIST);
    row(D, "STAT", NOTHING, Information::status, Access.NOTHING);
    row(ALL, "FEAT", NOTHING, Information::features, Access.NOTHING);
    row(ALL, "OPTS", WORDS, Parameters::options, Access.NOTHING, "UTF8", Parameters::chooseUtf8);
    row(ALL, "CLNT", WORDS, Information::client, Access.NOTHING);
    row(ALL, "LANG", PERHAPS_WORDS, Information::language, Access.NOTHING);
    row(ALL, "HELP", PERHAPS_WORDS, Information::help, Access.NOTHING);
    row(ALL, "NOOP", PERHAPS_WORDS, Information::nothing, Access.NOTHING);
    row(ALL, "SYST", NOTHING, Information::system, Access.NOTHING);
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
   * True when the kernel must let a session of that table do this. The filter on a session is the
   * sum of what its table needs, so that no verb can be had by another way than its row.
   */
  public static boolean needs(Table table, Access access) {
    return of(table).needs(access);
  }

  /** True for a verb that some table has. */
  public static boolean isKnown(String verb) {
    return XFER.has(verb) || ANON.has(verb) || DROP.has(verb);
  }
}
