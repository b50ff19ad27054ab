package org.twoftpd.shared.os;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Addresses of UNIX sockets: struct sockaddr_un of unix(7). */
public final class UnixAddress {
  /** How many bytes a path may have; the kernel's field has room for a NUL behind it. */
  public static final int PATH_MAX = 107;

  /** What is to be said of a path that is none. */
  public static final String ALLOWED =
      "an absolute path of at most " + PATH_MAX + " bytes is allowed";

  private static final int FAMILY_BYTES = 2;
  private static final boolean LITTLE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

  private UnixAddress() {}

  /** True for an absolute path that is not too long for a socket. */
  public static boolean isPath(String path) {
    return path.startsWith("/")
        && path.indexOf(0) < 0
        && path.getBytes(StandardCharsets.UTF_8).length <= PATH_MAX;
  }

  /**
   * The address of a socket in the file system.
   *
   * @throws IllegalArgumentException when {@link #isPath} is false
   */
  public static byte[] of(String path) {
    if (!isPath(path)) {
      throw new IllegalArgumentException(path + ": " + ALLOWED);
    }
    byte[] name = path.getBytes(StandardCharsets.UTF_8);
    return address(name, name.length + 1);
  }

  /** True for a name that a socket without a file can have. */
  public static boolean isAbstractName(String name) {
    return !name.isEmpty() && name.getBytes(StandardCharsets.UTF_8).length < PATH_MAX;
  }

  /**
   * The address of a socket that has no file: its length ends the name, where a NUL ends a path.
   *
   * @throws IllegalArgumentException when {@link #isAbstractName} is false
   */
  public static byte[] ofAbstractName(String name) {
    if (!isAbstractName(name)) {
      throw new IllegalArgumentException(
          name + ": a name of 1 to " + (PATH_MAX - 1) + " bytes is allowed");
    }
    byte[] behindNul = ("\0" + name).getBytes(StandardCharsets.UTF_8);
    return address(behindNul, behindNul.length);
  }

  /** True when {@link Native#getsockname} has answered with the address of a UNIX socket. */
  public static boolean isUnix(byte[] sockaddr, int length) {
    return length >= FAMILY_BYTES
        && sockaddr[LITTLE ? 0 : 1] == SocketFlags.AF_UNIX
        && sockaddr[LITTLE ? 1 : 0] == 0;
  }

  private static byte[] address(byte[] name, int length) {
    byte[] address = new byte[FAMILY_BYTES + length];
    address[LITTLE ? 0 : 1] = SocketFlags.AF_UNIX;
    System.arraycopy(name, 0, address, FAMILY_BYTES, name.length);
    return address;
  }
}
