/*
 * Trusted to keep one event on one line, with every field in its place, whatever a client has put into it.
 */
package org.twoftpd.shared.log;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.twoftpd.shared.text.SafeText;

/** A line of the log: a priority, a name, then fields as key=value. */
public final class Line {
  /** How many bytes of a value are shown. */
  static final int VALUE_MAX = 1024;

  private final int priority;
  private final String name;
  private final List<Field> fields = new ArrayList<>();

  /** A key and its value, in which nothing is left that could end a line. */
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

  /** Adds a field whose value is text of this program. */
  Line field(String key, String value) {
    return field(key, value.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds a field whose value is one of a few words: the constant's name, as "no-such-name". */
  Line field(String key, Enum<?> value) {
    return field(key, value.name().toLowerCase(Locale.ROOT).replace('_', '-'));
  }

  /** Adds a field whose value is a number. */
  Line field(String key, long value) {
    fields.add(new Field(key, Long.toString(value), false));
    return this;
  }

  /**
   * Adds a field whose value somebody else chose, escaped as {@link SafeText} has it. An empty
   * value, and one with a space or an equals sign, stands in quotation marks.
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
