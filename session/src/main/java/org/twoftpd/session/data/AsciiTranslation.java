/*
 * Trusted with nothing: line ends, in both directions, over arrays.
 */
package org.twoftpd.session.data;

/** TYPE A (RFC 959, 3.1.1.1): lines end with CR LF on the wire and with LF in files. */
final class AsciiTranslation {
  private boolean heldReturn;

  /**
   * Puts CR in front of every LF.
   *
   * @param out with room for twice {@code length}
   * @return how many bytes of {@code out} are filled
   */
  static int toWire(byte[] in, int length, byte[] out) {
    int from = 0;
    int to = 0;
    for (int i = 0; i < length; i++) {
      if (in[i] == '\n') {
        int n = i - from;
        System.arraycopy(in, from, out, to, n);
        to += n;
        out[to++] = '\r';
        from = i;
      }
    }
    System.arraycopy(in, from, out, to, length - from);
    return to + length - from;
  }

  /**
   * Takes CR away in front of LF, and nowhere else. A CR at the end of one piece is held until the
   * next one tells.
   *
   * @param out with room for {@code length} and one more
   * @return how many bytes of {@code out} are filled
   */
  int toFile(byte[] in, int length, byte[] out) {
    int to = 0;
    int i = 0;
    if (heldReturn && length > 0) {
      heldReturn = false;
      if (in[0] != '\n') {
        out[to++] = '\r';
      }
    }
    for (; i < length; i++) {
      byte b = in[i];
      if (b == '\r') {
        if (i + 1 == length) {
          heldReturn = true;
          break;
        }
        if (in[i + 1] == '\n') {
          continue;
        }
      }
      out[to++] = b;
    }
    return to;
  }

  /** True when a CR was the last byte of all and is still to be written. */
  boolean endsWithReturn() {
    return heldReturn;
  }
}
