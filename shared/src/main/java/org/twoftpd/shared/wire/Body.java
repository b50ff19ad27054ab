/*
 * Trusted to stay inside a frame: reads and writes the parts of a message body.  Every length is checked against what
 * is left before anything is allocated.
 */
package org.twoftpd.shared.wire;

import java.util.Arrays;
import org.twoftpd.shared.os.Endpoint;

/** The parts of a message body, in network byte order. */
final class Body {
  private byte[] bytes;
  private int position;
  private final int end;

  private Body(byte[] bytes, int position, int end) {
    this.bytes = bytes;
    this.position = position;
    this.end = end;
  }

  /** A body to write to, behind {@code start} bytes that are left for its head. */
  static Body writer(int start) {
    return new Body(new byte[256], start, Integer.MAX_VALUE);
  }

  /** A body to read, in place. */
  static Body reader(byte[] bytes, int from, int to) {
    return new Body(bytes, from, to);
  }

  /** What was written, head included; no other copy of it is left. */
  byte[] written() {
    return moved(position);
  }

  private void room(int n) {
    if (bytes.length - position < n) {
      bytes = moved(Math.max(bytes.length * 2, position + n));
    }
  }

  /** What was written may be a password: it stays in one place alone. */
  private byte[] moved(int length) {
    byte[] copy = Arrays.copyOf(bytes, length);
    Arrays.fill(bytes, 0, position, (byte) 0);
    return copy;
  }

  void putByte(int v) {
    room(1);
    bytes[position++] = (byte) v;
  }

  void putInt(int v) {
    room(4);
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

  /** An enum by its place: both ends always come from one package. */
  @SuppressWarnings("EnumOrdinal")
  void putOneOf(Enum<?> v) {
    putByte(v.ordinal());
  }

  void putBytes(byte[] v) {
    putInt(v.length);
    room(v.length);
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

  private void need(int n) throws ProtocolViolation {
    if (n < 0 || end - position < n) {
      throw new ProtocolViolation("a message is shorter than its parts");
    }
  }

  int getByte() throws ProtocolViolation {
    need(1);
    return bytes[position++] & 0xff;
  }

  int getInt() throws ProtocolViolation {
    need(4);
    int v = 0;
    for (int i = 0; i < 4; i++) {
      v = v << 8 | bytes[position++] & 0xff;
    }
    return v;
  }

  long getLong() throws ProtocolViolation {
    return (long) getInt() << 32 | getInt() & 0xffffffffL;
  }

  boolean getBoolean() throws ProtocolViolation {
    int v = getByte();
    if (v > 1) {
      throw new ProtocolViolation("a truth value is neither 0 nor 1");
    }
    return v == 1;
  }

  byte[] getBytes(int most) throws ProtocolViolation {
    int n = getInt();
    if (n < 0 || n > most) {
      throw new ProtocolViolation("a part of a message is larger than allowed");
    }
    need(n);
    byte[] v = Arrays.copyOfRange(bytes, position, position + n);
    position += n;
    return v;
  }

  int[] getInts(int most) throws ProtocolViolation {
    int n = getInt();
    if (n < 0 || n > most) {
      throw new ProtocolViolation("a list in a message is longer than allowed");
    }
    need(4 * n);
    int[] v = new int[n];
    for (int i = 0; i < n; i++) {
      v[i] = getInt();
    }
    return v;
  }

  Endpoint getEndpoint() throws ProtocolViolation {
    byte[] address = getBytes(16);
    int port = getInt();
    int scope = getInt();
    if (address.length != 4 && address.length != 16 || port < 0 || port > 65535) {
      throw new ProtocolViolation("an address is not one");
    }
    return new Endpoint(address, port, scope);
  }

  /** The value with that number. */
  <E extends Enum<?>> E getOneOf(E[] values) throws ProtocolViolation {
    int v = getByte();
    if (v >= values.length) {
      throw new ProtocolViolation("a number stands for nothing known");
    }
    return values[v];
  }

  void end() throws ProtocolViolation {
    if (position != end) {
      throw new ProtocolViolation("a message is longer than its parts");
    }
  }
}
