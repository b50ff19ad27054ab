/*
 * Trusted to keep one name in one line: a file's name may hold any byte but NUL and the slash, and no name may end a
 * line that it stands in.
 */
package org.twoftpd.session.text;

/**
 * Names as they stand in the lines of a listing: as they are, but for a newline, which is shown as
 * NUL, which no name has. The reader of commands takes that back. 0xFF is not doubled: a data
 * connection has no Telnet on it, and no client takes one of two away there. Where a listing goes
 * into a reply, the reply doubles it.
 */
public final class WireName {
  private WireName() {}

  /**
   * Writes the wire form of {@code name[from .. from+length)} to {@code to} from {@code at} on,
   * where it takes as much room as the name.
   */
  static void encode(byte[] name, int from, int length, byte[] to, int at) {
    int shift = at - from;
    for (int i = from; i < from + length; i++) {
      byte b = name[i];
      to[shift + i] = b == '\n' ? 0 : b;
    }
  }
}
