package org.twoftpd.shared.os;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The address of a UNIX socket as the kernel wants it: a sockaddr_un (unix(7)). */
public final class UnixAddress {
  /** AF_UNIX, on every architecture. */
  public static final int FAMILY = 1;

  /** SOCK_STREAM, on the architectures that there is a library for. */
  public static final int STREAM = 1;

  private static final int PATH_MAX = 107;

  private UnixAddress() {}

  /**
   * The address with the path in it.
   *
   * @throws IllegalArgumentException when it is not absolute or does not fit
   */
  public static byte[] of(String path) {
    byte[] name = path.getBytes(StandardCharsets.UTF_8);
    if (!path.startsWith("/") || name.length > PATH_MAX || path.indexOf(0) >= 0) {
      throw new IllegalArgumentException(
          path + ": an absolute path of at most " + PATH_MAX + " bytes is allowed");
    }
    return ByteBuffer.allocate(2 + name.length + 1)
        .order(ByteOrder.nativeOrder())
        .putShort((short) FAMILY)
        .put(name)
        .array();
  }
}
