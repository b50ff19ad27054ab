package org.twoftpd.shared.os;

import java.util.Arrays;

/**
 * Reads IPv4 addresses in dotted form and IPv6 addresses in the forms of RFC 4291, section 2.2. It
 * takes no other form and asks no resolver, since the text may come from a stranger.
 */
public final class AddressText {
  private static final int GROUPS = 8;

  private AddressText() {}

  /** The 4 or 16 bytes of an address; null when the text is not one. */
  public static byte[] parse(String text) {
    return text.indexOf(':') < 0 ? parseIpv4(text) : parseIpv6(text);
  }

  private static byte[] parseIpv4(String text) {
    byte[] address = new byte[4];
    int part = 0;
    int value = -1;
    for (int i = 0; i <= text.length(); i++) {
      char c = i < text.length() ? text.charAt(i) : '.';
      if (c == '.') {
        if (value < 0 || part == 4) {
          return null;
        }
        address[part++] = (byte) value;
        value = -1;
      } else if (c >= '0' && c <= '9' && value != 0) {
        // Some programs read a number with a leading zero as octal, so no such number is taken.
        value = Math.max(value, 0) * 10 + c - '0';
        if (value > 255) {
          return null;
        }
      } else {
        return null;
      }
    }
    return part == 4 ? address : null;
  }

  private static byte[] parseIpv6(String text) {
    byte[] address = new byte[16];
    int gap = -1;
    int at = 0;
    int i = 0;
    if (text.startsWith("::")) {
      gap = 0;
      i = 2;
    }
    while (i < text.length()) {
      int end = text.indexOf(':', i);
      String group = text.substring(i, end < 0 ? text.length() : end);
      if (group.indexOf('.') >= 0) {
        byte[] last = parseIpv4(group);
        if (end >= 0 || last == null || at > 2 * (GROUPS - 2)) {
          return null;
        }
        System.arraycopy(last, 0, address, at, 4);
        at += 4;
        break;
      }
      int v = hex(group);
      if (v < 0 || at == 2 * GROUPS) {
        return null;
      }
      address[at++] = (byte) (v >> 8);
      address[at++] = (byte) v;
      if (end < 0) {
        break;
      }
      i = end + 1;
      if (i < text.length() && text.charAt(i) == ':') {
        if (gap >= 0) {
          return null;
        }
        gap = at;
        i++;
      } else if (i == text.length()) {
        return null;
      }
    }
    if (gap < 0) {
      return at == 2 * GROUPS ? address : null;
    }
    if (at == 2 * GROUPS) {
      return null;
    }
    System.arraycopy(address, gap, address, 16 - (at - gap), at - gap);
    Arrays.fill(address, gap, 16 - (at - gap), (byte) 0);
    return address;
  }

  private static int hex(String group) {
    if (group.isEmpty() || group.length() > 4) {
      return -1;
    }
    int v = 0;
    for (int i = 0; i < group.length(); i++) {
      int d = Character.digit(group.charAt(i), 16);
      if (d < 0 || group.charAt(i) > 'f') {
        return -1;
      }
      v = v << 4 | d;
    }
    return v;
  }
}
