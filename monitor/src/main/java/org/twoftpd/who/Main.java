/*
 * Trusted with the rights of root, who starts it: it shows sessions, and ends one when told to.
 */
package org.twoftpd.who;

import java.io.IOException;
import java.nio.file.Path;

/** The program twoftpd-who, which shows who is logged in. */
public final class Main {
  private static final int FAILED = 1;
  private static final int USAGE = 64;

  private static final Path PROC = Path.of("/proc");

  private static final String HELP =
      """
      usage: twoftpd-who [--runtime DIRECTORY]
             twoftpd-who [--runtime DIRECTORY] --end PID

      Shows each session with its process id, user, address, time of login, table, rate, and
      the file that it sends or receives. Only root can run it.

        --end PID            ends the session with this process id
        --runtime DIRECTORY  the runtime directory of the service (default: /run/twoftpd);
                             twoftpd@NAME.service has /run/twoftpd-NAME
      """;

  private Main() {}

  /** See --help. Exits with 1 when it failed and with 64 when the arguments are wrong. */
  public static void main(String[] arguments) {
    String runtime = "/run/twoftpd";
    String end = null;
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i].equals("--help")) {
        System.out.print(HELP);
        return;
      }
      boolean known = arguments[i].equals("--runtime") || arguments[i].equals("--end");
      if (!known || i + 1 == arguments.length) {
        String wrong = known ? " needs a value\n" : ": there is no such option\n";
        System.err.print("twoftpd-who: " + arguments[i] + wrong + HELP);
        System.exit(USAGE);
      }
      if (arguments[i].equals("--runtime")) {
        runtime = arguments[++i];
      } else {
        end = arguments[++i];
      }
    }
    if (end != null && !end.matches("[1-9][0-9]{0,8}")) {
      System.err.println("twoftpd-who: --end " + end + ": a process id is allowed");
      System.exit(USAGE);
    }
    try {
      StatusClient monitor = new StatusClient(Path.of(runtime, "who"));
      if (end != null) {
        end(monitor, Integer.parseInt(end));
      } else {
        SessionList.print(PROC, monitor.listSessions(), System.out);
      }
    } catch (IOException failure) {
      System.err.println(
          "twoftpd-who: "
              + runtime
              + "/who: "
              + failure.getMessage()
              + " (is the service running, and are you root?)");
      System.exit(FAILED);
    } catch (InterruptedException _) {
      System.exit(FAILED);
    }
  }

  private static void end(StatusClient monitor, int pid) throws IOException {
    boolean ended = monitor.endSession(pid);
    SessionView view = new SessionView(PROC, pid);
    if (ended) {
      System.out.println("ended " + pid);
    } else if (view.isEarlier() && ProcessHandle.of(pid).isPresent()) {
      // The monitor that started this session has ended, so nobody else can end it.
      System.out.println(
          ProcessHandle.of(pid).orElseThrow().destroy() ? "ended " + pid : "cannot end " + pid);
    } else if (view.isSession() && view.isServed()) {
      fail(pid + " is a session of another service; name its directory with --runtime");
    } else {
      fail(pid + " is not a session; without --end all sessions are listed");
    }
  }

  private static void fail(String why) {
    System.err.println("twoftpd-who: " + why);
    System.exit(FAILED);
  }
}
