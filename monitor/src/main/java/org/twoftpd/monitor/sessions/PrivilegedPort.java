/*
 * Trusted with the capability to bind the one privileged port that sessions may use: it makes the socket and gives it away,
 * and neither connects it nor reads a byte from it.
 */
package org.twoftpd.monitor.sessions;

import static org.twoftpd.shared.os.SocketFlags.SOCK_STREAM;
import static org.twoftpd.shared.os.SocketFlags.SOL_SOCKET;
import static org.twoftpd.shared.os.SocketFlags.SO_REUSEADDR;
import static org.twoftpd.shared.os.SocketFlags.SO_REUSEPORT;

import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/**
 * Makes sockets bound to FTP's data port (RFC 959, section 8). A session can ask for no other port:
 * from 1024 on it can bind ports by itself, and any other port below would let a user pose as one
 * of the machine's services.
 */
final class PrivilegedPort {
  static final int FTP_DATA = 20;

  private PrivilegedPort() {}

  /**
   * Makes a socket bound to port 20 of an address. There may be any number of them at a time, since
   * each will be connected to another peer.
   *
   * @return a non-blocking descriptor, the caller's to close
   * @throws SystemCallException EACCES without CAP_NET_BIND_SERVICE, EADDRINUSE when another
   *     program listens there
   */
  static int open(Endpoint local) throws SystemCallException {
    return open(local, FTP_DATA);
  }

  static int open(Endpoint local, int port) throws SystemCallException {
    int fd = SystemCallException.check(Native.socket(local.domain(), SOCK_STREAM, 0));
    try {
      SystemCallException.check(Native.setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, 1));
      // SO_REUSEADDR alone would let one session that listens on its socket, instead of connecting
      // it, keep the port from all others.
      SystemCallException.check(Native.setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, 1));
      SystemCallException.check(Native.bind(fd, local.withPort(port).toSockaddr()));
      return fd;
    } catch (SystemCallException e) {
      Native.close(fd);
      throw e;
    }
  }
}
