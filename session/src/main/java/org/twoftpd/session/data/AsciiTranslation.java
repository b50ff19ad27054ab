/*
 * Trusted with the bytes of one text on their way through: line ends, in both directions.
 */
package org.twoftpd.session.data;

import org.twoftpd.shared.os.Native;

/**
 * TYPE A (RFC 959, 3.1.1.1): lines end with CR LF on the wire and with LF in files. Pieces are put
 * at {@link #inputAddress} and found at {@link #outputAddress} afterwards, both outside the heap; there is one pair
 * of places for all translations, since a session serves one transfer at a time.
 */
final class AsciiTranslation {
  /** Bytes that a piece may have: both places fit into a processor's second cache. */
  static final int PIECE = 128 << 10;

  // Touched only as far as a text fills them.
  private static final long OUTPUT = Native.allocate(2 * PIECE);
  private static final long INPUT = allocateInput();

  private boolean returnHeld;
  private boolean afterReturn;

  /** A CR and room for a piece behind it, so that one that was held comes in front of the next. */
  private static long allocateInput() {
    long in = Native.allocate(1 + PIECE);
    if (in == 0 || OUTPUT == 0) {
      throw new OutOfMemoryError("no memory for the translation of line ends");
    }
    Native.put(in, (byte) '\r');
    return in;
  }

  /** The address where the next piece is to be put, {@link #PIECE} bytes at most. */
  long inputAddress() {
    return INPUT + 1;
  }

  /** The address of what came out last. */
  long outputAddress() {
    return OUTPUT;
  }

  /**
   * Puts CR in front of every LF that has none.
   *
   * @param length how many bytes are at {@link #inputAddress}
   * @return how many bytes are at {@link #outputAddress}
   */
  int translateToWire(int length) {
    int filled = (int) Native.linesToWire(INPUT + 1, checkLength(length), afterReturn, OUTPUT);
    afterReturn = filled < 0;
    return afterReturn ? -filled - 1 : filled;
  }

  /** Tells which byte stands in front of the text, when it does not begin with its file. */
  void setPrecedingByte(byte before) {
    afterReturn = before == '\r';
  }

  /**
   * Takes CR away in front of LF, and nowhere else. A CR at the end of one piece is held until the
   * next one tells.
   *
   * @param length how many bytes are at {@link #inputAddress}
   * @return how many bytes are at {@link #outputAddress}
   */
  int translateToFile(int length) {
    int held = returnHeld ? 1 : 0;
    int filled = (int) Native.linesToFile(INPUT + 1 - held, checkLength(length) + held, OUTPUT);
    returnHeld = filled < 0;
    return returnHeld ? -filled - 1 : filled;
  }

  /**
   * To be called at the end of a text.
   *
   * @return how many bytes are still to be written from {@link #outputAddress}: a CR that was the last byte
   *     of all, or nothing
   */
  int releaseHeldReturn() {
    if (!returnHeld) {
      return 0;
    }
    returnHeld = false;
    Native.put(OUTPUT, (byte) '\r');
    return 1;
  }

  private static int checkLength(int length) {
    if (length < 0 || length > PIECE) {
      throw new IllegalArgumentException("a piece of " + length + " bytes");
    }
    return length;
  }
}
