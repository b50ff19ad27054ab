package org.twoftpd.shared.config;

import java.nio.charset.StandardCharsets;

/** Values that are texts, bounded in bytes of UTF-8 and without control characters. */
final class TextTypes {
  private static final int TEXT_MAX = 4096;

  private TextTypes() {}

  static ValueType<String> text(int bytesMax) {
    return ValueType.of(
        "a text of 1 to " + bytesMax + " bytes without control characters",
        s -> checkText(s, bytesMax, ""));
  }

  /** A text that may be empty; an empty one is a value too, and need not be the default. */
  static ValueType<String> shortText(int bytesMax) {
    return ValueType.of(
        "a text of at most " + bytesMax + " bytes without control characters",
        s -> s.isEmpty() ? s : checkText(s, bytesMax, ""));
  }

  /** Lines with LF between them. In the file, the two characters \n end a line as well. */
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

  static ValueType<Secret> secret(int bytesMax) {
    ValueType<String> text = text(bytesMax);
    return new ValueType<>(text.allowed(), false, true, s -> new Secret(text.parse(s)));
  }

  static ValueType<String> absolutePath() {
    return ValueType.of("an absolute path without control characters", TextTypes::checkPath);
  }

  static ValueType<String> fileName() {
    return ValueType.of(
        "a file name without a slash",
        s -> {
          if (s.equals(".") || s.equals("..") || s.indexOf('/') >= 0) {
            throw new BadValueException();
          }
          return checkText(s, 255, "");
        });
  }

  static ValueType<String> userName() {
    return ValueType.of(
        "the name of a user",
        s -> {
          if (s.indexOf(':') >= 0 || s.indexOf(' ') >= 0) {
            throw new BadValueException();
          }
          return checkText(s, 255, "");
        });
  }

  /** An account by its name, or by its numbers. */
  static ValueType<String> account() {
    return ValueType.of(
        "the name of a user, or UID:GID with numbers from 1 to " + Integer.MAX_VALUE,
        s -> {
          int colon = s.indexOf(':');
          if (colon < 0) {
            return userName().parse(s);
          }
          NumberTypes.parseDecimal(s.substring(0, colon), 1, Integer.MAX_VALUE);
          NumberTypes.parseDecimal(s.substring(colon + 1), 1, Integer.MAX_VALUE);
          return s;
        });
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String checkPath(String text) throws BadValueException {
    if (!text.startsWith("/")) {
      throw new BadValueException();
    }
    return checkText(text, 4095, "");
  }

  private static String checkText(String text, int bytesMax, String alsoAllowed)
      throws BadValueException {
    if (text.isEmpty() || utf8(text).length > bytesMax) {
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
