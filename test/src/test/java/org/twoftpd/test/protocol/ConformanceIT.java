/*
 * The protocol as a table: every verb in every table, tried against the real thing.  The rows are in conformance.txt.
 */
package org.twoftpd.test.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.twoftpd.session.command.CommandTable;
import org.twoftpd.session.command.Conversation;
import org.twoftpd.session.command.Tables;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.ChainOptions;
import org.twoftpd.test.harness.Dialogue;
import org.twoftpd.test.harness.SecureClient;
import org.twoftpd.test.harness.SecureStream;

/** Each row of conformance.txt in each table. */
class ConformanceIT {
  private static final Map<Character, String> USERS =
      Map.of(
          'x', "alice", 'a', "reader", 'd', "giver", 'l', "alice", 't', "alice", 'X', "alice", 'A',
          "reader", 'D', "giver");
  private static final Map<Character, CommandTable<Conversation>> TABLES =
      Map.of('x', Tables.XFER, 'a', Tables.ANON, 'd', Tables.DROP);

  /** The verbs of TLS, which are not known before a login where there is none. */
  private static final Set<String> OF_TLS = Set.of("AUTH", "CCC", "PBSZ", "PROT");

  private static Chain chain;

  /** Offers TLS, for the rows of the tables t, X, A and D. */
  private static Chain chainWithTls;

  private static final Map<Character, ConformanceHome> HOMES = new TreeMap<>();
  private static final Map<Character, Dialogue> SESSIONS = new TreeMap<>();

  @BeforeAll
  static void start() throws IOException {
    chain = options().start();
    chainWithTls = options().with("--tls", "on").start();
    USERS.forEach(
        (table, user) -> HOMES.put(table, new ConformanceHome(chainOf(table).user(user))));
  }

  private static ChainOptions options() {
    return Chain.options()
        .user("alice")
        .user("reader", "/bin/read")
        .user("giver", "/bin/write")
        .set("SHELL_READONLY", "/bin/read")
        .set("SHELL_WRITEONLY", "/bin/write")
        .set("MAX_PER_IP", "50")
        .set("MAX_PER_USER", "50");
  }

  @AfterAll
  static void stop() throws IOException {
    for (Dialogue d : SESSIONS.values()) {
      d.close();
    }
    SESSIONS.clear();
    chain.close();
    chainWithTls.close();
  }

  private static Chain chainOf(char table) {
    return table == 't' || isOverTls(table) ? chainWithTls : chain;
  }

  private static boolean isOverTls(char table) {
    return Character.isUpperCase(table);
  }

  @TestFactory
  List<DynamicTest> rows() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (ConformanceRow row : ConformanceRow.all()) {
      for (char table : row.tablesAndTls().toCharArray()) {
        for (String command : row.commands()) {
          tests.add(
              DynamicTest.dynamicTest(
                  "line " + row.line() + ", table " + table + ": " + command,
                  () -> new Trial(row, table, command).run()));
        }
      }
    }
    return tests;
  }

  /** One command of one row in one table. */
  private record Trial(ConformanceRow row, char table, String command) {
    void run() throws Exception {
      ConformanceHome home = HOMES.get(table);
      home.make();
      Dialogue d = session();
      boolean whole = false;
      try {
        for (String g : row.given()) {
          Said s = say(d, g);
          assertTrue(s.last().code() < 400, () -> "given " + g + ": " + s.last());
          d = secured(d, s);
        }
        Map<String, ConformanceHome.State> before = home.look();
        Said said = say(d, command);
        assertEquals(row.codes(), said.codes(), () -> said.last().toString());
        if (row.opening() != null) {
          String wanted = "150 " + row.opening();
          String reply = said.first().toString();
          // Of a name that the server chooses only the beginning is known.
          boolean chosen = row.opening().startsWith("FILE: ");
          assertTrue(chosen ? reply.startsWith(wanted) : reply.equals(wanted), () -> reply);
        }
        if (row.text() != null) {
          String reply = String.join("\n", said.last().lines());
          assertTrue(reply.contains(row.text()), () -> reply);
        }
        assertEffect(before, home.look(), said.data());
        d = secured(d, said);
        afterwards(d);
        whole = !isLasting();
      } finally {
        if (!whole) {
          SESSIONS.remove(table);
          d.close();
        }
      }
    }

    /** A session as a row begins with: the last one when nothing of it can be left. */
    private Dialogue session() throws IOException {
      Dialogue d = SESSIONS.get(table);
      if (d == null) {
        d = isBeforeLogin() ? chainOf(table).connect() : login(table);
        SESSIONS.put(table, d);
      }
      if (!isBeforeLogin()) {
        d.expect(200, "TYPE I");
        d.expect(250, "CWD /");
        d.expect(226, "ABOR");
        d.expect(USERS.get(table).equals("giver") ? 502 : 350, "REST 0");
        if (isOverTls(table)) {
          d.expect(200, "PROT P");
        }
      }
      return d;
    }

    private static Dialogue login(char table) throws IOException {
      return isOverTls(table)
          ? new SecureClient("TLSv1.2").login(chainWithTls, USERS.get(table))
          : chain.login(USERS.get(table));
    }

    private boolean isBeforeLogin() {
      return table == 'l' || table == 't';
    }

    /** The dialogue to go on with: over TLS when that was the answer to AUTH. */
    private static Dialogue secured(Dialogue d, Said s) throws IOException {
      return s.last().code() == 234 ? new SecureClient("TLSv1.2").begin(d) : d;
    }

    private boolean isLasting() {
      String all = String.join(" ", row.given()) + " " + command;
      return table == 't'
          || table == 'l' && !row.codes().equals(List.of(530))
          || row.then().equals("closed")
          || all.matches("(?i).*(EPSV ALL|OPTS MLST|SITE UMASK).*");
    }

    private void assertEffect(
        Map<String, ConformanceHome.State> before,
        Map<String, ConformanceHome.State> after,
        String data) {
      String effect = ConformanceHome.effect(before, after);
      String want = row.effect();
      if (want.startsWith("gets ")) {
        String text = ConformanceRow.quoted(want).replace("\\r", "\r").replace("\\n", "\n");
        assertTrue(data != null && ConformanceRow.matches(text, data), () -> "got " + data);
        want = "-";
      }
      String wanted = want;
      assertTrue(
          ConformanceRow.matches(wanted, effect), () -> "effect " + effect + ", not " + wanted);
    }

    private void afterwards(Dialogue d) throws IOException {
      if (row.then().equals("closed")) {
        assertTrue(d.isClosed());
        return;
      }
      String then = row.then();
      int quote = then.indexOf('"');
      String words = (quote < 0 ? then : then.substring(0, quote)).trim();
      int space = words.lastIndexOf(' ');
      Said s = say(d, words.substring(0, space));
      assertEquals(words.substring(space + 1), "" + s.last().code(), () -> s.last().toString());
      if (quote >= 0) {
        String reply = String.join("\n", s.last().lines());
        assertTrue(reply.contains(ConformanceRow.quoted(then)), () -> reply);
      }
    }
  }

  /** What came of a command. */
  private record Said(
      List<Integer> codes, Dialogue.Reply first, Dialogue.Reply last, String data) {}

  private static Said say(Dialogue d, String command) throws IOException {
    if (!command.startsWith("< ") && !command.startsWith("> ")) {
      Dialogue.Reply r = d.command(command);
      return new Said(List.of(r.code()), r, r, null);
    }
    String[] both = command.substring(2).split(" \\+ ", -1);
    List<Integer> codes = new ArrayList<>();
    String data = null;
    Dialogue.Reply first;
    Dialogue.Reply last;
    try (Socket s = d.passive()) {
      first = d.command(both[0]);
      last = first;
      codes.add(last.code());
      if (last.code() == 150) {
        SecureStream over = d.tls() == null ? null : d.tls().protect(s);
        if (command.charAt(0) == '>') {
          (over == null ? s.getOutputStream() : over.out())
              .write("new".getBytes(StandardCharsets.US_ASCII));
        }
        // Those two are answered before the end of the transfer, and only ABOR is its end.
        boolean abort = both.length > 1 && both[1].strip().equals("ABOR");
        if (abort || both.length > 1 && both[1].equals("STAT")) {
          codes.add(d.command(both[1]).code());
        } else if (both.length > 1) {
          d.send(both[1] + "\r\n");
        }
        if (abort) {
          last = d.reply();
          codes.add(last.code());
          return new Said(codes, first, last, null);
        }
        if (command.charAt(0) != '>') {
          byte[] all = over == null ? s.getInputStream().readAllBytes() : over.readAll();
          data = new String(all, StandardCharsets.ISO_8859_1);
        } else if (over == null) {
          s.shutdownOutput();
        } else {
          over.finish();
        }
        last = d.reply();
        codes.add(last.code());
        if (both.length > 1 && !both[1].equals("STAT")) {
          last = d.reply();
          codes.add(last.code());
        }
      }
    }
    return new Said(codes, first, last, data);
  }

  /** Each verb of a table needs a row for it, and a row with 502 for each table that lacks it. */
  @Test
  void everyVerbHasARowInEveryTable() throws IOException {
    Set<String> known = new TreeSet<>();
    TABLES.values().forEach(t -> known.addAll(t.verbs()));
    Set<String> rows = new HashSet<>();
    for (ConformanceRow row : ConformanceRow.all()) {
      int code = row.codes().getFirst();
      for (String command : row.commands()) {
        for (char table : row.tables().toCharArray()) {
          // A reply about a wrong parameter does not show that the verb works.
          if (code != 501 && code != 504) {
            rows.add(table + " " + ConformanceRow.verb(command) + (code == 502 ? " 502" : ""));
          }
        }
      }
    }
    List<String> missing = new ArrayList<>();
    for (String verb : known) {
      TABLES.forEach((letter, table) -> {
        String wanted = letter + " " + verb + (table.has(verb) ? "" : " 502");
        if (!verb.equals("SITE") && !rows.contains(wanted)) {
          missing.add(wanted);
        }
      });
      String before = OF_TLS.contains(verb) ? "t " : "l ";
      if (!verb.startsWith("SITE") && !rows.contains(before + verb)) {
        missing.add(before + verb);
      }
      if (OF_TLS.contains(verb) && !rows.contains("l " + verb + " 502")) {
        missing.add("l " + verb + " 502");
      }
    }
    assertEquals(List.of(), missing, "these have no row in conformance.txt");
  }

  /** HELP lists exactly the verbs of the table. */
  @Test
  void helpIsTheTable() throws IOException {
    for (Map.Entry<Character, CommandTable<Conversation>> e : TABLES.entrySet()) {
      try (Dialogue d = chain.login(USERS.get(e.getKey()))) {
        Set<String> told = new TreeSet<>(words(d.expect(214, "HELP")));
        words(d.expect(214, "SITE HELP")).forEach(w -> told.add("SITE " + w));
        assertEquals(new TreeSet<>(e.getValue().verbs()), told);
      }
    }
  }

  private static List<String> words(Dialogue.Reply r) {
    List<String> inside = r.lines().subList(1, r.lines().size() - 1);
    return List.of(String.join("", inside).trim().split("\\s+", -1));
  }

  /** FEAT lists exactly the features that work when they are tried. */
  @Test
  void featuresAreWhatTheTableHas() throws IOException {
    Map<String, String> trials =
        Map.of(
            "EPRT", "EPRT |1|127.0.0.1|51400|",
            "EPSV", "EPSV",
            "MDTM", "MDTM f",
            "MFMT", "MFMT 20200101000000 f",
            "MLST", "MLST",
            "PASV", "PASV",
            "REST STREAM", "REST 1",
            "SIZE", "SIZE f",
            "TVFS", "CWD /",
            "UTF8", "OPTS UTF8 ON");
    for (char table : new char[] {'x', 'a', 'd'}) {
      try (Dialogue d = chain.login(USERS.get(table))) {
        Dialogue.Reply r = d.expect(211, "FEAT");
        Set<String> told = new TreeSet<>();
        for (String line : r.lines().subList(1, r.lines().size() - 1)) {
          assertTrue(line.startsWith(" "), line);
          told.add(line.startsWith(" MLST ") ? "MLST" : line.substring(1));
        }
        Set<String> there = new TreeSet<>();
        trials.forEach((feature, trial) -> {
          if (command(d, trial).code() != 502) {
            there.add(feature);
          }
        });
        assertEquals(there, told, "table " + table);
      }
    }
  }

  private static Dialogue.Reply command(Dialogue d, String line) {
    try {
      return d.command(line);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
