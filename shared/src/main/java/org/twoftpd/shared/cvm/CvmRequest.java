/*
 * Trusted with passwords while a module is asked: the monitor encodes them, twoftpd-cvm decodes them.  Keeps and logs none.
 */
package org.twoftpd.shared.cvm;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * A request of the CVM protocol, version 2 (protocol-2.html of cvm 0.97): byte 2; the length and
 * bytes of a tag that the reply must repeat; number, length and bytes of each credential; a zero
 * byte.
 *
 * @param tag at most 255 bytes
 * @param credentials those that are sent; each at most 255 bytes
 */
public record CvmRequest(byte[] tag, Map<Credential, byte[]> credentials) {
  /** The largest request and the largest reply, in bytes. */
  public static final int LENGTH_MAX = 512;

  static final int PART_MAX = 255;
  private static final int VERSION = 2;

  /** True when every part fits its length byte and the whole fits {@link #LENGTH_MAX}. */
  public boolean fits() {
    return tag.length <= PART_MAX
        && credentials.values().stream().allMatch(value -> value.length <= PART_MAX)
        && encodedLength() <= LENGTH_MAX;
  }

  private int encodedLength() {
    int length = 2 + tag.length + 1;
    for (byte[] value : credentials.values()) {
      length += 2 + value.length;
    }
    return length;
  }

  /**
   * Encodes the request; the caller wipes the bytes after use.
   *
   * @throws IllegalStateException when it does not fit
   */
  public byte[] encode() {
    if (!fits()) {
      throw new IllegalStateException("request too long");
    }
    byte[] to = new byte[encodedLength()];
    int at = put(to, 0, VERSION, tag);
    for (Map.Entry<Credential, byte[]> each : credentials.entrySet()) {
      at = put(to, at, each.getKey().number(), each.getValue());
    }
    return to;
  }

  /** Writes a number, a length and the bytes, and returns the index after them. */
  static int put(byte[] to, int at, int number, byte[] value) {
    to[at] = (byte) number;
    to[at + 1] = (byte) value.length;
    System.arraycopy(value, 0, to, at + 2, value.length);
    return at + 2 + value.length;
  }

  /**
   * Decodes {@code from[0 .. length)}, all of it. Credentials that FTP has no use for are skipped.
   *
   * @return a request with arrays of its own; the caller calls {@link #wipe} after use
   * @throws CvmFault when it is not a well-formed request
   */
  public static CvmRequest decode(byte[] from, int length) throws CvmFault {
    if (length > LENGTH_MAX) {
      throw new CvmFault("request longer than 512 bytes");
    }
    byte[] tag = tagOf(from, length);
    Map<Credential, byte[]> credentials = new EnumMap<>(Credential.class);
    CvmRequest request = new CvmRequest(tag, credentials);
    try {
      MessageParts parts = new MessageParts(from, 2 + tag.length, length);
      while (parts.next()) {
        Credential credential = Credential.of(parts.number()).orElse(null);
        if (credential != null && credentials.putIfAbsent(credential, parts.value()) != null) {
          throw new CvmFault("credential " + parts.number() + " twice");
        }
      }
      return request;
    } catch (CvmFault fault) {
      request.wipe();
      throw fault;
    }
  }

  /**
   * The tag of a request of which at least the beginning is well-formed.
   *
   * @throws CvmFault when it is not
   */
  public static byte[] tagOf(byte[] from, int length) throws CvmFault {
    if (length < 2 || from[0] != VERSION || length - 2 < Byte.toUnsignedInt(from[1])) {
      throw new CvmFault("not a request of version 2");
    }
    return Arrays.copyOfRange(from, 2, 2 + Byte.toUnsignedInt(from[1]));
  }

  /** Overwrites the credentials with zeros. */
  public void wipe() {
    credentials.values().forEach(value -> Arrays.fill(value, (byte) 0));
  }
}
