/*
 * Trusted to keep one name in one line: a file's name may hold any byte but NUL and the slash, and no name may end a
 * line that it stands in.
 */
package org.twoftpd.session.fs;

import java.util.Arrays;

/**
 * Names as they stand in a line, on the control connection and in listings: a newline is shown as
 * NUL, which no name has, and 0xFF is doubled, since by itself it would begin a Telnet command (RFC
 * 854). The reader of commands takes both back.
 */
public final class WireName {
  private static final byte IAC = (byte) 0xff;

  private WireName() {}

  /** The name in its wire form. */
  public static byte[] encode(byte[] name) {
    byte[] wire = new byte[2 * name.length];
    return Arrays.copyOf(wire, encode(name, 0, name.length, wire, 0));
  }

  /**
   * Writes the wire form of {@code name[from .. from+length)} to {@code to} from {@code at} on,
   * which takes at most twice the room of the name.
   *
   * @return where it ends
   */
  static int encode(byte[] name, int from, int length, byte[] to, int at) {
    int end = at;
    for (int i = from; i < from + length; i++) {
      byte b = name[i];
      to[end++] = b == '\n' ? 0 : b;
      if (b == IAC) {
        to[end++] = IAC;
      }
    }
    return end;
  }
}
