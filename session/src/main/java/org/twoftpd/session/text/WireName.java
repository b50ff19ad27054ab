/*
 * Trusted to keep one name in one line: a file's name may hold any byte but NUL and the slash, and no name may end a line
 * that it stands in.
 */
package org.twoftpd.session.text;

/**
 * How a file's name goes to the client: as it is, but for a line feed, which goes as NUL (RFC 959),
 * which no name has. The reader of commands turns NUL back into a line feed.
 *
 * <p>The control connection speaks Telnet (RFC 854), so in a reply 0xFF is doubled as well. A data
 * connection does not: there no client takes one of two away. A line of a listing that goes into a
 * reply is doubled by the reply.
 */
final class WireName {
  private static final byte IAC = (byte) 0xff;

  private WireName() {}

  /**
   * Writes {@code name[from .. to)} as it stands in a listing to {@code out} from {@code at} on,
   * where it takes as much room as the name.
   */
  static void encodeForListing(byte[] name, int from, int to, byte[] out, int at) {
    int shift = at - from;
    for (int i = from; i < to; i++) {
      byte b = name[i];
      out[shift + i] = b == '\n' ? 0 : b;
    }
  }

  /**
   * Writes {@code name[from .. to)} as it stands in a reply to {@code out} from {@code at} on,
   * where it may take twice the room of the name.
   *
   * @return where it ends in {@code out}
   */
  static int encodeForReply(byte[] name, int from, int to, byte[] out, int at) {
    int end = at;
    for (int i = from; i < to; i++) {
      byte b = name[i];
      if (b == IAC) {
        out[end++] = IAC;
      }
      out[end++] = b == '\n' ? 0 : b;
    }
    return end;
  }
}
