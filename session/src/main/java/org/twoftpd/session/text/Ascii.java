package org.twoftpd.session.text;

/**
 * Converts between bytes and ASCII text, and compares bytes with words. A session uses this instead
 * of character sets and {@code String.format}, which would load many classes for every login.
 */
public final class Ascii {
  /** The greatest long, 9223372036854775807, has this many decimal digits. */
  private static final int DIGITS_MAX = 19;

  // The client compiler (C1) emits the slow division of the processor for "/ 10". Multiplying by
  // this constant and shifting gives the same quotient for every number of 31 bits.
  private static final long ONE_TENTH = 0xcccccccdL;
  private static final int ONE_TENTH_SHIFT = 35;

  private Ascii() {}

  /**
   * Returns the bytes of a text that this program wrote itself. It uses no {@code
   * StandardCharsets}, because loading that class creates six character sets, of which a session
   * needs none.
   *
   * @param words characters of ASCII only
   */
  public static byte[] encode(String words) {
    byte[] b = new byte[words.length()];
    putText(words, b, 0);
    return b;
  }

  /**
   * Copies a text that this program wrote itself to {@code to}, from index {@code at} on. One call
   * of the deprecated {@code getBytes} copies it all: a loop in Java would be most of the cost of a
   * reply, since a short session ends before the loop is compiled.
   */
  @SuppressWarnings("deprecation")
  public static void putText(String words, byte[] to, int at) {
    words.getBytes(0, words.length(), to, at);
  }

  /** Counts the decimal digits of a number, which must not be negative. */
  public static int countDigits(long number) {
    int n = 1;
    for (long power = 10; n < DIGITS_MAX && number >= power; power *= 10) {
      n++;
    }
    return n;
  }

  /**
   * Writes a number in decimal so that it ends before {@code to[end]}, and fills what is left of
   * {@code to[from .. end)} with {@code fill}.
   *
   * @param number not negative, and of no more digits than there is room
   */
  public static void putNumber(long number, byte[] to, int from, int end, char fill) {
    int at = end;
    long left = number;
    while (left > Integer.MAX_VALUE) {
      long tenth = left / 10;
      to[--at] = (byte) ('0' + left - 10 * tenth);
      left = tenth;
    }
    int rest = (int) left;
    do {
      int tenth = (int) (rest * ONE_TENTH >>> ONE_TENTH_SHIFT);
      to[--at] = (byte) ('0' + rest - 10 * tenth);
      rest = tenth;
    } while (rest != 0);
    while (at > from) {
      to[--at] = (byte) fill;
    }
  }

  /** Returns {@code b[from .. to)} as a string in which each byte is one character. */
  @SuppressWarnings("deprecation")
  public static String decode(byte[] b, int from, int to) {
    return new String(b, 0, from, to - from);
  }

  /** Returns the capital of a small letter, and any other byte unchanged. */
  public static char toUpperCase(byte b) {
    return (char) (b >= 'a' && b <= 'z' ? b - 32 : b & 0xff);
  }

  /** Returns whether {@code b} equals {@code words}, which must be in capitals; case is ignored. */
  public static boolean equalsIgnoreCase(byte[] b, String words) {
    return b.length == words.length() && startsWithIgnoreCase(b, words);
  }

  /** Returns whether {@code b} begins with {@code words}, in capitals; case is ignored. */
  public static boolean startsWithIgnoreCase(byte[] b, String words) {
    if (b.length < words.length()) {
      return false;
    }
    for (int i = 0; i < words.length(); i++) {
      if (toUpperCase(b[i]) != words.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Reads the number that {@code b[from .. to)} holds.
   *
   * @param radix from 2 to 10
   * @return -1 when the range is empty, holds anything but digits, or exceeds a long
   */
  public static long parseNumber(byte[] b, int from, int to, int radix) {
    if (from >= to) {
      return -1;
    }
    long n = 0;
    for (int i = from; i < to; i++) {
      int d = b[i] - '0';
      if (d < 0 || d >= radix || n > (Long.MAX_VALUE - d) / radix) {
        return -1;
      }
      n = n * radix + d;
    }
    return n;
  }
}
