/*
 * Trusted with nothing: bytes of one line in the making.
 */
package org.twoftpd.session.fs;

import java.util.Arrays;

/** A line that is put together and then copied out; kept and used again for the next one. */
public final class LineBuffer {
  private byte[] data = new byte[512];
  private int length;

  /** The bytes; those from {@link #length} on mean nothing. */
  byte[] data() {
    return data;
  }

  int length() {
    return length;
  }

  byte[] toBytes() {
    return Arrays.copyOf(data, length);
  }

  void clear() {
    length = 0;
  }

  private void room(int more) {
    if (data.length - length < more) {
      data = Arrays.copyOf(data, Math.max(length + more, 2 * data.length));
    }
  }

  LineBuffer add(char ascii) {
    room(1);
    data[length++] = (byte) ascii;
    return this;
  }

  LineBuffer add(String ascii) {
    for (int i = 0; i < ascii.length(); i++) {
      add(ascii.charAt(i));
    }
    return this;
  }

  LineBuffer add(byte[] bytes) {
    return add(bytes, 0, bytes.length);
  }

  LineBuffer add(byte[] bytes, int offset, int count) {
    room(count);
    System.arraycopy(bytes, offset, data, length, count);
    length += count;
    return this;
  }

  /** A file's name in its wire form. */
  LineBuffer name(byte[] name) {
    room(2 * name.length);
    length = WireName.encode(name, data, length);
    return this;
  }

  /** A non-negative number with at least {@code width} digits. */
  LineBuffer digits(long number, int width) {
    return number(number, 10, width, '0');
  }

  /** A non-negative number, in {@code width} columns or as many as it takes. */
  LineBuffer decimal(long number, int width) {
    return number(number, 10, width, ' ');
  }

  LineBuffer octal(int number, int width) {
    return number(number, 8, width, '0');
  }

  /** A number of 64 bits without a sign, as 16 hexadecimal digits less the zeros in front. */
  LineBuffer hex(long number) {
    int shift = 60;
    while (shift > 0 && number >>> shift == 0) {
      shift -= 4;
    }
    for (; shift >= 0; shift -= 4) {
      int digit = (int) (number >>> shift) & 15;
      add((char) (digit < 10 ? '0' + digit : 'a' + digit - 10));
    }
    return this;
  }

  private LineBuffer number(long number, int base, int width, char fill) {
    int size = 1;
    for (long left = number / base; left != 0; left /= base) {
      size++;
    }
    room(Math.max(size, width));
    for (int i = size; i < width; i++) {
      data[length++] = (byte) fill;
    }
    length += size;
    long left = number;
    for (int at = length - 1; at >= length - size; at--) {
      data[at] = (byte) ('0' + left % base);
      left /= base;
    }
    return this;
  }

  LineBuffer endLine() {
    return add('\r').add('\n');
  }
}
