package org.twoftpd.cvm;

/** The command line of twoftpd-cvm, understood. */
sealed interface Arguments {
  /** Print the help. */
  record Help() implements Arguments {}

  /** Print the version. */
  record Version() implements Arguments {}

  /**
   * Confine the process, attack it and print what holds.
   *
   * @param user null when not given
   */
  record SelfTest(String user) implements Arguments {}

  /**
   * Answer requests.
   *
   * @param users null when not given; then unix is true
   * @param unix whether accounts of the system are looked up
   * @param shells null when not given
   * @param anyShell whether system accounts are let in whatever their shells are
   * @param socket null when not given
   * @param user null when not given
   */
  record Serve(
      String users, boolean unix, String shells, boolean anyShell, String socket, String user)
      implements Arguments {}

  /**
   * Reads the command line.
   *
   * @throws IllegalArgumentException naming the argument that is wrong and what is allowed
   */
  static Arguments parse(String[] arguments) {
    String users = null;
    boolean unix = false;
    String shells = null;
    boolean anyShell = false;
    String socket = null;
    String user = null;
    boolean selfTest = false;
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--help" -> {
          return new Help();
        }
        case "--version" -> {
          return new Version();
        }
        case "--users" -> users = value(arguments, ++i);
        case "--unix" -> unix = true;
        case "--shells" -> shells = value(arguments, ++i);
        case "--any-shell" -> anyShell = true;
        case "--socket" -> socket = value(arguments, ++i);
        case "--user" -> user = value(arguments, ++i);
        case "--self-test" -> selfTest = true;
        default ->
            throw new IllegalArgumentException(
                "\""
                    + arguments[i]
                    + "\": allowed are --users FILE, --unix, --shells FILE, --any-shell, --socket PATH, --user"
                    + " NAME|UID:GID, --self-test, --help and --version");
      }
    }
    if (selfTest) {
      return new SelfTest(user);
    }
    if (users == null && !unix) {
      throw new IllegalArgumentException("--users FILE or --unix must be given");
    }
    if ((shells != null || anyShell) && !unix) {
      throw new IllegalArgumentException(
          (anyShell ? "--any-shell" : "--shells")
              + " is for accounts of --unix, which is not given");
    }
    if (shells != null && anyShell) {
      throw new IllegalArgumentException("--shells and --any-shell: one of them is allowed");
    }
    return new Serve(users, unix, shells, anyShell, socket, user);
  }

  private static String value(String[] arguments, int i) {
    if (i >= arguments.length || arguments[i].isEmpty()) {
      throw new IllegalArgumentException(arguments[i - 1] + " needs a value");
    }
    return arguments[i];
  }
}
