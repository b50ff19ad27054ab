/*
 * Trusted to keep one event on one line, with every field where it belongs, whatever a client has put into it.
 */
package org.twoftpd.shared.log;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.twoftpd.shared.text.SafeText;

/** A line of the log in the making: a priority, a name, then fields as key=value. */
public final class Line {
  /** No value is longer; what a client could make long is cut before that. */
  static final int VALUE_MAX = 1024;

  private final int priority;
  private final String name;
  private final List<Field> fields = new ArrayList<>();

  /** A value with nothing left in it that could end a line. */
  record Field(String key, String value, boolean quoted) {}

  /**
   * @param priority of syslog(3)
   */
  Line(int priority, String name) {
    this.priority = priority;
    this.name = name;
  }

  /** How urgent it is, a priority of syslog(3). */
  int priority() {
    return priority;
  }

  /** A field of our own making. */
  Line field(String key, String value) {
    return field(key, value.getBytes(StandardCharsets.UTF_8));
  }

  /** A number. */
  Line field(String key, long value) {
    fields.add(new Field(key, Long.toString(value), false));
    return this;
  }

  /**
   * A field that somebody else chose. Letters, digits and the usual marks stand as they are; a
   * value with a space or an equals sign is quoted; every other byte, the quotation mark and the
   * backslash are \\xNN.
   */
  Line field(String key, byte[] value) {
    boolean quoted = value.length == 0;
    for (byte b : value) {
      quoted |= b == ' ' || b == '=';
    }
    StringBuilder text = new StringBuilder(Math.min(value.length, VALUE_MAX) + 16);
    SafeText.escape(text, value, VALUE_MAX);
    fields.add(new Field(key, text.toString(), quoted));
    return this;
  }

  /** What kind of line it is. */
  String name() {
    return name;
  }

  /** The fields in their order. */
  List<Field> fields() {
    return fields;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(160).append(name);
    for (Field f : fields) {
      text.append(' ').append(f.key).append('=');
      if (f.quoted) {
        text.append('"').append(f.value).append('"');
      } else {
        text.append(f.value);
      }
    }
    return text.toString();
  }
}
