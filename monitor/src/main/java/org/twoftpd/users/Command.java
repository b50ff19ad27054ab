/*
 * Trusted with the command line.
 */
package org.twoftpd.users;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the command line asks for. */
sealed interface Command {
  record Help() implements Command {}

  /** All accounts, one a line. */
  record ListAll() implements Command {}

  /**
   * A new account.
   *
   * @param options those of {@link #ADD_OPTIONS} that were given, without their dashes
   * @param createHome whether the home is made
   */
  record Add(String name, Map<String, String> options, boolean createHome) implements Command {}

  /**
   * Another password.
   *
   * @param unlock whether an account that is locked is open then
   */
  record Passwd(String name, boolean unlock) implements Command {}

  record Delete(String name) implements Command {}

  record Lock(String name) implements Command {}

  record Unlock(String name) implements Command {}

  /** Options of add that have a value. */
  Set<String> ADD_OPTIONS = Set.of("uid", "gid", "groups", "home", "shell", "comment");

  /**
   * The whole command line.
   *
   * @param file the users file
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
        throw new IllegalArgumentException(a + ": no such option; see --help");
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
      only(words, 1, "list takes no name");
      return new ListAll();
    }
    Set<String> verbs = Set.of("add", "passwd", "del", "lock", "unlock");
    if (!verbs.contains(verb)) {
      throw new IllegalArgumentException(
          (verb.isEmpty() ? "what to do" : "\"" + verb + "\"")
              + ": add, passwd, del, list, lock or unlock is allowed");
    }
    only(words, 2, verb + " takes one name");
    String name = words.get(1);
    return switch (verb) {
      case "add" -> new Add(name, Map.copyOf(options), createHome);
      case "passwd" -> new Passwd(name, unlock);
      case "del" -> new Delete(name);
      case "lock" -> new Lock(name);
      default -> new Unlock(name);
    };
  }

  private static void only(List<String> words, int count, String otherwise) {
    if (words.size() != count) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  private static String value(String[] arguments, int i) {
    if (i >= arguments.length || arguments[i].isEmpty()) {
      throw new IllegalArgumentException(arguments[i - 1] + " needs a value");
    }
    return arguments[i];
  }
}
