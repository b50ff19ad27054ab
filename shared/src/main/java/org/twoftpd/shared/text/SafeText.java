/*
 * Trusted to keep what a client, a file or a process has chosen on one line, and in one field of it, wherever
 * administrators read it.
 */
package org.twoftpd.shared.text;

/**
 * Makes somebody else's text fit for a log, a terminal or a list. Escaping keeps every byte
 * readable as \xNN, for lines that are to be exact; masking keeps the length, for columns and for
 * formats that know no escapes.
 */
public final class SafeText {
  private static final String HEX = "0123456789abcdef";
  private static final int DELETE = 0x7f;

  private SafeText() {}

  /**
   * Adds bytes in printable ASCII: every other byte, the quotation mark and the backslash become
   * \xNN.
   *
   * @param most how many bytes are added; "..." stands for those that are left out
   */
  public static void escape(StringBuilder to, byte[] value, int most) {
    for (int i = 0; i < value.length && i < most; i++) {
      int c = value[i] & 0xff;
      if (c < ' ' || c >= DELETE || c == '"' || c == '\\') {
        addHex(to.append("\\x"), c, 2);
      } else {
        to.append((char) c);
      }
    }
    if (value.length > most) {
      to.append("...");
    }
  }

  /**
   * A text in which control characters are \xNN, and what is neither ASCII nor a letter or digit of
   * some script is \&#117;NNNN: nothing in it can end a line, hide or turn the others around.
   */
  public static String escape(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == DELETE) {
        addHex(safe.append("\\x"), c, 2);
      } else if (c < DELETE || Character.isLetterOrDigit(c) && !Character.isSurrogate(c)) {
        safe.append(c);
      } else {
        addHex(safe.append("\\u"), c, 4);
      }
    }
    return safe.toString();
  }

  /** A text with a question mark in place of each control character. */
  public static String mask(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      safe.append(Character.isISOControl(c) ? '?' : c);
    }
    return safe.toString();
  }

  /**
   * A copy with one byte in place of each control byte. Bytes from 0x80 on stay, since they may be
   * letters in UTF-8.
   */
  public static byte[] mask(byte[] value, char by) {
    byte[] safe = value.clone();
    for (int i = 0; i < safe.length; i++) {
      if (safe[i] >= 0 && safe[i] < ' ' || safe[i] == DELETE) {
        safe[i] = (byte) by;
      }
    }
    return safe;
  }

  private static void addHex(StringBuilder to, int value, int digits) {
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
      to.append(HEX.charAt(value >> shift & 15));
    }
  }
}
