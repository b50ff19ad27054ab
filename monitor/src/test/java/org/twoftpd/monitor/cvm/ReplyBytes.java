/*
 * Replies of credential modules put together by hand, without the code under test.
 */
package org.twoftpd.monitor.cvm;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A reply, part by part. */
final class ReplyBytes {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  ReplyBytes raw(int... values) {
    for (int value : values) {
      bytes.write(value);
    }
    return this;
  }

  ReplyBytes part(int number, String value) {
    return raw(number, value.length()).bytes(ascii(value));
  }

  ReplyBytes bytes(byte[] more) {
    bytes.writeBytes(more);
    return this;
  }

  /** User, uid, gid and directory of an account that nothing is wrong with. */
  ReplyBytes account() {
    return part(1, "bob").part(2, "1001").part(3, "1002").part(5, "/home/bob");
  }

  byte[] done() {
    return bytes.toByteArray();
  }

  /** For printf(1) of a POSIX shell. */
  static String octal(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (byte each : bytes) {
      text.append(String.format("\\%03o", Byte.toUnsignedInt(each)));
    }
    return text.toString();
  }
}
