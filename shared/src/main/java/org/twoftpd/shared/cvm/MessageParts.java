/*
 * Trusted with bytes that nobody has checked.  This is the only loop that takes requests and replies apart, and it checks each
 * length before it uses it.
 */
package org.twoftpd.shared.cvm;

import java.util.Arrays;

/**
 * The parts of a request or a reply. Each is a number, a length and that many bytes; a zero byte
 * follows the last part and ends the message.
 */
final class MessageParts {
  private final byte[] from;
  private final int end;
  private int at;
  private int number;
  private int length;

  MessageParts(byte[] from, int at, int end) {
    this.from = from;
    this.at = at;
    this.end = end;
  }

  /**
   * Moves to the next part.
   *
   * @return false at the end of the message
   * @throws CvmFault when the message is cut short, or goes on after its end
   */
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
