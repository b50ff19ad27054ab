/*
 * Trusted with passwords on their way to the monitor: of what is written no second copy stays behind.
 */
package org.twoftpd.shared.wire;

import java.util.Arrays;
import org.twoftpd.shared.os.Endpoint;

/** Writes the parts of a message body, in network byte order. */
final class BodyWriter {
  private byte[] bytes = new byte[256];
  private int position;

  /** A body behind {@code start} bytes that are left for its head. */
  BodyWriter(int start) {
    position = start;
  }

  /** What was written, with the bytes for the head in front; no other copy of it is left. */
  byte[] written() {
    return moveTo(position);
  }

  private void makeRoom(int n) {
    if (bytes.length - position < n) {
      bytes = moveTo(Math.max(bytes.length * 2, position + n));
    }
  }

  /** Moves what was written, which may be a password, so that no other copy is left. */
  private byte[] moveTo(int length) {
    byte[] copy = Arrays.copyOf(bytes, length);
    Arrays.fill(bytes, 0, position, (byte) 0);
    return copy;
  }

  void putByte(int v) {
    makeRoom(1);
    bytes[position++] = (byte) v;
  }

  void putInt(int v) {
    makeRoom(4);
    for (int shift = 24; shift >= 0; shift -= 8) {
      bytes[position++] = (byte) (v >> shift);
    }
  }

  void putLong(long v) {
    putInt((int) (v >> 32));
    putInt((int) v);
  }

  void putBoolean(boolean v) {
    putByte(v ? 1 : 0);
  }

  /**
   * Writes an enum as its place among the values, which both ends know to be the same: they always
   * come from one package.
   */
  @SuppressWarnings("EnumOrdinal")
  void putOneOf(Enum<?> v) {
    putByte(v.ordinal());
  }

  void putBytes(byte[] v) {
    putInt(v.length);
    makeRoom(v.length);
    System.arraycopy(v, 0, bytes, position, v.length);
    position += v.length;
  }

  void putInts(int[] v) {
    putInt(v.length);
    for (int i : v) {
      putInt(i);
    }
  }

  void putEndpoint(Endpoint e) {
    putBytes(e.address());
    putInt(e.port());
    putInt(e.scope());
  }
}
