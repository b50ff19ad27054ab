/*
 * Trusted with root until it has read its arguments and has a socket.  From then on it is an unprivileged process, which
 * knows everybody's password hash, sees the passwords of those who log in, and is believed by the monitor.
 */
package org.twoftpd.cvm;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import org.twoftpd.shared.os.Native;

/** The program twoftpd-cvm: the credential module that comes with twoftpd. */
public final class Main {
  private static final int FAILED = 1;
  private static final int USAGE = 2;

  private static final String HELP =
      """
      usage: twoftpd-cvm [--users FILE] [--unix [--shells FILE|--any-shell]] [--socket PATH]
                         [--user NAME|UID:GID]
             twoftpd-cvm --self-test [--user NAME|UID:GID]

      Checks names and passwords: answers requests of the CVM protocol, version 2, on a UNIX
      socket.

        --users FILE     the users file, with lines name:hash:uid:gid:gecos:home:shell, and
                         optionally :gid,gid,... after them; see twoftpd-cvm(8). It is read
                         again whenever it has changed.
        --unix           accounts of the system too, from /etc/passwd and /etc/shadow, which
                         the user must be able to read; if the users file has the same name,
                         that account is used
        --shells FILE    the list of shells that let system accounts in (default: /etc/shells)
        --any-shell      lets system accounts in whatever their shells are
        --socket PATH    creates the socket with mode 0600; required unless systemd passes
                         a socket, which is used instead
        --user           the user to run as; required when root starts the program
        --self-test      confines itself on this kernel, prints what holds, and exits with 0
                         when everything holds, else with 1
        --help           prints this
        --version        prints the version
      """;

  /** A request of version 2 without a tag, for the account "-" with the password "-". */
  private static final byte[] REHEARSAL = {2, 0, 1, 1, '-', 3, 1, '-', 0};

  private Main() {}

  /** Exits with 1 when it cannot serve and with 2 when the arguments are wrong. */
  public static void main(String[] arguments) {
    try {
      // A switch over types would have the virtual machine make a class for it at every start.
      Arguments asked = Arguments.parse(arguments);
      if (asked instanceof Arguments.Serve serve) {
        serve(serve, System.getenv());
      } else if (asked instanceof Arguments.SelfTest test) {
        Identity identity = identity(test.user());
        System.exit(SelfTest.run(identity) ? 0 : FAILED);
      } else if (asked instanceof Arguments.Help) {
        System.out.print(HELP);
      } else {
        System.out.println("twoftpd-cvm " + version());
      }
    } catch (IllegalArgumentException wrong) {
      Log.error("twoftpd-cvm: " + wrong.getMessage());
      System.exit(USAGE);
    } catch (IOException | UnsatisfiedLinkError failure) {
      Log.error("twoftpd-cvm: " + failure.getMessage());
      System.exit(FAILED);
    } catch (RuntimeException failure) {
      Log.error("twoftpd-cvm: " + failure);
      System.exit(FAILED);
    }
  }

  private static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }

  private static void serve(Arguments.Serve arguments, Map<String, String> environment)
      throws IOException {
    boolean root = Native.geteuid() == 0;
    Identity identity = identity(arguments.user());
    boolean passed = ListeningSocket.isPassed(environment);
    if (!passed && arguments.socket() == null) {
      throw new IllegalArgumentException("--socket must be given when systemd passes none");
    }
    AccountSource accounts = source(arguments);
    Authenticator authenticator = new Authenticator(accounts, CryptLibrary.load());
    // With the rights that the files will be read with later, so that a mistake is found now.
    if (root) {
      identity.assumeRights();
    }
    readOnce(accounts, arguments);
    // Loads the classes that a request needs, so that the first one does not wait for them.
    byte[] _ = authenticator.answer(REHEARSAL, REHEARSAL.length);
    if (root) {
      Identity.resumeRoot();
    }
    // The socket comes last, since those who find it expect an answer.
    int listener =
        passed ? ListeningSocket.passed(environment) : ListeningSocket.bind(arguments.socket());
    Server server = new Server(listener, authenticator, root ? identity.uid() : Native.geteuid());
    if (root) {
      identity.become();
    }
    Identity.harden();
    server.run();
  }

  /** The user to become; null when the process is not root. */
  private static Identity identity(String user) {
    boolean root = Native.geteuid() == 0;
    if (root != (user != null)) {
      throw new IllegalArgumentException(
          "--user must be given when root starts the program, and not otherwise");
    }
    return root ? Identity.parse(user) : null;
  }

  private static AccountSource source(Arguments.Serve arguments) {
    Path users = arguments.users() == null ? null : Path.of(arguments.users());
    if (!arguments.unix()) {
      return new UsersFile(users);
    }
    Path shells = arguments.shells() == null ? null : Path.of(arguments.shells());
    return new SystemAccounts(
        SystemAccounts.Files.ofSystem(users, shells, arguments.anyShell()),
        () -> LocalDate.now(ZoneOffset.UTC).toEpochDay());
  }

  private static void readOnce(AccountSource accounts, Arguments.Serve arguments)
      throws IOException {
    try {
      Users _ = accounts.current();
    } catch (IOException failure) {
      throw new IOException(
          (arguments.unix() ? "--users, --unix and --shells: files" : "--users: a file")
              + " that "
              + (arguments.user() == null ? "the user" : "--user " + arguments.user())
              + " can read "
              + (arguments.unix() ? "are" : "is")
              + " needed: "
              + failure,
          failure);
    }
  }
}
