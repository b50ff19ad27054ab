/*
 * Trusted with nothing: the few questions that are asked of bytes as letters and digits.
 */
package org.twoftpd.session.control;

/** Bytes as ASCII. */
public final class Ascii {
  private Ascii() {}

  /**
   * The bytes of words of our own. For sessions, which have no use for character sets: the class
   * that names six of them makes them all.
   */
  @SuppressWarnings("deprecation")
  public static byte[] bytes(String words) {
    byte[] b = new byte[words.length()];
    words.getBytes(0, b.length, b, 0);
    return b;
  }

  /** {@code b[from .. to)} as words, each byte one character. */
  @SuppressWarnings("deprecation")
  public static String text(byte[] b, int from, int to) {
    return new String(b, 0, from, to - from);
  }

  /** A small letter as its capital, any other byte as it is. */
  public static char upper(byte b) {
    return (char) (b >= 'a' && b <= 'z' ? b - 32 : b & 0xff);
  }

  /** True when {@code b} says {@code words}, which are in capitals, in whatever case. */
  public static boolean says(byte[] b, String words) {
    return b.length == words.length() && startsWith(b, words);
  }

  /** True when {@code b} begins with {@code words}, which are in capitals, in whatever case. */
  public static boolean startsWith(byte[] b, String words) {
    if (b.length < words.length()) {
      return false;
    }
    for (int i = 0; i < words.length(); i++) {
      if (upper(b[i]) != words.charAt(i)) {
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
  public static long number(byte[] b, int from, int to, int radix) {
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
