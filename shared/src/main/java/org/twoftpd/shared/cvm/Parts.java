/*
 * Trusted with bytes that nobody has looked at: the one loop that takes requests and replies apart.  It checks each
 * length against what is there before it touches anything.
 */
package org.twoftpd.shared.cvm;

import java.util.Arrays;

/** Number, length and bytes, again and again, up to a zero byte that must be the last. */
final class Parts {
  private final byte[] from;
  private final int end;
  private int at;
  private int number;
  private int length;

  Parts(byte[] from, int at, int end) {
    this.from = from;
    this.at = at;
    this.end = end;
  }

  /** Moves to the next part; false when the zero byte was there and nothing behind it. */
  boolean next() throws CvmFault {
    if (at >= end) {
      throw new CvmFault("message without its end");
    }
    number = Byte.toUnsignedInt(from[at++]);
    if (number == 0) {
      if (at != end) {
        throw new CvmFault("bytes behind the end of the message");
      }
      return false;
    }
    if (at >= end || Byte.toUnsignedInt(from[at]) > end - at - 1) {
      throw new CvmFault("message cut short");
    }
    length = Byte.toUnsignedInt(from[at]);
    at += 1 + length;
    return true;
  }

  int number() {
    return number;
  }

  /** A copy of the part's bytes. */
  byte[] value() {
    return Arrays.copyOfRange(from, at - length, at);
  }
}
