/*
 * Trusted with the hashes of the system's own accounts, which it reads without being root.  It lets in no account that the
 * system would not let in (locked, expired, without a shell of shells(5)), and never root.
 */
package org.twoftpd.cvm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The accounts of passwd(5), shadow(5) and group(5), and those of a users file if there is one. If
 * the users file has the same name, its account is used. The files are read directly, so accounts
 * from other sources of nsswitch.conf(5) are unknown.
 */
final class SystemAccounts implements AccountSource {
  private static final String LOCKED = "!";
  private static final String DEFAULT_SHELL = "/bin/sh";

  /**
   * The files.
   *
   * @param users a users file, or null
   * @param shells the list of shells that an account may have, shells(5); null to allow any
   * @param shellsMayBeMissing whether the C library's list is used if that file does not exist
   */
  record Files(
      Path users, Path passwd, Path shadow, Path group, Path shells, boolean shellsMayBeMissing) {
    /**
     * The files of the running system.
     *
     * @param shells null for /etc/shells
     */
    static Files ofSystem(Path users, Path shells, boolean anyShell) {
      Path chosen = shells == null ? Path.of("/etc/shells") : shells;
      return new Files(
          users,
          Path.of("/etc/passwd"),
          Path.of("/etc/shadow"),
          Path.of("/etc/group"),
          anyShell ? null : chosen,
          shells == null);
    }
  }

  private final WatchedFile users;
  private final WatchedFile passwd;
  private final WatchedFile shadow;
  private final WatchedFile group;
  private final WatchedFile shells;
  private final boolean shellsMayBeMissing;
  private boolean shellsAreMissing;
  private final LongSupplier today;
  private long day = -1;
  private Users all;

  /**
   * @param today days since the beginning of 1970
   */
  SystemAccounts(Files files, LongSupplier today) {
    this.users = files.users() == null ? null : new WatchedFile(files.users());
    this.passwd = new WatchedFile(files.passwd());
    this.shadow = new WatchedFile(files.shadow());
    this.group = new WatchedFile(files.group());
    this.shells = files.shells() == null ? null : new WatchedFile(files.shells());
    this.shellsMayBeMissing = files.shellsMayBeMissing();
    this.today = today;
  }

  @Override
  public synchronized Users current() throws IOException {
    boolean changed = all == null;
    for (WatchedFile file : new WatchedFile[] {users, passwd, shadow, group}) {
      changed |= file != null && file.refresh();
    }
    changed |= shells != null && refreshShells();
    long now = today.getAsLong();
    if (changed || now != day) {
      day = now;
      all = read();
      if (changed) {
        Log.info("system accounts and users file: " + all.size() + " accounts");
      }
    }
    return all;
  }

  private boolean refreshShells() throws IOException {
    boolean before = shellsAreMissing;
    shellsAreMissing = shellsMayBeMissing && !shells.isThere();
    boolean changed = !shellsAreMissing && shells.refresh();
    return changed || shellsAreMissing != before;
  }

  /** The shells that an account may have; null to allow any. */
  private Set<String> allowedShells() {
    if (shells == null) {
      return null;
    }
    return shellsAreMissing ? ShellList.DEFAULT : ShellList.of(lines(shells));
  }

  /** Lines end with LF and nothing else, as for the C library: a CR belongs to its line. */
  private static List<String> lines(WatchedFile file) {
    String all = new String(file.content(), StandardCharsets.ISO_8859_1);
    return List.of((all.endsWith("\n") ? all.substring(0, all.length() - 1) : all).split("\n", -1));
  }

  private Users read() {
    StringBuilder text = new StringBuilder();
    Set<String> own = new HashSet<>();
    int ownLines = 0;
    if (users != null) {
      for (String line : lines(users)) {
        text.append(line).append('\n');
        own.add(line.split(":", 2)[0]);
        ownLines++;
      }
    }
    Map<String, String[]> shadowed = new HashMap<>();
    for (String line : lines(shadow)) {
      String[] f = line.split(":", -1);
      shadowed.putIfAbsent(f[0], f);
    }
    Map<String, String> groups = groups();
    Set<String> allowed = allowedShells();
    for (String line : lines(passwd)) {
      String[] f = line.split(":", -1);
      if (isCandidate(f) && own.add(f[0])) {
        text.append(entry(f, shadowed.get(f[0]), groups.get(f[0]), allowed)).append('\n');
      }
    }
    int theirs = ownLines;
    return new Users(
        text.toString().getBytes(StandardCharsets.ISO_8859_1),
        complaint -> {
          // Only mistakes in the users file are the administrator's; others are not logged.
          if (Integer.parseInt(complaint.split("[ :]", 3)[1]) <= theirs) {
            Log.warning("users file " + users.path() + " " + complaint);
          }
        });
  }

  /** Whether an entry of passwd(5) is an account with a home, and neither root nor for NIS. */
  private static boolean isCandidate(String[] f) {
    return f.length == 7
        && !f[0].isEmpty()
        && f[0].charAt(0) != '+'
        && f[0].charAt(0) != '-'
        && f[0].charAt(0) != '#'
        && f[2].matches("[1-9][0-9]*")
        && f[3].matches("[1-9][0-9]*")
        && f[5].startsWith("/");
  }

  private String entry(String[] f, String[] shadow, String groups, Set<String> allowed) {
    String shell = f[6].isEmpty() ? DEFAULT_SHELL : f[6];
    String hash = f[1];
    if (hash.equals("x")) {
      hash = shadow == null || shadow.length < 8 ? LOCKED : shadow[1];
    }
    boolean barred =
        shadow != null && shadow.length >= 8 && isExpired(shadow)
            || allowed != null && !allowed.contains(shell);
    return String.join(
        ":",
        f[0],
        barred ? LOCKED + hash : hash,
        f[2],
        f[3],
        f[4],
        f[5],
        shell,
        groups == null ? "" : groups);
  }

  /**
   * Whether, by shadow(5), the account or its password has expired, or the password must be changed
   * before the next login.
   */
  private boolean isExpired(String[] shadow) {
    long changed = days(shadow[2]);
    long maximum = days(shadow[4]);
    long expires = days(shadow[7]);
    return expires >= 0 && day >= expires
        || changed == 0
        || changed > 0 && maximum >= 0 && day > changed + maximum;
  }

  /** Days since 1970; -1 for none. Anything that is not a number counts as long ago. */
  private static long days(String field) {
    if (field.isEmpty() || field.startsWith("-")) {
      return -1;
    }
    return field.matches("[0-9]{1,9}") ? Long.parseLong(field) : 0;
  }

  /** For each user, the ids of the groups that list it, separated by commas, without gid 0. */
  private Map<String, String> groups() {
    Map<String, List<String>> byUser = new HashMap<>();
    for (String line : lines(group)) {
      String[] f = line.split(":", -1);
      if (f.length == 4 && f[2].matches("[1-9][0-9]*")) {
        for (String member : f[3].split(",", -1)) {
          byUser.computeIfAbsent(member, _ -> new ArrayList<>()).add(f[2]);
        }
      }
    }
    Map<String, String> joined = new HashMap<>();
    byUser.forEach((user, gids) -> joined.put(user, String.join(",", gids)));
    return joined;
  }
}
