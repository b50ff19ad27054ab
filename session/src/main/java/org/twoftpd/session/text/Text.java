/*
 * Trusted to keep a reply, or a line of a listing, in one piece: names go in by WireName, so that no name can end a line
 * or begin another.
 */
package org.twoftpd.session.text;

import java.util.Arrays;

/**
 * Bytes in the making: a reply, a line of a listing, a path. One that is cleared keeps its room, so
 * a listing makes all its lines in the same one.
 */
public final class Text {
  private static final int INITIAL_SIZE = 128;

  /** The digits of 64 bits in hexadecimal. */
  private static final int HEX_DIGITS = 16;

  private byte[] bytes = new byte[INITIAL_SIZE];
  private int length;

  /** An empty text. */
  public Text() {}

  /** A text that begins with words of our own, ASCII. */
  public Text(String words) {
    add(words);
  }

  private void makeRoom(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
  }

  /** Adds words of our own, ASCII. */
  public Text add(String words) {
    makeRoom(words.length());
    Ascii.putText(words, bytes, length);
    length += words.length();
    return this;
  }

  /** Adds what another one holds. */
  public Text add(Text other) {
    return addRaw(other.bytes, 0, other.length);
  }

  /** Adds one character of ASCII. */
  public Text add(char character) {
    return addByte(character);
  }

  /** Adds a number in decimal. */
  public Text add(long number) {
    return number < 0 ? add(Long.toString(number)) : addDecimal(number, 1, '0');
  }

  /** Adds a number in decimal with zeros in front, so that it has at least {@code width} digits. */
  public Text addZeroPadded(long number, int width) {
    return addDecimal(number, width, '0');
  }

  /**
   * Adds a number in decimal with blanks in front, {@code width} columns or as many as it takes.
   */
  public Text addAligned(long number, int width) {
    return addDecimal(number, width, ' ');
  }

  private Text addDecimal(long number, int width, char fill) {
    if (number < 0) {
      throw new IllegalArgumentException("negative: ".concat(Long.toString(number)));
    }
    int columns = Math.max(Ascii.countDigits(number), width);
    makeRoom(columns);
    Ascii.putNumber(number, bytes, length, length + columns, fill);
    length += columns;
    return this;
  }

  /** Adds the last {@code width} octal digits of a number. */
  public Text addOctal(int number, int width) {
    for (int shift = 3 * (width - 1); shift >= 0; shift -= 3) {
      addByte('0' + (number >>> shift & 7));
    }
    return this;
  }

  /** Adds 64 bits without a sign in hexadecimal, without zeros in front. */
  public Text addHex(long number) {
    int shift = 4 * (HEX_DIGITS - 1);
    while (shift > 0 && number >>> shift == 0) {
      shift -= 4;
    }
    makeRoom(HEX_DIGITS);
    for (; shift >= 0; shift -= 4) {
      int digit = (int) (number >>> shift) & 15;
      bytes[length++] = (byte) (digit < 10 ? '0' + digit : 'a' + digit - 10);
    }
    return this;
  }

  /** Adds one byte as it is. */
  public Text addByte(int b) {
    makeRoom(1);
    bytes[length++] = (byte) b;
    return this;
  }

  /**
   * Adds bytes as they are; to a reply or a listing nothing that a client or a file system chose.
   */
  public Text addRaw(byte[] raw) {
    return addRaw(raw, 0, raw.length);
  }

  /** The same, of {@code raw[from .. to)}. */
  public Text addRaw(byte[] raw, int from, int to) {
    makeRoom(to - from);
    System.arraycopy(raw, from, bytes, length, to - from);
    length += to - from;
    return this;
  }

  /** Adds to a reply what a client or a file system chose. */
  public Text addName(byte[] name) {
    return addName(name, 0, name.length);
  }

  /** The same, of {@code name[from .. to)}. */
  public Text addName(byte[] name, int from, int to) {
    makeRoom(2 * (to - from));
    length = WireName.encodeForReply(name, from, to, bytes, length);
    return this;
  }

  /** Adds a file's name to a line of a listing. */
  public Text addListedName(byte[] name) {
    return addListedName(name, 0, name.length);
  }

  /** The same, of {@code name[from .. to)}. */
  public Text addListedName(byte[] name, int from, int to) {
    makeRoom(to - from);
    WireName.encodeForListing(name, from, to, bytes, length);
    length += to - from;
    return this;
  }

  /**
   * Adds a path to a reply in quotation marks, with those inside it doubled (RFC 959, appendix II).
   */
  public Text addQuoted(byte[] path) {
    addByte('"');
    int from = 0;
    for (int i = 0; i < path.length; i++) {
      if (path[i] == '"') {
        addName(path, from, i + 1);
        from = i;
      }
    }
    return addName(path, from, path.length).addByte('"');
  }

  /** Ends the line, with CR and LF. */
  public Text endLine() {
    makeRoom(2);
    bytes[length++] = '\r';
    bytes[length++] = '\n';
    return this;
  }

  /** How many bytes there are. */
  public int length() {
    return length;
  }

  /**
   * The array behind it; the bytes from {@link #length} on mean nothing. Valid until the next
   * addition.
   */
  public byte[] array() {
    return bytes;
  }

  /** A copy of the bytes. */
  public byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  /** Takes everything out. */
  public void clear() {
    length = 0;
  }
}
