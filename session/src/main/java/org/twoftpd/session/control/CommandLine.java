/*
 * Trusted with nothing: one line as a client sent it, already decoded.
 */
package org.twoftpd.session.control;

import java.util.Arrays;
import org.twoftpd.session.text.Ascii;

/** A command: a verb and perhaps a parameter, as bytes. */
public final class CommandLine {
  private static final int VERB_MAX = 8;

  private final byte[] line;
  private final int verbLength;

  /**
   * @param line without its end
   */
  public CommandLine(byte[] line) {
    this.line = line;
    int i = 0;
    while (i < line.length && line[i] != ' ') {
      i++;
    }
    verbLength = i;
  }

  /** The verb in capitals; empty when it is not one to {@value #VERB_MAX} letters. */
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
   * The verb's letters in capitals, one in each byte of a number: the same for the same verb. 0
   * when it is not one to {@value #VERB_MAX} letters.
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

  /** True for that verb, which is in capitals, in whatever case. */
  boolean hasVerb(String verb) {
    return verbLength == verb.length() && Ascii.startsWithIgnoreCase(line, verb);
  }

  /** What follows the first space, trailing spaces included; null when nothing does. */
  public byte[] parameter() {
    return verbLength + 1 < line.length
        ? Arrays.copyOfRange(line, verbLength + 1, line.length)
        : null;
  }

  /** The parameter without blanks at its end; null when nothing is left. */
  public byte[] trimmedParameter() {
    int to = line.length;
    while (to > verbLength && line[to - 1] == ' ') {
      to--;
    }
    return verbLength + 1 < to ? Arrays.copyOfRange(line, verbLength + 1, to) : null;
  }

  /** How many bytes it has. */
  int length() {
    return line.length;
  }

  /** True for a line with nothing in it. */
  public boolean isEmpty() {
    return line.length == 0;
  }

  /** The line as it came. */
  public byte[] bytes() {
    return line;
  }

  /** Overwrites the line. */
  public void wipe() {
    Arrays.fill(line, (byte) 0);
  }
}
