/*
 * Trusted with time: patterns come from clients, and no pattern may cost more than its length times the name's.  Pure.
 */
package org.twoftpd.session.listing;

import java.util.Arrays;

/**
 * A pattern for one part of a path, over bytes: {@code *} any bytes, {@code ?} one byte, {@code
 * [set]} one of a set with ranges, {@code [!set]} one outside it, {@code \} takes the next byte as
 * itself. A bracket that is not closed stands for itself, so does a {@code ]} that comes first in a
 * set, and a {@code \} at the end. The dot that a name begins with is only matched by a dot at the
 * same place of the pattern, as shells have it: who asks for {@code *} to delete or to fetch it
 * does not mean the files that are hidden.
 */
final class NamePattern {
  private static final short ANY = 256;
  private static final short STAR = 257;
  private static final short SET = 258;

  /** Bytes as themselves, ANY, STAR, or SET plus the number of a set. */
  private short[] code;

  private int length;

  /** 256 bits for each set. */
  private long[] sets = {};

  private int setCount;

  /** How many bytes a name must have at least. */
  private int shortest;

  private boolean unclosed;
  private long steps;

  private NamePattern() {}

  /** True when the text asks for anything but itself. */
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

  /** Reads {@code text[from .. to)}; every text is a pattern. */
  static NamePattern of(byte[] text, int from, int to) {
    NamePattern pattern = new NamePattern();
    pattern.code = new short[to - from];
    int at = from;
    while (at < to) {
      at = pattern.element(text, at, to);
    }
    return pattern;
  }

  private int element(byte[] text, int at, int to) {
    return switch (text[at]) {
      case '*' -> {
        if (length == 0 || code[length - 1] != STAR) {
          code[length++] = STAR;
        }
        yield at + 1;
      }
      case '?' -> add(ANY, at + 1);
      case '[' -> {
        // One bracket without an end means that no later one has an end either: looking for it
        // again each time would make a row of brackets quadratic.
        int end = unclosed ? -1 : set(text, at + 1, to);
        unclosed = end < 0;
        yield unclosed ? add('[', at + 1) : add(SET + setCount++, end);
      }
      case '\\' -> {
        int literal = at + 1 < to ? at + 1 : at;
        yield add(text[literal] & 0xff, literal + 1);
      }
      default -> add(text[at] & 0xff, at + 1);
    };
  }

  private int add(int element, int next) {
    code[length++] = (short) element;
    shortest++;
    return next;
  }

  /**
   * Reads a set whose first byte is at {@code from} into the bits of set number {@code setCount}.
   *
   * @return where the text goes on, -1 when the set is not closed
   */
  private int set(byte[] text, int from, int to) {
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
   * True when all of {@code name[offset .. offset+size)} matches. Takes at most the pattern's
   * length times the name's steps: only the last star seen is ever tried again, since an earlier
   * one could do nothing that the last cannot.
   */
  boolean matches(byte[] name, int offset, int size) {
    steps++;
    boolean hidden = size > 0 && name[offset] == '.';
    if (size < shortest || hidden && (length == 0 || code[0] != '.')) {
      return false;
    }
    int end = offset + size;
    int at = offset;
    int element = 0;
    int afterStar = -1;
    int starTook = 0;
    while (at < end) {
      steps++;
      if (element < length && code[element] == STAR) {
        afterStar = ++element;
        starTook = at;
      } else if (element < length && accepts(code[element], name[at] & 0xff)) {
        element++;
        at++;
      } else if (afterStar >= 0) {
        element = afterStar;
        at = ++starTook;
      } else {
        return false;
      }
    }
    return element == length || (element == length - 1 && code[element] == STAR);
  }

  private boolean accepts(short element, int b) {
    return element == b
        || element == ANY
        || (element >= SET && ((sets[(element - SET) * 4 + (b >> 6)] >> b) & 1) != 0);
  }

  /** How many steps all calls of {@link #matches} have taken together. */
  long steps() {
    return steps;
  }
}
