/*
 * Trusted to stay inside a frame: every length is checked against what is left before anything is allocated.
 */
package org.twoftpd.shared.wire;

import java.util.Arrays;
import org.twoftpd.shared.os.Endpoint;

/** Reads the parts of a message body, in network byte order. */
final class BodyReader {
  private final byte[] bytes;
  private int position;
  private final int end;

  /** The body {@code bytes[from .. to)}, which is read in place. */
  BodyReader(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.position = from;
    this.end = to;
  }

  private void checkLeft(int n) throws ProtocolViolation {
    if (n < 0 || end - position < n) {
      throw new ProtocolViolation("a message is shorter than its parts");
    }
  }

  int getByte() throws ProtocolViolation {
    checkLeft(1);
    return bytes[position++] & 0xff;
  }

  int getInt() throws ProtocolViolation {
    checkLeft(4);
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
    checkLeft(n);
    byte[] v = Arrays.copyOfRange(bytes, position, position + n);
    position += n;
    return v;
  }

  int[] getInts(int most) throws ProtocolViolation {
    int n = getInt();
    if (n < 0 || n > most) {
      throw new ProtocolViolation("a list in a message is longer than allowed");
    }
    checkLeft(4 * n);
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

  /** Reads an enum by its place among the values. */
  <E extends Enum<?>> E getOneOf(E[] values) throws ProtocolViolation {
    int v = getByte();
    if (v >= values.length) {
      throw new ProtocolViolation("a number stands for nothing known");
    }
    return values[v];
  }

  /** Checks that nothing is left over. */
  void checkEnd() throws ProtocolViolation {
    if (position != end) {
      throw new ProtocolViolation("a message is longer than its parts");
    }
  }
}
