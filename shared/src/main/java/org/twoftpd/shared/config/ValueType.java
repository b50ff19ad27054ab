/*
 * Trusted with reading values: each type takes exactly what its words allow, and throws BadValueException for the rest.
 */
package org.twoftpd.shared.config;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A type of values.
 *
 * @param allowed what a value may be, in words that follow "must be"
 * @param mayBeEmpty an empty value stands for none
 * @param secret values are not shown in messages
 */
record ValueType<T>(String allowed, boolean mayBeEmpty, boolean secret, Parser<T> parser) {
  interface Parser<T> {
    T parse(String text) throws BadValueException;
  }

  private static final int LIST_MAX = 64;
  private static final int TEXT_MAX = 4096;
  private static final int DIGITS_MAX = 10;

  /** More than any file system takes, and no sum with it overflows. */
  private static final long BYTES_MAX = 1L << 60;

  private static <T> ValueType<T> of(String allowed, Parser<T> parser) {
    return new ValueType<>(allowed, false, false, parser);
  }

  T parse(String text) throws BadValueException {
    return parser.parse(text);
  }

  /** A value that need not be there. */
  static <T> ValueType<Optional<T>> optional(ValueType<T> type) {
    return new ValueType<>(
        type.allowed + ", or empty",
        true,
        type.secret,
        s -> s.isEmpty() ? Optional.empty() : Optional.of(type.parse(s)));
  }

  static ValueType<Secret> secret(int bytesMax) {
    ValueType<String> text = text(bytesMax);
    return new ValueType<>(text.allowed, false, true, s -> new Secret(text.parse(s)));
  }

  /** An empty value is neither: in the original it meant on, and looks like off. */
  static ValueType<Boolean> onOff() {
    return of(
        "on, yes, true or 1, or off, no, false or 0",
        s ->
            switch (s.toLowerCase(Locale.ROOT)) {
              case "on", "yes", "true", "1" -> true;
              case "off", "no", "false", "0" -> false;
              default -> throw new BadValueException();
            });
  }

  static ValueType<AnonymousMode> anonymousMode() {
    ValueType<Boolean> onOff = onOff();
    return of(
        onOff.allowed + ", or also",
        s ->
            s.equalsIgnoreCase("also")
                ? AnonymousMode.ALSO
                : onOff.parse(s) ? AnonymousMode.EVERYBODY : AnonymousMode.OFF);
  }

  static ValueType<Integer> number(int min, int max) {
    return of("a number from " + min + " to " + max, s -> (int) decimal(s, min, max));
  }

  static ValueType<Integer> seconds(int min, int max) {
    return of("a number of seconds from " + min + " to " + max, s -> (int) decimal(s, min, max));
  }

  /** Bytes, or as many times 1024, 1024^2, 1024^3 of them as the letter behind the number says. */
  static ValueType<Long> bytes() {
    return of(
        "a number of bytes from 0 to 1073741824G, with K, M or G behind it for KiB, MiB or GiB",
        s -> {
          int letter = s.isEmpty() ? -1 : "KMG".indexOf(s.charAt(s.length() - 1));
          String digits = letter < 0 ? s : s.substring(0, s.length() - 1);
          int shift = 10 * (letter + 1);
          return decimal(digits, 19, 0, BYTES_MAX >> shift) << shift;
        });
  }

  static ValueType<Integer> octalMode() {
    return of("an octal number from 0 to 0777", ValueType::octal);
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
    return of(
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

  static ValueType<Table> table() {
    return of(
        "xfer, anon or drop",
        s ->
            switch (s) {
              case "xfer" -> Table.XFER;
              case "anon" -> Table.ANON;
              case "drop" -> Table.DROP;
              default -> throw new BadValueException();
            });
  }

  static ValueType<String> text(int bytesMax) {
    return of(
        "a text of 1 to " + bytesMax + " bytes without control characters",
        s -> checkText(s, bytesMax, ""));
  }

  /** A text that may be empty, which is not the same as its default. */
  static ValueType<String> shortText(int bytesMax) {
    return of(
        "a text of at most " + bytesMax + " bytes without control characters",
        s -> s.isEmpty() ? s : checkText(s, bytesMax, ""));
  }

  /** Lines with LF between them; in the value a line also ends at the two characters \n. */
  static ValueType<String> lines() {
    return new ValueType<>(
        "a text of at most " + TEXT_MAX + " bytes without control characters but newline and tab",
        true,
        false,
        s -> {
          if (s.isEmpty()) {
            return s;
          }
          String lines = checkText(s, TEXT_MAX, "\n\t").replace("\\n", "\n");
          return lines.endsWith("\n") ? lines.substring(0, lines.length() - 1) : lines;
        });
  }

  /** The one port that the monitor binds for sessions, RFC 959 section 8. */
  static ValueType<Integer> ftpDataPort() {
    return of("20", s -> (int) decimal(s, 20, 20));
  }

  static ValueType<String> absolutePath() {
    return of("an absolute path without control characters", ValueType::checkPath);
  }

  static ValueType<String> fileName() {
    return of(
        "a file name without a slash",
        s -> {
          if (s.equals(".") || s.equals("..") || s.indexOf('/') >= 0) {
            throw new BadValueException();
          }
          return checkText(s, 255, "");
        });
  }

  /** An account by its name, or by its numbers. */
  static ValueType<String> account() {
    return of(
        "the name of a user, or UID:GID with numbers from 1 to " + Integer.MAX_VALUE,
        s -> {
          int colon = s.indexOf(':');
          if (colon < 0) {
            return userName().parse(s);
          }
          decimal(s.substring(0, colon), 1, Integer.MAX_VALUE);
          decimal(s.substring(colon + 1), 1, Integer.MAX_VALUE);
          return s;
        });
  }

  static ValueType<String> userName() {
    return of(
        "the name of a user",
        s -> {
          if (s.indexOf(':') >= 0 || s.indexOf(' ') >= 0) {
            throw new BadValueException();
          }
          return checkText(s, 255, "");
        });
  }

  /** Values with commas between them, each once, one at least. */
  static <T> ValueType<List<T>> list(String allowed, Parser<T> parser) {
    return of(
        allowed + ", with commas between them",
        s -> {
          List<T> values = new ArrayList<>();
          for (String part : s.split(",", -1)) {
            values.add(parser.parse(part.strip()));
          }
          if (values.size() > LIST_MAX || new HashSet<>(values).size() < values.size()) {
            throw new BadValueException();
          }
          return List.copyOf(values);
        });
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

  static String checkPath(String text) throws BadValueException {
    if (!text.startsWith("/")) {
      throw new BadValueException();
    }
    return checkText(text, 4095, "");
  }

  private static String checkText(String text, int bytesMax, String alsoAllowed)
      throws BadValueException {
    if (text.isEmpty() || text.getBytes(StandardCharsets.UTF_8).length > bytesMax) {
      throw new BadValueException();
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) && alsoAllowed.indexOf(c) < 0) {
        throw new BadValueException();
      }
    }
    return text;
  }
}
