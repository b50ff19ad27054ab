/*
 * Trusted with nothing: the few questions that are asked of bytes as letters and digits.
 */
package org.twoftpd.session.text;

/** Bytes as ASCII. */
public final class Ascii {
  /** Digits of the greatest long. */
  private static final int DIGITS_MAX = 19;

  // C1 would divide by the machine's slow division. For 31 bits this is exact.
  private static final long ONE_TENTH = 0xcccccccdL;
  private static final int ONE_TENTH_SHIFT = 35;

  private Ascii() {}

  /**
   * The bytes of words of our own. For sessions, which have no use for character sets: the class
   * that names six of them makes them all.
   */
  public static byte[] encode(String words) {
    byte[] b = new byte[words.length()];
    putText(words, b, 0);
    return b;
  }

  /**
   * Puts words of our own into {@code to}, from {@code at} on. In one piece: a loop over them is
   * most of what a reply costs while it is interpreted, as in a short session.
   */
  @SuppressWarnings("deprecation")
  public static void putText(String words, byte[] to, int at) {
    words.getBytes(0, words.length(), to, at);
  }

  /** How many digits a number has that is not negative. */
  public static int countDigits(long number) {
    int n = 1;
    for (long power = 10; n < DIGITS_MAX && number >= power; power *= 10) {
      n++;
    }
    return n;
  }

  /** Puts a number that is not negative at the end of {@code to[from .. end)}, which it fits. */
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

  /** {@code b[from .. to)} as words, each byte one character. */
  @SuppressWarnings("deprecation")
  public static String decode(byte[] b, int from, int to) {
    return new String(b, 0, from, to - from);
  }

  /** A small letter as its capital, any other byte as it is. */
  public static char toUpperCase(byte b) {
    return (char) (b >= 'a' && b <= 'z' ? b - 32 : b & 0xff);
  }

  /** True when {@code b} says {@code words}, which are in capitals, in whatever case. */
  public static boolean equalsIgnoreCase(byte[] b, String words) {
    return b.length == words.length() && startsWithIgnoreCase(b, words);
  }

  /** True when {@code b} begins with {@code words}, which are in capitals, in whatever case. */
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
   * A number in {@code b[from .. to)}.
   *
   * @return -1 when there is anything but digits, none at all, or more than fits
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
