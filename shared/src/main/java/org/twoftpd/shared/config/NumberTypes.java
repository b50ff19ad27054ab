package org.twoftpd.shared.config;

/**
 * Values that are numbers. They have digits alone: no sign, no space, no digits of other scripts.
 */
final class NumberTypes {
  private static final int DIGITS_MAX = 10;

  /** This is more than any file system takes, and little enough that no sum with it overflows. */
  private static final long BYTES_MAX = 1L << 60;

  private NumberTypes() {}

  static ValueType<Integer> number(int min, int max) {
    return ValueType.of(
        "a number from " + min + " to " + max, s -> (int) parseDecimal(s, min, max));
  }

  static ValueType<Integer> seconds(int min, int max) {
    return ValueType.of(
        "a number of seconds from " + min + " to " + max, s -> (int) parseDecimal(s, min, max));
  }

  /** A number of bytes; K, M or G behind it multiplies it by 1024, 1024^2 or 1024^3. */
  static ValueType<Long> bytes() {
    return ValueType.of(
        "a number of bytes from 0 to 1073741824G, with K, M or G behind it for KiB, MiB or GiB",
        s -> {
          int letter = s.isEmpty() ? -1 : "KMG".indexOf(s.charAt(s.length() - 1));
          String digits = letter < 0 ? s : s.substring(0, s.length() - 1);
          int shift = 10 * (letter + 1);
          return parseDecimal(digits, 19, 0, BYTES_MAX >> shift) << shift;
        });
  }

  static ValueType<Integer> octalMode() {
    return ValueType.of("an octal number from 0 to 0777", NumberTypes::parseOctal);
  }

  private static int parseOctal(String text) throws BadValueException {
    int value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      value = value << 3 | c - '0';
      if (c < '0' || c > '7' || value > 0777) {
        throw new BadValueException();
      }
    }
    if (text.isEmpty()) {
      throw new BadValueException();
    }
    return value;
  }

  /** Two numbers with a hyphen, the first not above the second; one number stands for both. */
  static ValueType<int[]> range(int min, int max, boolean single) {
    return ValueType.of(
        "LOW-HIGH with numbers from " + min + " to " + max + (single ? ", or one number" : ""),
        s -> {
          int hyphen = s.indexOf('-');
          if (hyphen < 0 && !single) {
            throw new BadValueException();
          }
          int low = (int) parseDecimal(hyphen < 0 ? s : s.substring(0, hyphen), min, max);
          return new int[] {low, (int) parseDecimal(s.substring(hyphen + 1), low, max)};
        });
  }

  /** The only port that the monitor binds for sessions; see RFC 959 section 8. */
  static ValueType<Integer> ftpDataPort() {
    return ValueType.of("20", s -> (int) parseDecimal(s, 20, 20));
  }

  /** Reads a number of at most 10 digits. */
  static long parseDecimal(String text, long min, long max) throws BadValueException {
    return parseDecimal(text, DIGITS_MAX, min, max);
  }

  /** Reads a number of at most {@code digits} digits, which are at most 19. */
  private static long parseDecimal(String text, int digits, long min, long max)
      throws BadValueException {
    if (text.isEmpty() || text.length() > digits) {
      throw new BadValueException();
    }
    long value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        throw new BadValueException();
      }
      value = value * 10 + c - '0';
    }
    if (value < min || value > max) {
      throw new BadValueException();
    }
    return value;
  }
}
