package org.twoftpd.session.data;

import org.twoftpd.shared.os.Native;

/**
 * Translates line ends for TYPE A (RFC 959, 3.1.1.1): lines end with CR LF on the wire and with LF
 * in files. The caller puts a piece at {@link #inputAddress} and finds the translation at {@link
 * #outputAddress}. Both places lie outside the heap, and all translations share them, since a
 * session serves one transfer at a time.
 */
final class AsciiTranslation {
  /** A piece has at most so many bytes. Both places then fit into a processor's second cache. */
  static final int PIECE = 128 << 10;

  // The kernel gives these pages real memory only when a text fills them.
  private static final long OUTPUT = Native.allocate(2 * PIECE);
  private static final long INPUT = allocateInput();

  private boolean returnHeld;
  private boolean afterReturn;

  /**
   * Allocates a CR and room for a piece behind it, so that a CR that was held comes in front of the
   * next piece without a copy.
   */
  private static long allocateInput() {
    long in = Native.allocate(1 + PIECE);
    if (in == 0 || OUTPUT == 0) {
      throw new OutOfMemoryError("no memory for the translation of line ends");
    }
    Native.put(in, (byte) '\r');
    return in;
  }

  /** Returns the address where the caller puts the next piece, {@link #PIECE} bytes at most. */
  long inputAddress() {
    return INPUT + 1;
  }

  /** Returns the address of what the last translation made. */
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

  /** Says which byte the file has in front of the text, for a text that begins inside its file. */
  void setPrecedingByte(byte before) {
    afterReturn = before == '\r';
  }

  /**
   * Removes each CR that stands in front of LF, and no other. A CR at the end of a piece is held
   * until the next piece shows whether LF follows.
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
   * Ends a text: a CR that is still held was its last byte, and belongs to the file.
   *
   * @return how many bytes the caller still has to write from {@link #outputAddress}: 1 or 0
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
