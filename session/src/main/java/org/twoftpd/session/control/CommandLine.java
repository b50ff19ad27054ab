package org.twoftpd.session.control;

import java.util.Arrays;
import org.twoftpd.session.text.Ascii;

/**
 * One command of a client: a verb and perhaps a parameter. It keeps bytes, not strings, because the
 * names of files have no encoding that the server could know.
 */
public final class CommandLine {
  private static final int VERB_MAX = 8;

  private final byte[] line;
  private final int verbLength;

  /**
   * @param line the decoded line without its CR and LF; {@link #wipe} overwrites this array
   */
  public CommandLine(byte[] line) {
    this.line = line;
    int i = 0;
    while (i < line.length && line[i] != ' ') {
      i++;
    }
    verbLength = i;
  }

  /**
   * Returns the verb in capitals; the empty string when it is not one to {@value #VERB_MAX}
   * letters.
   */
  public String verb() {
    long key = verbKey();
    if (key == 0) {
      return "";
    }
    byte[] v = new byte[verbLength];
    for (int i = verbLength - 1; i >= 0; i--) {
      v[i] = (byte) key;
      key >>= 8;
    }
    return Ascii.decode(v, 0, verbLength);
  }

  /**
   * Returns the verb as a number, with one capital letter in each byte, so that a table finds a
   * command without allocating a string. It is 0 when the verb is not one to {@value #VERB_MAX}
   * letters.
   */
  public long verbKey() {
    if (verbLength > VERB_MAX) {
      return 0;
    }
    long key = 0;
    for (int i = 0; i < verbLength; i++) {
      int c = line[i] >= 'a' ? line[i] - 32 : line[i];
      if (c < 'A' || c > 'Z') {
        return 0;
      }
      key = key << 8 | c;
    }
    return key;
  }

  /** Returns whether the command has that verb, which must be in capitals; case is ignored. */
  boolean hasVerb(String verb) {
    return verbLength == verb.length() && Ascii.startsWithIgnoreCase(line, verb);
  }

  /** Returns what follows the first space, with trailing spaces, or null when nothing does. */
  public byte[] parameter() {
    return verbLength + 1 < line.length
        ? Arrays.copyOfRange(line, verbLength + 1, line.length)
        : null;
  }

  /** Returns the parameter without blanks at its end, or null when nothing is left of it. */
  public byte[] trimmedParameter() {
    int to = line.length;
    while (to > verbLength && line[to - 1] == ' ') {
      to--;
    }
    return verbLength + 1 < to ? Arrays.copyOfRange(line, verbLength + 1, to) : null;
  }

  /** Returns how many bytes the line has. */
  int length() {
    return line.length;
  }

  /** Returns whether the line has no bytes. */
  public boolean isEmpty() {
    return line.length == 0;
  }

  /** Returns the whole line, without a copy. */
  public byte[] bytes() {
    return line;
  }

  /** Overwrites the line with zeros, since it may hold a password. */
  public void wipe() {
    Arrays.fill(line, (byte) 0);
  }
}
