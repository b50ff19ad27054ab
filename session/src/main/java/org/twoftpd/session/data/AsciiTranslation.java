/*
 * Trusted with nothing: line ends, in both directions, over arrays.
 */
package org.twoftpd.session.data;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * TYPE A (RFC 959, 3.1.1.1): lines end with CR LF on the wire and with LF in files.
 *
 * <p>Sixteen bytes at a time are copied and looked at, as the lanes of two longs. Wider vectors
 * need a compiler that a session, which lives for one login, would never see the end of.
 */
final class AsciiTranslation {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final byte CR = '\r';
  private static final byte LF = '\n';

  private static final int STEP = 2 * Long.BYTES;
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long CRS = CR * ONES;
  private static final long LFS = LF * ONES;

  /**
   * So many bytes in one call: what is called often is compiled soon, while one loop over a large
   * piece would be interpreted for the first megabytes.
   */
  private static final int BLOCK = 512;

  private boolean heldReturn;

  /** How far {@code in} has been taken. */
  private int at;

  /**
   * Puts CR in front of every LF.
   *
   * @param out with room for twice {@code length}
   * @return how many bytes of {@code out} are filled
   */
  int toWire(byte[] in, int length, byte[] out) {
    int to = 0;
    at = 0;
    while (at < length) {
      to = blockToWire(in, length, out, to);
    }
    return to;
  }

  private int blockToWire(byte[] in, int end, byte[] out, int filled) {
    int i = at;
    int to = filled;
    int last = Math.min(i + BLOCK, end - STEP);
    while (i <= last) {
      long a = (long) WORD.get(in, i);
      long b = (long) WORD.get(in, i + Long.BYTES);
      WORD.set(out, to, a);
      WORD.set(out, to + Long.BYTES, b);
      a = zeros(a ^ LFS);
      b = zeros(b ^ LFS);
      if ((a | b) == 0) {
        i += STEP;
        to += STEP;
      } else {
        int before = lanesBefore(a, b);
        i += before + 1;
        to += before;
        out[to++] = CR;
        out[to++] = LF;
      }
    }
    for (; i > end - STEP && i < end; i++) {
      if (in[i] == LF) {
        out[to++] = CR;
      }
      out[to++] = in[i];
    }
    at = i;
    return to;
  }

  /**
   * Takes CR away in front of LF, and nowhere else. A CR at the end of one piece is held until the
   * next one tells.
   *
   * @param out with room for {@code length} and one more
   * @return how many bytes of {@code out} are filled
   */
  int toFile(byte[] in, int length, byte[] out) {
    if (length == 0) {
      return 0;
    }
    int to = 0;
    if (heldReturn && in[0] != LF) {
      out[to++] = CR;
    }
    heldReturn = in[length - 1] == CR;
    int end = heldReturn ? length - 1 : length;
    at = 0;
    while (at < end) {
      to = blockToFile(in, end, out, to);
    }
    return to;
  }

  /** Behind every CR there is another byte in {@code in}. */
  private int blockToFile(byte[] in, int end, byte[] out, int filled) {
    int i = at;
    int to = filled;
    int last = Math.min(i + BLOCK, end - STEP);
    while (i <= last) {
      long a = (long) WORD.get(in, i);
      long b = (long) WORD.get(in, i + Long.BYTES);
      WORD.set(out, to, a);
      WORD.set(out, to + Long.BYTES, b);
      a = zeros(a ^ CRS);
      b = zeros(b ^ CRS);
      if ((a | b) == 0) {
        i += STEP;
        to += STEP;
      } else {
        int before = lanesBefore(a, b);
        i += before + 1;
        // The CR has been copied with the rest: it stays when that is counted.
        to += in[i] == LF ? before : before + 1;
      }
    }
    for (; i > end - STEP && i < end; i++) {
      if (in[i] != CR || in[i + 1] != LF) {
        out[to++] = in[i];
      }
    }
    at = i;
    return to;
  }

  /**
   * The high bit of each lane that is zero. Lanes above the lowest such one may be wrong, since a
   * zero borrows from its neighbour.
   */
  private static long zeros(long word) {
    return word - ONES & ~word & HIGH_BITS;
  }

  /**
   * How many lanes, over both words, lie below the lowest whose high bit is set. Reckoned without a
   * branch, since none of them could be predicted.
   */
  private static int lanesBefore(long a, long b) {
    int first = lanesBefore(a);
    return first + (lanesBefore(b) & -(first >>> 3));
  }

  private static int lanesBefore(long highBits) {
    long lowBits = highBits >>> 7;
    return (int) ((lowBits - 1 & ~lowBits & ONES) * ONES >>> 56);
  }

  /** True when a CR was the last byte of all and is still to be written. */
  boolean endsWithReturn() {
    return heldReturn;
  }
}
