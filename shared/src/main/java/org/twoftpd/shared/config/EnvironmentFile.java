/*
 * Trusted to take a file that root wrote apart into names and values exactly as systemd does.
 */
package org.twoftpd.shared.config;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A file of NAME=VALUE lines in the form that EnvironmentFile= of systemd.exec(5) reads. A line
 * that begins with # or ; is a comment. White space around a value is dropped. A value in '...' is
 * taken as it is; in one in "..." a \ quotes ", \, ` and $. Both may span lines. A \ at the end of
 * a line continues the line, and in a value without quotes it quotes the next character.
 *
 * <p>Systemd passes over a line without =, a bad name, a quote that is not closed and bytes that
 * are not UTF-8. Here they are errors.
 */
final class EnvironmentFile {
  /** A name and its value; the line is where the name stands, from 1. */
  record Assignment(int line, String name, String value) {}

  /** What is wrong, and in which line, from 1. */
  record Fault(int line, String message) {}

  private static final int END = -1;
  private static final int SHOWN_MAX = 80;

  private final List<Assignment> assignments = new ArrayList<>();
  private final List<Fault> faults = new ArrayList<>();
  private String text = "";
  private int at;
  private int line = 1;

  private EnvironmentFile() {}

  static EnvironmentFile parse(byte[] content) {
    EnvironmentFile file = new EnvironmentFile();
    if (file.decode(content)) {
      file.readLines();
    }
    return file;
  }

  List<Assignment> assignments() {
    return assignments;
  }

  List<Fault> faults() {
    return faults;
  }

  /** As much of a text as a message shows of it. */
  static String clip(String text) {
    return text.length() > SHOWN_MAX ? text.substring(0, SHOWN_MAX) + "..." : text;
  }

  private boolean decode(byte[] content) {
    ByteBuffer in = ByteBuffer.wrap(content);
    CharBuffer out = CharBuffer.allocate(content.length);
    CoderResult result =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT)
            .decode(in, out, true);
    text = out.flip().toString();
    int bad = result.isError() ? text.length() : firstOf(text, '\0', '\ufeff');
    if (bad < 0) {
      return true;
    }
    int lines = 1;
    for (int i = 0; i < bad; i++) {
      lines += text.charAt(i) == '\n' ? 1 : 0;
    }
    faults.add(new Fault(lines, "the file must be UTF-8 without NUL and byte order mark"));
    return false;
  }

  private static int firstOf(String text, char a, char b) {
    int i = text.indexOf(a);
    int j = text.indexOf(b);
    return i < 0 || (j >= 0 && j < i) ? j : i;
  }

  private int peek() {
    return at < text.length() ? text.charAt(at) : END;
  }

  private int next() {
    int c = peek();
    at += c == END ? 0 : 1;
    line += c == '\n' ? 1 : 0;
    return c;
  }

  private static boolean isSpace(int c) {
    return c == ' ' || c == '\t' || c == '\r';
  }

  private void skipSpaces() {
    while (isSpace(peek())) {
      next();
    }
  }

  private String untilLineEnd(char alsoStop) {
    int start = at;
    while (peek() != END && peek() != '\n' && peek() != alsoStop) {
      next();
    }
    return text.substring(start, at);
  }

  private void readLines() {
    while (peek() != END) {
      skipSpaces();
      int c = peek();
      if (c == '#' || c == ';') {
        untilLineEnd('\n');
      } else if (c != '\n' && c != END) {
        readAssignment();
      }
      next();
    }
  }

  private void readAssignment() {
    int start = line;
    String name = untilLineEnd('=').strip();
    if (peek() != '=') {
      faults.add(new Fault(start, "a line must be NAME=VALUE, a comment, or empty"));
      return;
    }
    next();
    String value = readValue();
    if (value == null) {
      faults.add(new Fault(start, "the quoted value of " + clip(name) + " has no closing quote"));
    } else if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
      faults.add(
          new Fault(start, "a name must be letters, digits and _, not \"" + clip(name) + "\""));
    } else {
      assignments.add(new Assignment(start, name, value));
    }
  }

  /**
   * Reads a value up to the end of its last line, and leaves that there; null when a quote has no
   * closing quote.
   */
  private String readValue() {
    StringBuilder value = new StringBuilder();
    skipSpaces();
    while (peek() == '"' || peek() == '\'') {
      if (!readQuoted(next(), value)) {
        return null;
      }
      skipSpaces();
    }
    // White space at the end is dropped, but not what was quoted or escaped.
    int kept = value.length();
    while (peek() != END && peek() != '\n') {
      int c = next();
      if (c == '\\') {
        c = next();
        if (c == END || c == '\n') {
          continue;
        }
        value.append((char) c);
        kept = value.length();
      } else {
        value.append((char) c);
        kept = isSpace(c) ? kept : value.length();
      }
    }
    value.setLength(kept);
    return value.toString();
  }

  private boolean readQuoted(int quote, StringBuilder value) {
    while (peek() != END) {
      int c = next();
      if (c == quote) {
        return true;
      }
      if (c != '\\' || quote == '\'') {
        value.append((char) c);
      } else if (peek() == '\n') {
        next();
      } else {
        if ("\"\\`$".indexOf(peek()) < 0) {
          value.append('\\');
        }
        if (peek() != END) {
          value.append((char) next());
        }
      }
    }
    return false;
  }
}
