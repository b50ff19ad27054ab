/*
 * Trusted with root's own rights, at root's own terminal: shows sessions, and ends one when told to.
 */
package org.twoftpd.who;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** The program twoftpd-who. */
public final class Main {
  private static final int FAILED = 1;
  private static final int USAGE = 64;

  /** How long a rate is measured. */
  private static final long SAMPLE_MILLIS = 500;

  /** Of a line of the monitor's answer: pid, user, address, since, table. */
  private static final int FIELDS = 5;

  private static final Path PROC = Path.of("/proc");
  private static final Path USERS = Path.of("/etc/twoftpd/users");
  private static final Path PASSWD = Path.of("/etc/passwd");

  private static final String HELP =
      """
      usage: twoftpd-who [--runtime DIRECTORY]
             twoftpd-who [--runtime DIRECTORY] --end PID

      Shows for each session its process, user, address, since when, table, rate and what it
      does with which file; or ends one. For root.

        --runtime DIRECTORY  that of the service, /run/twoftpd unless said;
                             /run/twoftpd-NAME for the instance NAME
      """;

  /** A session and what was seen of it first. */
  private record Row(
      int pid,
      String user,
      String address,
      String since,
      String table,
      SessionView view,
      long moved) {
    static Row of(int pid, String user, String address, String since, String table) {
      SessionView view = new SessionView(PROC, pid);
      return new Row(pid, user, address, since, table, view, view.moved());
    }
  }

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
        System.err.print("twoftpd-who: " + arguments[i] + ": not understood\n" + HELP);
        System.exit(USAGE);
      }
      if (arguments[i].equals("--runtime")) {
        runtime = arguments[++i];
      } else {
        end = arguments[++i];
      }
    }
    if (end != null && !end.matches("[1-9][0-9]{0,8}")) {
      System.err.println("twoftpd-who: --end " + end + ": the number of a process is allowed");
      System.exit(USAGE);
    }
    try {
      Path socket = Path.of(runtime, "who");
      if (end != null) {
        end(socket, Integer.parseInt(end));
      } else {
        show(ask(socket, 'L', 0), System.out);
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

  private static void end(Path socket, int pid) throws IOException {
    String answer = ask(socket, 'E', pid);
    SessionView view = new SessionView(PROC, pid);
    if (answer.equals("ended\n")) {
      System.out.println("ended " + pid);
    } else if (view.isEarlier() && ProcessHandle.of(pid).isPresent()) {
      // One of an earlier monitor's.
      System.out.println(
          ProcessHandle.of(pid).orElseThrow().destroy() ? "ended " + pid : "cannot end " + pid);
    } else if (view.isSession() && view.isServed()) {
      System.err.println("twoftpd-who: " + pid + " is not of this service; --runtime says which");
      System.exit(FAILED);
    } else {
      System.err.println("twoftpd-who: " + pid + " is no session; without --end they are listed");
      System.exit(FAILED);
    }
  }

  private static String ask(Path socket, char kind, int pid) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      ByteBuffer question = ByteBuffer.allocate(5).put((byte) kind).putInt(pid).flip();
      while (question.hasRemaining()) {
        channel.write(question);
      }
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      Channels.newInputStream(channel).transferTo(answer);
      return answer.toString(StandardCharsets.ISO_8859_1);
    }
  }

  private static void show(String answer, PrintStream out)
      throws IOException, InterruptedException {
    List<Row> rows = new ArrayList<>();
    for (String line : answer.split("\n", -1)) {
      String[] f = line.split("\t", -1);
      if (f.length == FIELDS) {
        String since =
            Instant.ofEpochSecond(Long.parseLong(f[3]))
                .atZone(ZoneId.systemDefault())
                .toLocalDateTime()
                .toString();
        rows.add(Row.of(Integer.parseInt(f[0]), f[1], f[2], since, f[4]));
      }
    }
    addEarlier(rows);
    Thread.sleep(SAMPLE_MILLIS);
    out.println("PID\tUSER\tADDRESS\tSINCE\tTABLE\tKB/S\tDOING");
    for (Row r : rows) {
      long rate = Math.max(0, r.view.moved() - r.moved) * 1000 / SAMPLE_MILLIS / 1024;
      out.println(
          String.join(
              "\t", "" + r.pid, r.user, r.address, r.since, r.table, "" + rate, r.view.doing()));
    }
  }

  /**
   * Sessions that have outlived the monitor that started them: this one does not know them, so what
   * is shown is what the kernel knows.
   */
  private static void addEarlier(List<Row> rows) throws IOException {
    AccountNames accounts = new AccountNames(USERS, PASSWD);
    try (DirectoryStream<Path> all = Files.newDirectoryStream(PROC, "[1-9]*")) {
      for (Path p : all) {
        int pid = Integer.parseInt(p.getFileName().toString());
        SessionView view = new SessionView(PROC, pid);
        if (rows.stream().noneMatch(r -> r.pid == pid) && view.isEarlier()) {
          String user = accounts.nameOf(view.uid());
          rows.add(Row.of(pid, user, view.peer(), "before the restart", "-"));
        }
      }
    }
  }
}
