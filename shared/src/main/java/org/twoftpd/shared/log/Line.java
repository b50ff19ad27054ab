/*
 * Trusted to keep one event on one line, with every field where it belongs, whatever a client has put into it.
 */
package org.twoftpd.shared.log;

import java.nio.charset.StandardCharsets;

/** A line of the log in the making: a name, then fields as key=value. */
final class Line {
  /** No line is longer; what a client could make long is cut before that. */
  static final int VALUE_MAX = 1024;

  private static final String HEX = "0123456789abcdef";

  private final StringBuilder text = new StringBuilder(160);

  Line(String name) {
    text.append(name);
  }

  /** A field of our own making. */
  Line field(String key, String value) {
    return field(key, value.getBytes(StandardCharsets.UTF_8));
  }

  /** A number. */
  Line field(String key, long value) {
    text.append(' ').append(key).append('=').append(value);
    return this;
  }

  /**
   * A field that somebody else chose. Letters, digits and the usual marks stand as they are; a
   * value with a space or an equals sign is quoted; every other byte, the quotation mark and the
   * backslash are \xNN.
   */
  Line field(String key, byte[] value) {
    text.append(' ').append(key).append('=');
    boolean quoted = value.length == 0;
    for (byte b : value) {
      quoted |= b == ' ' || b == '=';
    }
    if (quoted) {
      text.append('"');
    }
    for (int i = 0; i < value.length && i < VALUE_MAX; i++) {
      int c = value[i] & 0xff;
      if (c < ' ' || c > '~' || c == '"' || c == '\\') {
        text.append("\\x").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
      } else {
        text.append((char) c);
      }
    }
    if (value.length > VALUE_MAX) {
      text.append("...");
    }
    if (quoted) {
      text.append('"');
    }
    return this;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
