/*
 * Trusted to keep each name on one line.  A file's name may hold any byte but NUL and the slash, so without this a name
 * with a line feed could forge a reply or an entry of a listing.
 */
package org.twoftpd.session.text;

/**
 * Encodes the name of a file for the client. A line feed becomes NUL (RFC 959), which no name
 * holds, and all other bytes stay. {@code CommandReader} turns NUL back into a line feed.
 *
 * <p>A reply goes over the control connection, which speaks Telnet (RFC 854), so 0xFF is doubled
 * there. A listing goes over a data connection, where clients take both bytes for part of the name,
 * so 0xFF stays single. When a line of a listing is part of a reply, the reply doubles its 0xFF.
 */
final class WireName {
  private static final byte IAC = (byte) 0xff;

  private WireName() {}

  /**
   * Writes {@code name[from .. to)} encoded for a listing to {@code out}, from index {@code at} on.
   * The encoded name is as long as the name.
   */
  static void encodeForListing(byte[] name, int from, int to, byte[] out, int at) {
    int shift = at - from;
    for (int i = from; i < to; i++) {
      byte b = name[i];
      out[shift + i] = b == '\n' ? 0 : b;
    }
  }

  /**
   * Writes {@code name[from .. to)} encoded for a reply to {@code out}, from index {@code at} on.
   * The encoded name may be twice as long as the name.
   *
   * @return the index in {@code out} behind the encoded name
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
