/*
 * Trusted to say whether two addresses are the same peer: every comparison of peers in this program compares these records.
 */
package org.twoftpd.shared.os;

import static org.twoftpd.shared.os.SocketFlags.AF_INET;
import static org.twoftpd.shared.os.SocketFlags.AF_INET6;

import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * One end of a TCP connection. An IPv6 address that only wraps an IPv4 one (::ffff:a.b.c.d) becomes
 * the IPv4 address, so that two forms of the same peer compare equal.
 *
 * @param address 4 or 16 bytes
 * @param port 0 to 65535
 * @param scope the interface of a link-local IPv6 address, else 0
 */
public record Endpoint(byte[] address, int port, int scope) {
  /** Enough for any sockaddr that {@link Native#getsockname} gives. */
  public static final int SOCKADDR_MAX = 28;

  private static final boolean LITTLE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

  public Endpoint {
    if (address.length != 4 && address.length != 16) {
      throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + address.length);
    }
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
    }
    if (address.length == 16 && isMapped(address)) {
      address = Arrays.copyOfRange(address, 12, 16);
      scope = 0;
    }
  }

  private static boolean isMapped(byte[] a) {
    for (int i = 0; i < 10; i++) {
      if (a[i] != 0) {
        return false;
      }
    }
    return a[10] == -1 && a[11] == -1;
  }

  /** Reads a sockaddr_in or sockaddr_in6; null for any other family. */
  public static Endpoint fromSockaddr(byte[] s, int length) {
    int family = LITTLE ? s[0] & 0xff | (s[1] & 0xff) << 8 : (s[0] & 0xff) << 8 | s[1] & 0xff;
    int port = (s[2] & 0xff) << 8 | s[3] & 0xff;
    if (family == AF_INET && length >= 8) {
      return new Endpoint(Arrays.copyOfRange(s, 4, 8), port, 0);
    }
    if (family == AF_INET6 && length >= 28) {
      int scope = 0;
      for (int i = 0; i < 4; i++) {
        scope |= (s[24 + i] & 0xff) << (LITTLE ? 8 * i : 24 - 8 * i);
      }
      return new Endpoint(Arrays.copyOfRange(s, 8, 24), port, scope);
    }
    return null;
  }

  /**
   * This end as a sockaddr_in or sockaddr_in6, for {@link Native#bind} and {@link Native#connect}.
   */
  public byte[] toSockaddr() {
    byte[] s = new byte[isIpv4() ? 16 : 28];
    int family = domain();
    s[LITTLE ? 0 : 1] = (byte) family;
    s[2] = (byte) (port >> 8);
    s[3] = (byte) port;
    System.arraycopy(address, 0, s, isIpv4() ? 4 : 8, address.length);
    if (!isIpv4()) {
      for (int i = 0; i < 4; i++) {
        s[24 + i] = (byte) (scope >> (LITTLE ? 8 * i : 24 - 8 * i));
      }
    }
    return s;
  }

  /** The domain of a socket for this address: AF_INET or AF_INET6. */
  public int domain() {
    return isIpv4() ? AF_INET : AF_INET6;
  }

  /** True for four bytes of address. */
  public boolean isIpv4() {
    return address.length == 4;
  }

  /** An endpoint with the same address and another port. */
  public Endpoint withPort(int other) {
    return new Endpoint(address, other, scope);
  }

  /** True when both are the same host, whatever the ports. */
  public boolean sameHost(Endpoint other) {
    return scope == other.scope && Arrays.equals(address, other.address);
  }

  /** The address without the port: dotted, or in the form of RFC 5952. */
  public String host() {
    StringBuilder b = new StringBuilder(45);
    if (isIpv4()) {
      for (int i = 0; i < 4; i++) {
        b.append(i == 0 ? "" : ".").append(address[i] & 0xff);
      }
      return b.toString();
    }
    int from = -1;
    int run = 1;
    for (int i = 0; i < 8; i++) {
      int j = i;
      while (j < 8 && word(j) == 0) {
        j++;
      }
      if (j - i > run) {
        from = i;
        run = j - i;
      }
    }
    for (int i = 0; i < 8; i++) {
      if (i == from) {
        b.append("::");
        i += run - 1;
      } else {
        b.append(b.isEmpty() || i == from + run && from >= 0 ? "" : ":")
            .append(Integer.toHexString(word(i)));
      }
    }
    return b.toString();
  }

  private int word(int i) {
    return (address[2 * i] & 0xff) << 8 | address[2 * i + 1] & 0xff;
  }

  /** host:port, or [host]:port. */
  @Override
  public String toString() {
    return isIpv4() ? host() + ":" + port : "[" + host() + "]:" + port;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Endpoint e && port == e.port && sameHost(e);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(address) * 31 + port;
  }
}
