/*
 * Trusted with nothing: lines for the journal.  Never given a password or a hash.
 */
package org.twoftpd.cvm;

import org.twoftpd.shared.log.Journal;

/** Lines on descriptor 2, with the priorities of sd-daemon(3) where somebody reads them. */
final class Log {
  private Log() {}

  static void error(String line) {
    print(3, line);
  }

  static void warning(String line) {
    print(4, line);
  }

  static void info(String line) {
    print(6, line);
  }

  private static void print(int priority, String line) {
    StringBuilder text = new StringBuilder(line.length() + 4);
    text.append(Journal.prefix(priority));
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      // A name in a line must not be able to begin another one.
      text.append(c < ' ' || c == 0x7f ? '?' : c);
    }
    System.err.println(text);
  }
}
