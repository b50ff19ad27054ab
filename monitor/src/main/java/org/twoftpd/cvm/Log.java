package org.twoftpd.cvm;

import org.twoftpd.shared.log.Event;
import org.twoftpd.shared.log.Journal;
import org.twoftpd.shared.text.SafeText;

/**
 * Lines on descriptor 2, which never hold a password or a hash, with the priorities of sd-daemon(3)
 * where somebody reads them.
 */
final class Log {
  private Log() {}

  static void error(String line) {
    print(Event.ERROR, line);
  }

  static void warning(String line) {
    print(Event.WARNING, line);
  }

  static void info(String line) {
    print(Event.INFO, line);
  }

  private static void print(int priority, String line) {
    // A name in a line must not be able to begin another one.
    System.err.println(Journal.prefix(priority) + SafeText.mask(line));
  }
}
