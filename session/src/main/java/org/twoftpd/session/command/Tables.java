/*
 * Trusted to be the policy: which login may use which command.  Nothing else decides that.
 */
package org.twoftpd.session.command;

import static org.twoftpd.session.command.Command.Takes.NOTHING;
import static org.twoftpd.session.command.Command.Takes.PARAMETER;
import static org.twoftpd.session.command.Command.Takes.PERHAPS;

import org.twoftpd.session.control.ConnectionEnded;
import org.twoftpd.session.control.ControlConnection;
import org.twoftpd.session.fs.Facts;
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
    row(ALL, "USER", PARAMETER, Information::alreadyIn);
    row(ALL, "PASS", PERHAPS, Information::alreadyIn);
    row(ALL, "ACCT", PERHAPS, Information::alreadyIn);
    row(ALL, "QUIT", NOTHING, Information::quit);

    row(ALL, "CWD", PARAMETER, Navigation::changeDirectory);
    row(ALL, "XCWD", PARAMETER, Navigation::changeDirectory);
    row(ALL, "CDUP", NOTHING, Navigation::changeToParent);
    row(ALL, "XCUP", NOTHING, Navigation::changeToParent);
    row(ALL, "PWD", NOTHING, Navigation::printDirectory);
    row(ALL, "XPWD", NOTHING, Navigation::printDirectory);

    row(ALL, "TYPE", PARAMETER, Parameters::type);
    row(ALL, "STRU", PARAMETER, Parameters::structure);
    row(ALL, "MODE", PARAMETER, Parameters::mode);
    row(ALL, "PASV", NOTHING, Parameters::passive);
    row(ALL, "EPSV", PERHAPS, Parameters::extendedPassive);
    row(ALL, "PORT", PARAMETER, Parameters::port);
    row(ALL, "EPRT", PARAMETER, Parameters::extendedPort);
    row(X | A, "REST", PARAMETER, Parameters::restart);

    row(X | A, "RETR", PARAMETER, Retrieval::retrieve);
    row(X, "STOR", PARAMETER, Storage::store);
    row(D, "STOR", PARAMETER, Storage::storeNew);
    row(X, "STOU", PERHAPS, Storage::storeUnique);
    row(D, "STOU", PERHAPS, Storage::storeUniqueNew);
    row(X, "APPE", PARAMETER, Storage::append);
    row(X | D, "ALLO", PARAMETER, Storage::allocate);
    row(ALL, "ABOR", NOTHING, Information::abort);

    row(X | A, "LIST", PERHAPS, Listings::list);
    row(X | A, "NLST", PERHAPS, Listings::names);
    row(X | A, "MLSD", PERHAPS, Listings::machineList);
    row(X | A, "MLST", PERHAPS, Listings::machineStatus);
    row(D, "LIST", PERHAPS, Listings::nothing);
    row(D, "NLST", PERHAPS, Listings::nothing);
    row(D, "MLSD", PERHAPS, Listings::nothing);
    row(D, "MLST", PERHAPS, Listings::hidden);
    row(X | A, "SIZE", PARAMETER, Information::size);
    row(X, "MDTM", PARAMETER, Modification::timeOrSetTime);
    row(A, "MDTM", PARAMETER, Information::time);
    row(X, "MFMT", PARAMETER, Modification::setTime);

    row(X, "MKD", PARAMETER, Modification::makeDirectory);
    row(X, "XMKD", PARAMETER, Modification::makeDirectory);
    row(X, "RMD", PARAMETER, Modification::removeDirectory);
    row(X, "XRMD", PARAMETER, Modification::removeDirectory);
    row(X, "DELE", PARAMETER, Modification::delete);
    row(X, "RNFR", PARAMETER, Modification::renameFrom);
    row(X, "RNTO", PARAMETER, Modification::renameTo);

    row(ALL, "SITE", PARAMETER, Site::unknown);
    row(ALL, "SITE HELP", PARAMETER, Site::help);
    row(X, "SITE CHMOD", PARAMETER, Site::changeMode);
    row(X, "SITE UMASK", PARAMETER, Site::umask);

    row(X | A, "STAT", PERHAPS, Information::status);
    row(D, "STAT", NOTHING, Information::status);
    row(ALL, "FEAT", NOTHING, Information::features);
    row(ALL, "OPTS", PARAMETER, Parameters::options);
    row(ALL, "CLNT", PARAMETER, Information::client);
    row(ALL, "LANG", PERHAPS, Information::language);
    row(ALL, "HELP", PERHAPS, Information::help);
    row(ALL, "NOOP", PERHAPS, Information::nothing);
    row(ALL, "SYST", NOTHING, Information::system);
  }

  private Tables() {}

  private static void row(int tables, String verb, Command.Takes takes, Command.Handler handler) {
    Command c = new Command(verb, takes, handler);
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

  /** True for a verb that some table has. */
  public static boolean isKnown(String verb) {
    return XFER.has(verb) || ANON.has(verb) || DROP.has(verb);
  }

  /** Answers FEAT for a client that has not logged in, and so has no table yet. */
  public static void replyFeatures(ControlConnection control) throws ConnectionEnded {
    XFER.replyFeatures(control, Listings.describeFacts(Facts.ALL));
  }

  /** True for a verb whose parameter is no line for a log. */
  static boolean isSecret(String verb) {
    return verb.equals("PASS") || verb.equals("USER") || verb.equals("ACCT");
  }
}
