/*
 * Trusted with shells(5): who may log in among the system's accounts.
 */
package org.twoftpd.cvm;

import java.util.HashSet;
import java.util.Set;

/** The shells that getusershell(3) would name. */
final class ShellList {
  /** What the C library names where there is no file. */
  static final Set<String> DEFAULT = Set.of("/bin/sh", "/bin/csh");

  private ShellList() {}

  /**
   * In each line the word that begins with the first slash; # begins a comment.
   *
   * @param lines bytes, one in a char
   */
  static Set<String> of(Iterable<String> lines) {
    Set<String> shells = new HashSet<>();
    for (String line : lines) {
      int comment = line.indexOf('#');
      String said = comment < 0 ? line : line.substring(0, comment);
      int slash = said.indexOf('/');
      String shell = slash < 0 ? "" : said.substring(slash).split("[ \\t\\r\\f\\x0b]", 2)[0];
      if (shell.length() > 1) {
        shells.add(shell);
      }
    }
    return shells;
  }
}
