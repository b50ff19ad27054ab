/*
 * Trusted with the parts of keys while it writes them.  Of what it reads it trusts no length.
 */
package org.twoftpd.monitor.tls;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** As much of DER (ITU-T X.690) as keys and a certificate of our own need. */
final class Der {
  static final int BOOLEAN = 0x01;
  static final int INTEGER = 0x02;
  static final int BIT_STRING = 0x03;
  static final int OCTET_STRING = 0x04;
  static final int OID = 0x06;
  static final int UTF8_STRING = 0x0c;
  static final int GENERALIZED_TIME = 0x18;
  static final int SEQUENCE = 0x30;
  static final int SET = 0x31;

  /** A value that may be left out, the first of its kind. */
  static final int FIRST_OPTION = 0xa0;

  private Der() {}

  /** One value with a tag, its length and what it is made of. */
  static byte[] value(int tag, byte[]... parts) {
    int length = 0;
    for (byte[] p : parts) {
      length += p.length;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + 5);
    out.write(tag);
    if (length < 0x80) {
      out.write(length);
    } else {
      int bytes = length < 0x100 ? 1 : length < 0x10000 ? 2 : 3;
      out.write(0x80 | bytes);
      for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
        out.write(length >> shift);
      }
    }
    for (byte[] p : parts) {
      out.writeBytes(p);
    }
    return out.toByteArray();
  }

  static byte[] sequence(byte[]... parts) {
    return value(SEQUENCE, parts);
  }

  static byte[] integer(BigInteger i) {
    return value(INTEGER, i.toByteArray());
  }

  /** A bit string of whole bytes. */
  static byte[] bits(byte[] content) {
    return value(BIT_STRING, new byte[] {0}, content);
  }

  static byte[] utf8(String text) {
    return value(UTF8_STRING, text.getBytes(StandardCharsets.UTF_8));
  }

  /** An object identifier by its numbers, the first of which is 0, 1 or 2. */
  static byte[] oid(int first, int second, int... rest) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(40 * first + second);
    for (int n : rest) {
      for (int shift = 28; shift > 0; shift -= 7) {
        if (n >> shift != 0) {
          out.write(0x80 | n >> shift & 0x7f);
        }
      }
      out.write(n & 0x7f);
    }
    return value(OID, out.toByteArray());
  }

  /**
   * The object identifier of the algorithm in a private key of PKCS #8: the first value of the
   * sequence behind the version.
   *
   * @return as {@link #oid} makes it, or null when this is no such key
   */
  static byte[] algorithmOf(byte[] pkcs8) {
    int at = inside(pkcs8, behind(pkcs8, inside(pkcs8, 0, SEQUENCE), INTEGER), SEQUENCE);
    return copy(pkcs8, at, behind(pkcs8, at, OID));
  }

  /**
   * The object identifier of the curve in a private key of SEC 1 (RFC 5915): in a value with the
   * tag 0, behind the version and the number.
   *
   * @return as {@link #oid} makes it, or null when the key does not say it
   */
  static byte[] curveOf(byte[] sec1) {
    int number = behind(sec1, inside(sec1, 0, SEQUENCE), INTEGER);
    int at = inside(sec1, behind(sec1, number, OCTET_STRING), FIRST_OPTION);
    return copy(sec1, at, behind(sec1, at, OID));
  }

  private static byte[] copy(byte[] der, int from, int to) {
    return to < 0 ? null : Arrays.copyOfRange(der, from, to);
  }

  /** Where the content of a value with that tag begins, or -1 when there is no such value. */
  private static int inside(byte[] der, int at, int tag) {
    if (at < 0 || at + 2 > der.length || (der[at] & 0xff) != tag) {
      return -1;
    }
    int begin = at + 2 + (der[at + 1] >= 0 ? 0 : der[at + 1] & 0x7f);
    return begin <= der.length ? begin : -1;
  }

  /** Where the next value begins behind a short one with that tag, or -1. */
  private static int behind(byte[] der, int at, int tag) {
    int begin = inside(der, at, tag);
    if (begin < 0 || der[at + 1] < 0 || begin + der[at + 1] > der.length) {
      return -1;
    }
    return begin + der[at + 1];
  }
}
