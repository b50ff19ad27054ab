package org.twoftpd.shared.os;

/**
 * Arguments of socket(2), setsockopt(2), getsockopt(2) and shutdown(2), the same on each machine of
 * {@link Arch}. The test of the native library compares them with the C library's headers.
 */
public final class SocketFlags {
  // Families of addresses.
  public static final int AF_UNIX = 1;
  public static final int AF_INET = 2;
  public static final int AF_INET6 = 10;
  public static final int AF_NETLINK = 16;

  // Types of sockets, and what may stand beside a type.
  public static final int SOCK_STREAM = 1;
  public static final int SOCK_DGRAM = 2;
  public static final int SOCK_RAW = 3;
  public static final int SOCK_SEQPACKET = 5;
  public static final int SOCK_NONBLOCK = 04000;
  public static final int SOCK_CLOEXEC = 02000000;

  // Protocols, which are levels of options too.
  public static final int IPPROTO_ICMP = 1;
  public static final int IPPROTO_TCP = 6;
  public static final int IPPROTO_UDP = 17;
  public static final int IPPROTO_IPV6 = 41;

  // Options of every socket, socket(7).
  public static final int SOL_SOCKET = 1;
  public static final int SO_REUSEADDR = 2;
  public static final int SO_TYPE = 3;
  public static final int SO_ERROR = 4;
  public static final int SO_SNDBUF = 7;
  public static final int SO_KEEPALIVE = 9;
  public static final int SO_OOBINLINE = 10;
  public static final int SO_LINGER = 13;
  public static final int SO_REUSEPORT = 15;
  public static final int SO_PEERCRED = 17;
  public static final int SO_ACCEPTCONN = 30;

  // Options of one protocol: tcp(7) and ipv6(7).
  public static final int TCP_NODELAY = 1;
  public static final int IPV6_V6ONLY = 26;

  // Which half of a connection shutdown(2) ends.
  public static final int SHUT_RD = 0;
  public static final int SHUT_WR = 1;
  public static final int SHUT_RDWR = 2;

  /** A broken pipe is an error and no signal (send(2)). */
  public static final int MSG_NOSIGNAL = 0x4000;

  private SocketFlags() {}
}
