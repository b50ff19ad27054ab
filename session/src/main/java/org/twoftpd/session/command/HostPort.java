/*
 * Trusted with what a client says of where it listens: it accepts numbers in one form, and never a
 * name. Parameters decides whether the server may connect there.
 */
package org.twoftpd.session.command;

import org.twoftpd.session.text.Ascii;
import org.twoftpd.shared.os.AddressText;

/**
 * PORT and EPRT give the address and the port where the client listens.
 *
 * @param address 4 or 16 bytes
 * @param port 0 to 65535
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record HostPort(byte[] address, int port) {
  private static final int NUMBERS = 6;
  private static final int DIGITS = 3;

  /**
   * Parses the parameter of PORT (RFC 959, 4.1.2): six numbers of one byte each, perhaps with
   * blanks in front of them. Returns null for anything else.
   */
  static HostPort parsePort(byte[] p) {
    int[] n = new int[NUMBERS];
    int at = 0;
    int from = 0;
    for (int i = 0; i <= p.length; i++) {
      if (from == i && i < p.length && p[i] == ' ') {
        from++;
      } else if (i == p.length || p[i] == ',') {
        long v = Ascii.parseNumber(p, from, i, 10);
        if (v < 0 || v > 255 || i - from > DIGITS || at == NUMBERS) {
          return null;
        }
        n[at++] = (int) v;
        from = i + 1;
      }
    }
    if (at != NUMBERS) {
      return null;
    }
    byte[] address = {(byte) n[0], (byte) n[1], (byte) n[2], (byte) n[3]};
    return new HostPort(address, n[4] << 8 | n[5]);
  }

  /**
   * Splits the parameter of EPRT into the three parts between its four delimiters (RFC 2428, 2).
   * Returns null when they are not there.
   */
  static String[] splitParts(byte[] p) {
    if (p.length == 0 || p[0] < 33 || p[0] > 126 || p[p.length - 1] != p[0]) {
      return null;
    }
    String[] parts = new String[3];
    int at = 0;
    int from = 1;
    for (int i = 1; i < p.length; i++) {
      if (p[i] == p[0]) {
        if (at == parts.length) {
          return null;
        }
        parts[at++] = Ascii.decode(p, from, i);
        from = i + 1;
      }
    }
    return at == parts.length ? parts : null;
  }

  /** Parses the address and the port of EPRT. Returns null when they are none of that family. */
  static HostPort parseParts(boolean ipv4, String host, String number) {
    byte[] address = AddressText.parse(host);
    byte[] digits = Ascii.encode(number);
    long port = Ascii.parseNumber(digits, 0, digits.length, 10);
    boolean good = address != null && (address.length == 4) == ipv4 && port >= 0 && port <= 65535;
    return good ? new HostPort(address, (int) port) : null;
  }
}
