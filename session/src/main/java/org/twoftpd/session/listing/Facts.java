package org.twoftpd.session.listing;

import org.twoftpd.session.text.Text;

/**
 * Names the facts of MLSD and MLST (RFC 3659 section 7.5). A set of facts is an int with a bit for
 * each. A line has its facts in the order of these bits.
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

  /** A session sends all facts until the client chooses. */
  public static final int ALL = 255;

  private static final String[] NAMES = {
    "type", "size", "modify", "perm", "unique", "UNIX.mode", "UNIX.owner", "UNIX.group"
  };

  private Facts() {}

  /**
   * Reads the facts that a client selects: names in any case, each followed by a semicolon. It
   * ignores unknown names, as RFC 3659 section 7.9 requires.
   */
  public static int select(byte[] list) {
    int selected = 0;
    int from = 0;
    for (int i = 0; i <= list.length; i++) {
      if (i == list.length || list[i] == ';') {
        selected |= findFact(list, from, i);
        from = i + 1;
      }
    }
    return selected;
  }

  private static int findFact(byte[] list, int from, int to) {
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
      // Letters differ in this bit between upper and lower case. The bit also makes the byte 0x0e
      // equal a dot, which does no harm.
      if ((a | 0x20) != (b | 0x20)) {
        return false;
      }
    }
    return true;
  }

  /** Writes the selected facts' names, each followed by a semicolon, for the reply to OPTS MLST. */
  public static Text describeSelected(int selected) {
    Text out = new Text();
    for (int i = 0; i < NAMES.length; i++) {
      if ((selected & 1 << i) != 0) {
        out.add(NAMES[i]).add(';');
      }
    }
    return out;
  }

  /** Writes all facts' names, the selected ones with a star, for the reply to FEAT. */
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
