/*
 * Trusted to be the policy: which login may use which command, and what of the kernel each command needs.  Nothing else
 * decides that; the kernel filter is made from the same rows.
 */
package org.twoftpd.session.command;

import static org.twoftpd.session.command.Command.Takes.NOTHING;
import static org.twoftpd.session.command.Command.Takes.PARAMETER;
import static org.twoftpd.session.command.Command.Takes.PERHAPS;
import static org.twoftpd.session.policy.Access.CREATE;
import static org.twoftpd.session.policy.Access.DATA_CONNECTION;
import static org.twoftpd.session.policy.Access.LIST;
import static org.twoftpd.session.policy.Access.LOOK_UP;
import static org.twoftpd.session.policy.Access.MODIFY;
import static org.twoftpd.session.policy.Access.READ;
import static org.twoftpd.session.policy.Access.WRITE;

import org.twoftpd.session.control.ConnectionEnded;
import org.twoftpd.session.control.ControlConnection;
import org.twoftpd.session.fs.Facts;
import org.twoftpd.session.policy.Access;
import org.twoftpd.shared.config.Table;

/**
 * The three tables: xfer may do everything with files, anon may look and fetch, drop may hand in.
 */
public final class Tables {
  /** All of a user's own files. */
  public static final CommandTable XFER = new CommandTable();

  /** Looking and fetching. */
  public static final CommandTable ANON = new CommandTable();

  /** Handing in. */
  public static final CommandTable DROP = new CommandTable();

  private static final int X = 1;
  private static final int A = 2;
  private static final int D = 4;
  private static final int ALL = X | A | D;

  static {
    row(ALL, "USER", PARAMETER, Information::alreadyIn, Access.NOTHING);
    row(ALL, "PASS", PERHAPS, Information::alreadyIn, Access.NOTHING);
    row(ALL, "ACCT", PERHAPS, Information::alreadyIn, Access.NOTHING);
    row(ALL, "QUIT", NOTHING, Information::quit, Access.NOTHING);

    row(ALL, "CWD", PARAMETER, Navigation::changeDirectory, LOOK_UP);
    row(ALL, "XCWD", PARAMETER, Navigation::changeDirectory, LOOK_UP);
    row(ALL, "CDUP", NOTHING, Navigation::changeToParent, LOOK_UP);
    row(ALL, "XCUP", NOTHING, Navigation::changeToParent, LOOK_UP);
    row(ALL, "PWD", NOTHING, Navigation::printDirectory, Access.NOTHING);
    row(ALL, "XPWD", NOTHING, Navigation::printDirectory, Access.NOTHING);

    row(ALL, "TYPE", PARAMETER, Parameters::type, Access.NOTHING);
    row(ALL, "STRU", PARAMETER, Parameters::structure, Access.NOTHING);
    row(ALL, "MODE", PARAMETER, Parameters::mode, Access.NOTHING);
    row(ALL, "PASV", NOTHING, Parameters::passive, DATA_CONNECTION);
    row(ALL, "EPSV", PERHAPS, Parameters::extendedPassive, DATA_CONNECTION);
    row(ALL, "PORT", PARAMETER, Parameters::port, DATA_CONNECTION);
    row(ALL, "EPRT", PARAMETER, Parameters::extendedPort, DATA_CONNECTION);
    row(X | A, "REST", PARAMETER, Parameters::restart, Access.NOTHING);

    row(X | A, "RETR", PARAMETER, Retrieval::retrieve, READ);
    row(X, "STOR", PARAMETER, Storage::store, WRITE);
    row(D, "STOR", PARAMETER, Storage::storeNew, CREATE);
    row(X, "STOU", PERHAPS, Storage::storeUnique, WRITE);
    row(D, "STOU", PERHAPS, Storage::storeUniqueNew, CREATE);
    row(X, "APPE", PARAMETER, Storage::append, WRITE);
    row(X | D, "ALLO", PARAMETER, Storage::allocate, LOOK_UP);
    row(ALL, "ABOR", NOTHING, Information::abort, Access.NOTHING);

    row(X | A, "LIST", PERHAPS, Listings::list, LIST);
    row(X | A, "NLST", PERHAPS, Listings::names, LIST);
    row(X | A, "MLSD", PERHAPS, Listings::machineList, LIST);
    row(X | A, "MLST", PERHAPS, Listings::machineStatus, LIST);
    row(D, "LIST", PERHAPS, Listings::nothing, Access.NOTHING);
    row(D, "NLST", PERHAPS, Listings::nothing, Access.NOTHING);
    row(D, "MLSD", PERHAPS, Listings::nothing, Access.NOTHING);
    row(D, "MLST", PERHAPS, Listings::hidden, Access.NOTHING);
    row(X | A, "SIZE", PARAMETER, Information::size, LOOK_UP);
    row(X, "MDTM", PARAMETER, Modification::timeOrSetTime, MODIFY);
    row(A, "MDTM", PARAMETER, Information::time, LOOK_UP);
    row(X, "MFMT", PARAMETER, Modification::setTime, MODIFY);

    row(X, "MKD", PARAMETER, Modification::makeDirectory, MODIFY);
    row(X, "XMKD", PARAMETER, Modification::makeDirectory, MODIFY);
    row(X, "RMD", PARAMETER, Modification::removeDirectory, MODIFY);
    row(X, "XRMD", PARAMETER, Modification::removeDirectory, MODIFY);
    row(X, "DELE", PARAMETER, Modification::delete, MODIFY);
    row(X, "RNFR", PARAMETER, Modification::renameFrom, MODIFY);
    row(X, "RNTO", PARAMETER, Modification::renameTo, MODIFY);

    row(ALL, "SITE", PARAMETER, Site::unknown, Access.NOTHING);
    row(ALL, "SITE HELP", PARAMETER, Site::help, Access.NOTHING);
    row(X, "SITE CHMOD", PARAMETER, Site::changeMode, MODIFY);
    row(X, "SITE UMASK", PARAMETER, Site::umask, MODIFY);

    row(X | A, "STAT", PERHAPS, Information::status, LIST);
    row(D, "STAT", NOTHING, Information::status, Access.NOTHING);
    row(ALL, "FEAT", NOTHING, Information::features, Access.NOTHING);
    row(ALL, "OPTS", PARAMETER, Parameters::options, Access.NOTHING);
    row(ALL, "CLNT", PARAMETER, Information::client, Access.NOTHING);
    row(ALL, "LANG", PERHAPS, Information::language, Access.NOTHING);
    row(ALL, "HELP", PERHAPS, Information::help, Access.NOTHING);
    row(ALL, "NOOP", PERHAPS, Information::nothing, Access.NOTHING);
    row(ALL, "SYST", NOTHING, Information::system, Access.NOTHING);
  }

  private Tables() {}

  private static void row(
      int tables, String verb, Command.Takes takes, Command.Handler handler, Access needs) {
    Command c = new Command(verb, takes, handler, needs);
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

  static CommandTable of(Table table) {
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

  /** Answers FEAT for a client that has not logged in, and so has no table yet. */
  public static void replyFeatures(ControlConnection control) throws ConnectionEnded {
    XFER.replyFeatures(control, Listings.describeFacts(Facts.ALL));
  }
}
