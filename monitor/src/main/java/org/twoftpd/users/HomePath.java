package org.twoftpd.users;

import java.util.List;
import java.util.Set;

/** Which paths an account may have as its home: none that the system needs for itself. */
final class HomePath {
  /** Top directories that belong to the system with everything below them. */
  private static final Set<String> SYSTEM =
      Set.of(
          "bin", "boot", "dev", "etc", "lib", "lib32", "lib64", "libx32", "proc", "root", "run",
          "sbin", "sys", "usr");

  /** Directories that homes may be in, but that are not a home. */
  private static final Set<String> COMMON =
      Set.of(
          "/",
          "/home",
          "/lost+found",
          "/media",
          "/mnt",
          "/opt",
          "/srv",
          "/srv/twoftpd",
          "/tmp",
          "/var",
          "/var/cache",
          "/var/lib",
          "/var/log",
          "/var/mail",
          "/var/run",
          "/var/spool",
          "/var/tmp");

  private HomePath() {}

  /**
   * Checks the path of a home.
   *
   * @param path absolute
   * @throws IllegalArgumentException naming the path and saying what is allowed
   */
  static void check(String path) {
    List<String> names = names(path);
    if (names.contains("..") || names.contains(".")) {
      throw refused(path, "a path without \".\" and \"..\" is allowed");
    }
    if (COMMON.contains("/" + String.join("/", names)) || SYSTEM.contains(names.getFirst())) {
      throw refused(
          path,
          "this belongs to the system; a directory of its own is allowed, /srv/twoftpd/NAME for"
              + " instance");
    }
  }

  private static IllegalArgumentException refused(String path, String why) {
    return new IllegalArgumentException("--home " + path + ": " + why);
  }

  /** The names in an absolute path; none in that of the root directory. */
  static List<String> names(String path) {
    return List.of(path.split("/+", -1)).stream().filter(n -> !n.isEmpty()).toList();
  }
}
