package org.twoftpd.session.listing;

import java.util.Arrays;

/**
 * Matches names with a pattern for one part of a path, byte by byte. {@code *} matches any bytes,
 * {@code ?} one byte, {@code [set]} one byte of a set with ranges and {@code [!set]} one byte
 * outside it; {@code \} makes the next byte match itself. A bracket that is not closed matches
 * itself, and so do a {@code ]} at the beginning of a set and a {@code \} at the end. Only a dot at
 * the beginning of the pattern matches the dot of a hidden file, as in shells: a user who deletes
 * or fetches {@code *} does not mean hidden files.
 *
 * <p>Patterns come from clients, so to match one takes at most its length times the name's length
 * steps.
 */
final class NamePattern {
  private static final short ANY = 256;
  private static final short STAR = 257;
  private static final short SET = 258;

  /** Each element is a byte that matches itself, ANY, STAR, or SET plus the number of a set. */
  private short[] elements;

  private int length;

  /** Each set has 256 bits, one for each byte. */
  private long[] sets = {};

  private int setCount;

  /** The number of bytes that a name must have at least. */
  private int minNameLength;

  private boolean hasUnclosedSet;
  private long steps;

  private NamePattern() {}

  /** Returns true when the text has a byte with a special meaning in patterns. */
  static boolean isPattern(byte[] text, int from, int to) {
    for (int i = from; i < to; i++) {
      switch (text[i]) {
        case '*', '?', '[', '\\' -> {
          return true;
        }
        default -> {}
      }
    }
    return false;
  }

  /** Parses {@code text[from .. to)}. Every text is a valid pattern. */
  static NamePattern parse(byte[] text, int from, int to) {
    NamePattern pattern = new NamePattern();
    pattern.elements = new short[to - from];
    int at = from;
    while (at < to) {
      at = pattern.parseElement(text, at, to);
    }
    return pattern;
  }

  private int parseElement(byte[] text, int at, int to) {
    return switch (text[at]) {
      case '*' -> {
        if (length == 0 || elements[length - 1] != STAR) {
          elements[length++] = STAR;
        }
        yield at + 1;
      }
      case '?' -> addElement(ANY, at + 1);
      case '[' -> {
        // When one bracket has no end, no later one has. To look for the end only once keeps the
        // time for a row of brackets linear.
        int end = hasUnclosedSet ? -1 : parseSet(text, at + 1, to);
        hasUnclosedSet = end < 0;
        yield hasUnclosedSet ? addElement('[', at + 1) : addElement(SET + setCount++, end);
      }
      case '\\' -> {
        int literal = at + 1 < to ? at + 1 : at;
        yield addElement(text[literal] & 0xff, literal + 1);
      }
      default -> addElement(text[at] & 0xff, at + 1);
    };
  }

  private int addElement(int element, int next) {
    elements[length++] = (short) element;
    minNameLength++;
    return next;
  }

  /**
   * Parses a set whose first byte is at {@code from} into the bits of set number {@code setCount}.
   *
   * @return the index after the set, or -1 when the set is not closed
   */
  private int parseSet(byte[] text, int from, int to) {
    int base = setCount * 4;
    sets = sets.length > base ? sets : Arrays.copyOf(sets, Math.max(16, base * 2));
    Arrays.fill(sets, base, base + 4, 0);
    boolean negated = from < to && text[from] == '!';
    int first = negated ? from + 1 : from;
    int at = first;
    while (at < to && (text[at] != ']' || at == first)) {
      if (text[at] == '\\' && ++at == to) {
        return -1;
      }
      int low = text[at++] & 0xff;
      int high = low;
      if (at + 1 < to && text[at] == '-' && text[at + 1] != ']') {
        at += text[at + 1] == '\\' ? 2 : 1;
        if (at == to) {
          return -1;
        }
        high = text[at++] & 0xff;
      }
      for (int b = low; b <= high; b++) {
        sets[base + (b >> 6)] |= 1L << b;
      }
    }
    if (at >= to) {
      return -1;
    }
    for (int i = base; negated && i < base + 4; i++) {
      sets[i] = ~sets[i];
    }
    return at + 1;
  }

  /**
   * Returns true when all of {@code name[offset .. offset+size)} matches. After a mismatch only the
   * last star takes one more byte. An earlier star could only move the rest of the pattern further
   * to the right, which the last star does as well.
   */
  boolean matches(byte[] name, int offset, int size) {
    steps++;
    boolean hidden = size > 0 && name[offset] == '.';
    if (size < minNameLength || hidden && (length == 0 || elements[0] != '.')) {
      return false;
    }
    int end = offset + size;
    int at = offset;
    int element = 0;
    int afterStar = -1;
    int starTook = 0;
    while (at < end) {
      steps++;
      if (element < length && elements[element] == STAR) {
        afterStar = ++element;
        starTook = at;
      } else if (element < length && accepts(elements[element], name[at] & 0xff)) {
        element++;
        at++;
      } else if (afterStar >= 0) {
        element = afterStar;
        at = ++starTook;
      } else {
        return false;
      }
    }
    return element == length || (element == length - 1 && elements[element] == STAR);
  }

  private boolean accepts(short element, int b) {
    return element == b
        || element == ANY
        || (element >= SET && ((sets[(element - SET) * 4 + (b >> 6)] >> b) & 1) != 0);
  }

  /** Returns how many steps all calls of {@link #matches} have taken together. */
  long steps() {
    return steps;
  }
}
