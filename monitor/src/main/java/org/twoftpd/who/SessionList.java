package org.twoftpd.who;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** The list of sessions: what the monitor knows of them, and what the kernel shows of each. */
final class SessionList {
  /** How long a session is watched to measure how much it moves in a second. */
  private static final long SAMPLE_MILLIS = 500;

  /** Fields in a line of the monitor's answer: pid, user, address, since, table. */
  private static final int FIELDS = 5;

  private static final Path USERS = Path.of("/etc/twoftpd/users");
  private static final Path PASSWD = Path.of("/etc/passwd");

  /** A session, and how many bytes it had moved when it was first looked at. */
  private record Row(
      int pid,
      String user,
      String address,
      String since,
      String table,
      SessionView view,
      long movedBefore) {}

  private final Path proc;
  private final List<Row> rows = new ArrayList<>();

  private SessionList(Path proc) {
    this.proc = proc;
  }

  /**
   * Prints the list, with a line of titles first. Takes half a second.
   *
   * @param proc /proc
   * @param answer of {@link StatusClient#listSessions}
   */
  static void print(Path proc, String answer, PrintStream out)
      throws IOException, InterruptedException {
    SessionList list = new SessionList(proc);
    list.addServed(answer);
    list.addEarlier();
    Thread.sleep(SAMPLE_MILLIS);
    out.println("PID\tUSER\tADDRESS\tSINCE\tTABLE\tKB/S\tDOING");
    for (Row r : list.rows) {
      long rate = Math.max(0, r.view.moved() - r.movedBefore) * 1000 / SAMPLE_MILLIS / 1024;
      out.println(
          String.join(
              "\t", "" + r.pid, r.user, r.address, r.since, r.table, "" + rate, r.view.doing()));
    }
  }

  private void add(int pid, String user, String address, String since, String table) {
    SessionView view = new SessionView(proc, pid);
    rows.add(new Row(pid, user, address, since, table, view, view.moved()));
  }

  private void addServed(String answer) {
    for (String line : answer.split("\n", -1)) {
      String[] f = line.split("\t", -1);
      if (f.length == FIELDS) {
        String since =
            Instant.ofEpochSecond(Long.parseLong(f[3]))
                .atZone(ZoneId.systemDefault())
                .toLocalDateTime()
                .toString();
        add(Integer.parseInt(f[0]), f[1], f[2], since, f[4]);
      }
    }
  }

  /**
   * Adds the sessions that have outlived the monitor that started them. The monitor of today does
   * not know them, so their line has what the kernel knows.
   */
  private void addEarlier() throws IOException {
    AccountNames accounts = new AccountNames(USERS, PASSWD);
    try (DirectoryStream<Path> all = Files.newDirectoryStream(proc, "[1-9]*")) {
      for (Path p : all) {
        int pid = Integer.parseInt(p.getFileName().toString());
        SessionView view = new SessionView(proc, pid);
        if (rows.stream().noneMatch(r -> r.pid == pid) && view.isEarlier()) {
          add(pid, accounts.nameOf(view.uid()), view.peer(), "before the restart", "-");
        }
      }
    }
  }
}
