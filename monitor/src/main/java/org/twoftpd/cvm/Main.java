/*
 * Trusted with root for as long as it takes to read its arguments and make a socket.  From then on an unprivileged process
 * that knows everybody's password hash and sees the passwords of those who log in; the monitor asks it and believes it.
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
      usage: twoftpd-cvm [--users FILE] [--unix [--shells FILE|--any-shell]] --socket PATH
                         [--user NAME|UID:GID]
             twoftpd-cvm --self-test [--user NAME|UID:GID]

      Answers questions of the CVM protocol, version 2, on a UNIX socket.

        --users FILE     lines name:hash:uid:gid:gecos:home:shell, as in passwd(5), with the
                         hash in place (mkpasswd(1), crypt(5)); :gid,gid,... may follow.
                         Read again whenever it has changed.
        --unix           accounts of the system as well, by /etc/passwd and /etc/shadow, which
                         the user must be able to read; a name in the users file comes first
        --shells FILE    where the shells stand that they may have, /etc/shells unless said
        --any-shell      let them in whatever their shells are
        --socket PATH    made with mode 0600; systemd's socket is used instead when it
                         passed one
        --user           whose rights to run with; must be given when started by root
        --self-test      confines itself on this kernel, says what holds, and ends with 0 when
                         everything does, else with 1
        --help           this text
        --version        the version
      """;

  /** Version 2, no tag, account "-", password "-". */
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
    // With the rights that it will be read with later: what fails shall fail now.
    if (root) {
      identity.putOn();
    }
    read(accounts, arguments);
    // Loads what a question needs, so that the first one finds it there.
    byte[] _ = authenticator.answer(REHEARSAL, REHEARSAL.length);
    if (root) {
      Identity.takeOff();
    }
    // Late, since a socket that is there says that it is answered.
    int listener =
        passed ? ListeningSocket.passed(environment) : ListeningSocket.bind(arguments.socket());
    Server server = new Server(listener, authenticator, root ? identity.uid() : Native.geteuid());
    if (root) {
      identity.become();
    }
    Identity.harden();
    server.run();
  }

  /** Whose rights to take; null when there are none to be given up. */
  private static Identity identity(String user) {
    boolean root = Native.geteuid() == 0;
    if (root != (user != null)) {
      throw new IllegalArgumentException(
          "--user must be given when started by root, and by nobody else");
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

  private static void read(AccountSource accounts, Arguments.Serve arguments) throws IOException {
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
