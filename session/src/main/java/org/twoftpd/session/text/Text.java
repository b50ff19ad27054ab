/*
 * Trusted to keep a reply in one piece: names go in escaped, so that no name can end a line or begin another.
 */
package org.twoftpd.session.text;

import java.util.Arrays;

/** Bytes in the making, for a reply or a line of a listing. */
public final class Text {
  private byte[] bytes;
  private int length;

  /** An empty text. */
  public Text() {
    bytes = new byte[128];
  }

  /** A text of our own words, ASCII. */
  public Text(String words) {
    this();
    add(words);
  }

  private void room(int n) {
    if (bytes.length - length < n) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + n));
    }
  }

  /** Adds words of our own, ASCII. */
  public Text add(String words) {
    room(words.length());
    Ascii.put(words, bytes, length);
    length += words.length();
    return this;
  }

  /** Adds what another one holds. */
  public Text add(Text other) {
    return addRaw(other.bytes, 0, other.length);
  }

  /** Adds a number in decimal. */
  public Text add(long number) {
    return addPadded(number, 1);
  }

  /**
   * Adds a number in decimal with zeros in front, at least {@code width} places if not negative.
   */
  public Text addPadded(long number, int width) {
    if (number < 0) {
      return add(Long.toString(number));
    }
    int columns = Math.max(Ascii.digits(number), width);
    room(columns);
    Ascii.put(number, bytes, length, length + columns, '0');
    length += columns;
    return this;
  }

  /** Adds one byte as it is. */
  public Text addByte(int b) {
    room(1);
    bytes[length++] = (byte) b;
    return this;
  }

  /** Adds bytes as they are; nothing from a client. */
  public Text addRaw(byte[] b, int from, int to) {
    room(to - from);
    System.arraycopy(b, from, bytes, length, to - from);
    length += to - from;
    return this;
  }

  /**
   * Adds bytes that a user or a file system chose: LF goes as NUL and 0xFF is doubled, as in RFC
   * 959 and RFC 854.
   */
  public Text addName(byte[] name) {
    return addName(name, 0, name.length);
  }

  /** The same, of {@code bytes[from .. to)}. */
  public Text addName(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      byte b = bytes[i];
      if (b == '\n') {
        addByte(0);
      } else if (b == -1) {
        addByte(0xff).addByte(0xff);
      } else {
        addByte(b);
      }
    }
    return this;
  }

  /** Adds a path in quotation marks with those inside it doubled (RFC 959, appendix II). */
  public Text addQuoted(byte[] path) {
    addByte('"');
    int from = 0;
    for (int i = 0; i < path.length; i++) {
      if (path[i] == '"') {
        addName(Arrays.copyOfRange(path, from, i + 1));
        from = i;
      }
    }
    return addName(Arrays.copyOfRange(path, from, path.length)).addByte('"');
  }

  /** How many bytes there are. */
  public int length() {
    return length;
  }

  /** The array behind it; valid until the next addition. */
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
