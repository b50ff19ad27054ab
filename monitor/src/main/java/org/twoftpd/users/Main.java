package org.twoftpd.users;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;

/** The program twoftpd-users, which changes the accounts of twoftpd-cvm. */
public final class Main {
  private static final int FAILED = 1;
  private static final int USAGE = 64;

  private Main() {}

  /** See --help. Exits with 1 when it failed and with 64 when the arguments are wrong. */
  public static void main(String[] arguments) {
    Command.Line line;
    try {
      line = Command.parse(arguments);
    } catch (IllegalArgumentException wrong) {
      System.err.println("twoftpd-users: " + wrong.getMessage());
      System.exit(USAGE);
      return;
    }
    try {
      new AccountCommands(Path.of(line.file()).toAbsolutePath(), System.in, System.out)
          .run(line.command());
    } catch (IllegalArgumentException wrong) {
      System.err.println("twoftpd-users: " + wrong.getMessage());
      System.exit(FAILED);
    } catch (IOException | UnsatisfiedLinkError failure) {
      System.err.println("twoftpd-users: " + line.file() + ": " + reason(failure));
      System.exit(FAILED);
    } catch (RuntimeException failure) {
      System.err.println("twoftpd-users: " + failure);
      System.exit(FAILED);
    }
  }

  private static String reason(Throwable failure) {
    // The message of an AccessDeniedException is the name of the file and nothing else.
    return failure instanceof AccessDeniedException ? "Permission denied" : failure.getMessage();
  }
}
