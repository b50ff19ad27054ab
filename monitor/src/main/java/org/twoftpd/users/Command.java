package org.twoftpd.users;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What an administrator asks of twoftpd-users: the command line, understood. */
sealed interface Command {
  String HELP =
      """
      usage: twoftpd-users [--file FILE] add NAME [OPTION...]
             twoftpd-users [--file FILE] passwd NAME [--unlock]
             twoftpd-users [--file FILE] del|lock|unlock NAME
             twoftpd-users [--file FILE] list

        add              adds an account; asks for its password, or reads it from the first
                         line of standard input
          --create-home  creates the home, with the account as its owner; every directory on
                         the way must be writable by root only
          --home DIR     the home (default: /srv/twoftpd/NAME)
          --uid N        the user id (default: the first free one from 50000 on)
          --gid N        the group id (default: the number of the user id)
          --groups N,N   supplementary group ids
          --shell PATH   the shell (default: /bin/sh); it can choose the table of commands,
                         see twoftpd.conf(5)
          --comment TEXT a remark
        passwd           changes the password; a locked account stays locked
          --unlock       unlocks the account too
        del              deletes the account; its home is left as it is
        lock, unlock     refuses logins to the account; allows them again
        list             prints name, uid, gid and home of each account, and whether it is
                         locked
        --file FILE      the users file (default: /etc/twoftpd/users)
      """;

  /** Print {@link #HELP}. */
  record Help() implements Command {}

  /** Print all accounts, one a line. */
  record ListAll() implements Command {}

  /**
   * Add an account.
   *
   * @param options those of {@link #ADD_OPTIONS} that were given, without their dashes
   * @param createHome whether to create the home
   */
  record Add(String name, Map<String, String> options, boolean createHome) implements Command {}

  /**
   * Change the password of an account.
   *
   * @param unlock whether to unlock a locked account
   */
  record ChangePassword(String name, boolean unlock) implements Command {}

  /** Delete an account. */
  record Delete(String name) implements Command {}

  /** Refuse logins to an account. */
  record Lock(String name) implements Command {}

  /** Allow logins to a locked account again. */
  record Unlock(String name) implements Command {}

  /** The options of add that have a value. */
  Set<String> ADD_OPTIONS = Set.of("uid", "gid", "groups", "home", "shell", "comment");

  /**
   * The whole command line.
   *
   * @param file the path of the users file
   */
  record Line(String file, Command command) {}

  /** The users file that twoftpd-cvm.service reads. */
  String FILE = "/etc/twoftpd/users";

  /**
   * Reads the command line.
   *
   * @throws IllegalArgumentException naming what is wrong and what is allowed
   */
  static Line parse(String[] arguments) {
    String file = FILE;
    Map<String, String> options = new HashMap<>();
    boolean createHome = false;
    boolean unlock = false;
    List<String> words = new ArrayList<>();
    for (int i = 0; i < arguments.length; i++) {
      String a = arguments[i];
      if (a.equals("--help")) {
        return new Line(file, new Help());
      } else if (a.equals("--create-home")) {
        createHome = true;
      } else if (a.equals("--unlock")) {
        unlock = true;
      } else if (a.equals("--file")) {
        file = value(arguments, ++i);
      } else if (a.startsWith("--") && ADD_OPTIONS.contains(a.substring(2))) {
        options.put(a.substring(2), value(arguments, ++i));
      } else if (a.startsWith("-")) {
        throw new IllegalArgumentException(a + ": there is no such option; see --help");
      } else {
        words.add(a);
      }
    }
    String verb = words.isEmpty() ? "" : words.getFirst();
    if (!verb.equals("add") && (createHome || !options.isEmpty())) {
      throw new IllegalArgumentException("only add takes options other than --file and --unlock");
    }
    if (!verb.equals("passwd") && unlock) {
      throw new IllegalArgumentException("only passwd takes --unlock");
    }
    return new Line(file, command(verb, words, options, createHome, unlock));
  }

  private static Command command(
      String verb,
      List<String> words,
      Map<String, String> options,
      boolean createHome,
      boolean unlock) {
    if (verb.equals("list")) {
      checkCount(words, 1, "list takes no name");
      return new ListAll();
    }
    Set<String> verbs = Set.of("add", "passwd", "del", "lock", "unlock");
    if (!verbs.contains(verb)) {
      throw new IllegalArgumentException(
          (verb.isEmpty() ? "a command is missing" : "\"" + verb + "\" is not a command")
              + ": add, passwd, del, list, lock or unlock is allowed");
    }
    checkCount(words, 2, verb + " takes one name");
    String name = words.get(1);
    return switch (verb) {
      case "add" -> new Add(name, Map.copyOf(options), createHome);
      case "passwd" -> new ChangePassword(name, unlock);
      case "del" -> new Delete(name);
      case "lock" -> new Lock(name);
      default -> new Unlock(name);
    };
  }

  private static void checkCount(List<String> words, int count, String complaint) {
    if (words.size() != count) {
      throw new IllegalArgumentException(complaint);
    }
  }

  private static String value(String[] arguments, int i) {
    if (i >= arguments.length || arguments[i].isEmpty()) {
      throw new IllegalArgumentException(arguments[i - 1] + " needs a value");
    }
    return arguments[i];
  }
}
