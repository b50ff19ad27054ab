/*
 * Trusted to keep a reply, or a line of a listing, in one piece.  It encodes the names of files by WireName, so that no
 * name can end its line and begin another one.
 */
package org.twoftpd.session.text;

import java.util.Arrays;

/**
 * Builds a reply, a line of a listing or a path, byte by byte. {@link #clear} keeps the array, so
 * that a listing builds all its lines without allocating memory for each.
 */
public final class Text {
  private static final int INITIAL_SIZE = 128;

  /** A number of 64 bits has at most this many hexadecimal digits. */
  private static final int HEX_DIGITS = 16;

  private byte[] bytes = new byte[INITIAL_SIZE];
  private int length;

  /** Creates an empty text. */
  public Text() {}

  /** Creates a text that begins with ASCII words of this program. */
  public Text(String words) {
    add(words);
  }

  private void makeRoom(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
  }

  /** Adds ASCII words that this program wrote itself; use {@link #addName} for anything else. */
  public Text add(String words) {
    makeRoom(words.length());
    Ascii.putText(words, bytes, length);
    length += words.length();
    return this;
  }

  /** Adds the bytes of another text. */
  public Text add(Text other) {
    return addRaw(other.bytes, 0, other.length);
  }

  /** Adds one ASCII character. */
  public Text add(char character) {
    return addByte(character);
  }

  /** Adds a number in decimal. */
  public Text add(long number) {
    return number < 0 ? add(Long.toString(number)) : addDecimal(number, 1, '0');
  }

  /**
   * Adds a number in decimal, with zeros in front so that it has at least {@code width} digits.
   *
   * @throws IllegalArgumentException when the number is negative
   */
  public Text addZeroPadded(long number, int width) {
    return addDecimal(number, width, '0');
  }

  /**
   * Adds a number in decimal, with blanks in front so that it fills at least {@code width} columns.
   *
   * @throws IllegalArgumentException when the number is negative
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

  /** Adds an unsigned number of 64 bits in hexadecimal, without leading zeros. */
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

  /** Adds one byte unchanged: the lowest eight bits of {@code b}. */
  public Text addByte(int b) {
    makeRoom(1);
    bytes[length++] = (byte) b;
    return this;
  }

  /**
   * Adds bytes unchanged. To a reply or a listing, add what a client or a file system chose with
   * {@link #addName} or {@link #addListedName} instead: it could hold the end of a line.
   */
  public Text addRaw(byte[] raw) {
    return addRaw(raw, 0, raw.length);
  }

  /** Adds {@code raw[from .. to)} unchanged, as {@link #addRaw(byte[])} does. */
  public Text addRaw(byte[] raw, int from, int to) {
    makeRoom(to - from);
    System.arraycopy(raw, from, bytes, length, to - from);
    length += to - from;
    return this;
  }

  /** Adds to a reply a name that a client or a file system chose, encoded for Telnet. */
  public Text addName(byte[] name) {
    return addName(name, 0, name.length);
  }

  /** Adds {@code name[from .. to)} as {@link #addName(byte[])} does. */
  public Text addName(byte[] name, int from, int to) {
    makeRoom(2 * (to - from));
    length = WireName.encodeForReply(name, from, to, bytes, length);
    return this;
  }

  /** Adds the name of a file to a line of a listing, encoded so that it does not end the line. */
  public Text addListedName(byte[] name) {
    return addListedName(name, 0, name.length);
  }

  /** Adds {@code name[from .. to)} as {@link #addListedName(byte[])} does. */
  public Text addListedName(byte[] name, int from, int to) {
    makeRoom(to - from);
    WireName.encodeForListing(name, from, to, bytes, length);
    length += to - from;
    return this;
  }

  /**
   * Adds a path to a reply in quotation marks, and doubles those that the path holds (RFC 959,
   * appendix II).
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

  /** Ends the line with CR and LF. */
  public Text endLine() {
    makeRoom(2);
    bytes[length++] = '\r';
    bytes[length++] = '\n';
    return this;
  }

  /** Returns how many bytes the text has. */
  public int length() {
    return length;
  }

  /**
   * Returns the array in which the text stands, without a copy. The text is the first {@link
   * #length} bytes. The next addition may change the array or replace it.
   */
  public byte[] array() {
    return bytes;
  }

  /** Returns a copy of the text's bytes. */
  public byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  /** Removes all bytes and keeps the array for the next text. */
  public void clear() {
    length = 0;
  }
}
