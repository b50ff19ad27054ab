/*
 * Trusted with the line and the home of a new account, which root makes from what an administrator asked for.
 */
package org.twoftpd.users;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.twoftpd.cvm.UsersLine;

/** An account that is being added: its line of the users file and its home. */
final class NewAccount {
  /** useradd(8) uses smaller ids by default, and systemd those from 60000 on. */
  static final int FIRST_ID = 50_000;

  static final int LAST_ID = 59_999;

  private static final String HOMES = "/srv/twoftpd/";
  private static final String NAME = "[A-Za-z0-9_][A-Za-z0-9_.@+-]{0,63}";
  private static final Path PASSWD = Path.of("/etc/passwd");

  private final String name;
  private final String uid;
  private final String gid;
  private final String home;
  private final String rest;

  private NewAccount(String name, String uid, String gid, String home, String rest) {
    this.name = name;
    this.uid = uid;
    this.gid = gid;
    this.home = home;
    this.rest = rest;
  }

  /**
   * Makes an account of what was asked for. The defaults are the first free uid, the gid of the
   * same number, and a home with the account's name below /srv/twoftpd.
   *
   * @param lines the users file
   * @throws IllegalArgumentException naming what is wrong and what is allowed
   */
  static NewAccount of(Command.Add add, List<String> lines) throws IOException {
    checkName(add.name());
    add.options().forEach(NewAccount::checkField);
    String uid = add.options().get("uid");
    if (uid == null) {
      uid = Integer.toString(freeId(lines));
    }
    if (!uid.matches("[1-9][0-9]{0,9}")) {
      // Else the gid, which has the same number by default, would be blamed.
      throw new IllegalArgumentException("--uid " + uid + ": numbers from 1 on are allowed");
    }
    String gid = add.options().getOrDefault("gid", uid);
    String home = add.options().getOrDefault("home", HOMES + add.name());
    String groups = add.options().get("groups");
    NewAccount account =
        new NewAccount(
            add.name(),
            uid,
            gid,
            home,
            bytes(add.options().getOrDefault("comment", ""))
                + ":"
                + bytes(home)
                + ":"
                + bytes(add.options().getOrDefault("shell", "/bin/sh"))
                + (groups == null ? "" : ":" + groups));
    UsersLine.check(account.line("!"));
    HomePath.check(home);
    return account;
  }

  /** The text as {@link UsersEditor} has it, with one byte of UTF-8 in each char. */
  private static String bytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /**
   * Checks a name: every FTP client must be able to send it, and no other line of the file may look
   * like its account's.
   */
  static void checkName(String name) {
    if (!name.matches(NAME)) {
      throw new IllegalArgumentException(
          "\""
              + name
              + "\": letters, digits and . _ @ + - are allowed, 1 to 64 of them, not . @ + or - first");
    }
  }

  private static void checkField(String option, String value) {
    if (value.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "--" + option + " \"" + value + "\": a colon is not allowed, since it separates fields");
    }
  }

  private static int freeId(List<String> lines) throws IOException {
    Set<String> taken = new HashSet<>();
    addIds(taken, lines);
    if (Files.exists(PASSWD)) {
      addIds(taken, Files.readAllLines(PASSWD, StandardCharsets.ISO_8859_1));
    }
    for (int id = FIRST_ID; id <= LAST_ID; id++) {
      if (!taken.contains(Integer.toString(id))) {
        return id;
      }
    }
    throw new IllegalArgumentException(
        "every uid from " + FIRST_ID + " to " + LAST_ID + " is taken; choose one with --uid");
  }

  private static void addIds(Set<String> taken, List<String> lines) {
    for (String line : lines) {
      String[] fields = line.split(":", -1);
      if (fields.length > 3) {
        taken.add(fields[2]);
        taken.add(fields[3]);
      }
    }
  }

  /** The line of the users file, with that hash. */
  String line(String hash) {
    return name + ":" + hash + ":" + uid + ":" + gid + ":" + rest;
  }

  String home() {
    return home;
  }

  /** Creates the home, which only the account may enter; see {@link HomeDirectory#create}. */
  HomeDirectory.Outcome createHome() {
    return new HomeDirectory(home, Integer.parseUnsignedInt(uid), Integer.parseUnsignedInt(gid))
        .create();
  }
}
