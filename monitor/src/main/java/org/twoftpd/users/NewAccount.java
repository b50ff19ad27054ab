/*
 * Trusted to make up an account's line and home, as root, from what an administrator asked for.
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

/** A line of the users file in the making. */
final class NewAccount {
  /** Below what useradd(8) and systemd hand out of themselves, and below 60000. */
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
   * Fills in what was not said: the first uid that nobody has, the gid of the same number, a home
   * of the name below /srv/twoftpd.
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
      // The gid follows it, and would be blamed.
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
    HomeDirectory.check(home);
    return account;
  }

  /** As the file has it, one byte in a char: a home that is not ASCII must be the one made. */
  private static String bytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /** Names that every FTP client can send and that no line of the file could be mistaken for. */
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
          "--" + option + " \"" + value + "\": a colon parts fields and is not allowed in one");
    }
  }

  private static int freeId(List<String> lines) throws IOException {
    Set<String> taken = new HashSet<>();
    take(taken, lines);
    if (Files.exists(PASSWD)) {
      take(taken, Files.readAllLines(PASSWD, StandardCharsets.ISO_8859_1));
    }
    for (int id = FIRST_ID; id <= LAST_ID; id++) {
      if (!taken.contains(Integer.toString(id))) {
        return id;
      }
    }
    throw new IllegalArgumentException(
        "every uid from " + FIRST_ID + " to " + LAST_ID + " is taken; --uid N names another");
  }

  private static void take(Set<String> taken, List<String> lines) {
    for (String line : lines) {
      String[] fields = line.split(":", -1);
      if (fields.length > 3) {
        taken.add(fields[2]);
        taken.add(fields[3]);
      }
    }
  }

  /** The line with that hash, for {@link UsersEditor}. */
  String line(String hash) {
    return name + ":" + hash + ":" + uid + ":" + gid + ":" + rest;
  }

  String home() {
    return home;
  }

  /** Makes the home, the user's own and closed to others. */
  HomeDirectory.Outcome createHome() {
    return new HomeDirectory(home, Integer.parseUnsignedInt(uid), Integer.parseUnsignedInt(gid))
        .make();
  }
}
