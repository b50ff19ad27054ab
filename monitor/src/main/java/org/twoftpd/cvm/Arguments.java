/*
 * Trusted with the command line.
 */
package org.twoftpd.cvm;

/** What the command line asks for. */
sealed interface Arguments {
  record Help() implements Arguments {}

  record Version() implements Arguments {}

  /**
   * Serving.
   *
   * @param socket null when not given
   * @param user null when not given
   */
  record Serve(String users, String socket, String user) implements Arguments {}

  /**
   * Reads the command line.
   *
   * @throws IllegalArgumentException naming the argument that is wrong and what is allowed
   */
  static Arguments parse(String[] arguments) {
    String users = null;
    String socket = null;
    String user = null;
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--help" -> {
          return new Help();
        }
        case "--version" -> {
          return new Version();
        }
        case "--users" -> users = value(arguments, ++i);
        case "--socket" -> socket = value(arguments, ++i);
        case "--user" -> user = value(arguments, ++i);
        default ->
            throw new IllegalArgumentException(
                "\""
                    + arguments[i]
                    + "\": allowed are --users FILE, --socket PATH, --user NAME|UID:GID, --help and"
                    + " --version");
      }
    }
    if (users == null) {
      throw new IllegalArgumentException("--users FILE must be given");
    }
    return new Serve(users, socket, user);
  }

  private static String value(String[] arguments, int i) {
    if (i >= arguments.length || arguments[i].isEmpty()) {
      throw new IllegalArgumentException(arguments[i - 1] + " needs a value");
    }
    return arguments[i];
  }
}
