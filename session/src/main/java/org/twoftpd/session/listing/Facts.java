/*
 * Trusted with nothing: the names of facts, as clients choose among them.
 */
package org.twoftpd.session.listing;

import org.twoftpd.session.text.Text;

/**
 * The facts of MLSD and MLST (RFC 3659 section 7.5), as a set of bits. They always stand in the
 * order of their numbers.
 */
public final class Facts {
  public static final int TYPE = 1;
  public static final int SIZE = 2;
  public static final int MODIFY = 4;
  public static final int PERM = 8;
  public static final int UNIQUE = 16;
  public static final int UNIX_MODE = 32;
  public static final int UNIX_OWNER = 64;
  public static final int UNIX_GROUP = 128;

  /** What a session begins with. */
  public static final int ALL = 255;

  private static final String[] NAMES = {
    "type", "size", "modify", "perm", "unique", "UNIX.mode", "UNIX.owner", "UNIX.group"
  };

  private Facts() {}

  /**
   * The facts that a list of names asks for, each with a semicolon after it, in any case; names
   * that are no facts here are passed over, as RFC 3659 section 7.9 has it.
   */
  public static int select(byte[] list) {
    int selected = 0;
    int from = 0;
    for (int i = 0; i <= list.length; i++) {
      if (i == list.length || list[i] == ';') {
        selected |= named(list, from, i);
        from = i + 1;
      }
    }
    return selected;
  }

  private static int named(byte[] list, int from, int to) {
    for (int i = 0; i < NAMES.length; i++) {
      if (NAMES[i].length() == to - from && isName(NAMES[i], list, from)) {
        return 1 << i;
      }
    }
    return 0;
  }

  private static boolean isName(String name, byte[] list, int from) {
    for (int i = 0; i < name.length(); i++) {
      int a = name.charAt(i);
      int b = list[from + i];
      // Letters differ in this bit alone; a dot would be confused with nothing that is allowed.
      if ((a | 0x20) != (b | 0x20)) {
        return false;
      }
    }
    return true;
  }

  /** The selected facts' names with a semicolon after each, for the reply to OPTS MLST. */
  public static Text describeSelected(int selected) {
    Text out = new Text();
    for (int i = 0; i < NAMES.length; i++) {
      if ((selected & 1 << i) != 0) {
        out.add(NAMES[i]).add(';');
      }
    }
    return out;
  }

  /** All facts' names, the selected ones with a star, for the line in the reply to FEAT. */
  public static Text describeAll(int selected) {
    Text out = new Text();
    for (int i = 0; i < NAMES.length; i++) {
      out.add(NAMES[i]);
      if ((selected & 1 << i) != 0) {
        out.add('*');
      }
      out.add(';');
    }
    return out;
  }
}
