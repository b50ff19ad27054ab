package org.twoftpd.shared.config;

/** Values that are numbers, in digits alone: no sign, no space and no digits of other scripts. */
final class NumberTypes {
  private static final int DIGITS_MAX = 10;

  /** More than any file system takes, and no sum with it overflows. */
  private static final long BYTES_MAX = 1L << 60;

  private NumberTypes() {}

  static ValueType<Integer> number(int min, int max) {
    return ValueType.of("a number from " + min + " to " + max, s -> (int) decimal(s, min, max));
  }

  static ValueType<Integer> seconds(int min, int max) {
    return ValueType.of(
        "a number of seconds from " + min + " to " + max, s -> (int) decimal(s, min, max));
  }

  /** Bytes, or as many times 1024, 1024^2, 1024^3 of them as the letter behind the number says. */
  static ValueType<Long> bytes() {
    return ValueType.of(
        "a number of bytes from 0 to 1073741824G, with K, M or G behind it for KiB, MiB or GiB",
        s -> {
          int letter = s.isEmpty() ? -1 : "KMG".indexOf(s.charAt(s.length() - 1));
          String digits = letter < 0 ? s : s.substring(0, s.length() - 1);
          int shift = 10 * (letter + 1);
          return decimal(digits, 19, 0, BYTES_MAX >> shift) << shift;
        });
  }

  static ValueType<Integer> octalMode() {
    return ValueType.of("an octal number from 0 to 0777", NumberTypes::octal);
  }

  private static int octal(String text) throws BadValueException {
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
          int low = (int) decimal(hyphen < 0 ? s : s.substring(0, hyphen), min, max);
          return new int[] {low, (int) decimal(s.substring(hyphen + 1), low, max)};
        });
  }

  /** The one port that the monitor binds for sessions, RFC 959 section 8. */
  static ValueType<Integer> ftpDataPort() {
    return ValueType.of("20", s -> (int) decimal(s, 20, 20));
  }

  /** Digits only, so no sign, no space and no digits of other scripts. */
  static long decimal(String text, long min, long max) throws BadValueException {
    return decimal(text, DIGITS_MAX, min, max);
  }

  /** As {@link #decimal(String, long, long)}, of at most 18 or so many digits. */
  private static long decimal(String text, int digits, long min, long max)
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
