/*
 * Trusted with the list of shells that let an account of the system log in, shells(5).
 */
package org.twoftpd.cvm;

import java.util.HashSet;
import java.util.Set;

/** Reads shells(5) as getusershell(3) does. */
final class ShellList {
  /** The list of the C library for a system without such a file. */
  static final Set<String> DEFAULT = Set.of("/bin/sh", "/bin/csh");

  private ShellList() {}

  /**
   * The shells in these lines: in each, the word that begins with the first slash. # begins a
   * comment.
   *
   * @param lines with one byte in each char
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
