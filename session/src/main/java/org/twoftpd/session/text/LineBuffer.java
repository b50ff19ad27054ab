/*
 * Trusted with nothing: bytes of one line in the making.
 */
package org.twoftpd.session.text;

import java.util.Arrays;

/** A line that is put together and then copied out; kept and used again for the next one. */
public final class LineBuffer {
  private byte[] data = new byte[512];
  private int length;

  /** The bytes; those from {@link #length} on mean nothing. */
  public byte[] data() {
    return data;
  }

  public int length() {
    return length;
  }

  public byte[] toBytes() {
    return Arrays.copyOf(data, length);
  }

  public void clear() {
    length = 0;
  }

  private void room(int more) {
    if (data.length - length < more) {
      data = Arrays.copyOf(data, Math.max(length + more, 2 * data.length));
    }
  }

  public LineBuffer add(char ascii) {
    room(1);
    data[length++] = (byte) ascii;
    return this;
  }

  public LineBuffer add(String ascii) {
    room(ascii.length());
    Ascii.put(ascii, data, length);
    length += ascii.length();
    return this;
  }

  public LineBuffer add(LineBuffer other) {
    return add(other.data, 0, other.length);
  }

  public LineBuffer add(byte[] bytes) {
    return add(bytes, 0, bytes.length);
  }

  public LineBuffer add(byte[] bytes, int offset, int count) {
    room(count);
    System.arraycopy(bytes, offset, data, length, count);
    length += count;
    return this;
  }

  /** A file's name in its wire form. */
  public LineBuffer name(byte[] name) {
    return name(name, 0, name.length);
  }

  /** The same, of a name that stands in {@code bytes[offset .. offset+count)}. */
  public LineBuffer name(byte[] bytes, int offset, int count) {
    room(count);
    WireName.encode(bytes, offset, count, data, length);
    length += count;
    return this;
  }

  /** A non-negative number with at least {@code width} digits. */
  public LineBuffer digits(long number, int width) {
    return number(number, width, '0');
  }

  /** A non-negative number, in {@code width} columns or as many as it takes. */
  public LineBuffer decimal(long number, int width) {
    return number(number, width, ' ');
  }

  /** A non-negative number of at most {@code width} octal digits. */
  public LineBuffer octal(int number, int width) {
    for (int shift = 3 * (width - 1); shift >= 0; shift -= 3) {
      add((char) ('0' + (number >>> shift & 7)));
    }
    return this;
  }

  /** A number of 64 bits without a sign, as 16 hexadecimal digits less the zeros in front. */
  public LineBuffer hex(long number) {
    int shift = 60;
    while (shift > 0 && number >>> shift == 0) {
      shift -= 4;
    }
    room(16);
    for (; shift >= 0; shift -= 4) {
      int digit = (int) (number >>> shift) & 15;
      data[length++] = (byte) (digit < 10 ? '0' + digit : 'a' + digit - 10);
    }
    return this;
  }

  private LineBuffer number(long number, int width, char fill) {
    if (number < 0) {
      throw new IllegalArgumentException("negative: " + number);
    }
    int columns = Math.max(Ascii.digits(number), width);
    room(columns);
    Ascii.put(number, data, length, length + columns, fill);
    length += columns;
    return this;
  }

  public LineBuffer endLine() {
    room(2);
    data[length++] = '\r';
    data[length++] = '\n';
    return this;
  }
}
