/*
 * Trusted to open the service's port, or to take over the one that systemd has opened.
 */
package org.twoftpd.monitor.start;

import static org.twoftpd.shared.os.SocketFlags.IPPROTO_IPV6;
import static org.twoftpd.shared.os.SocketFlags.IPV6_V6ONLY;
import static org.twoftpd.shared.os.SocketFlags.SOCK_STREAM;
import static org.twoftpd.shared.os.SocketFlags.SOL_SOCKET;
import static org.twoftpd.shared.os.SocketFlags.SO_REUSEADDR;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.twoftpd.monitor.client.Listener;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.ListenFds;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/** Finds or makes the listening sockets. */
public final class ListenSockets {

  /**
   * So many clients can wait to be accepted, so that none of a burst is left without an answer. The
   * kernel allows no more than net.core.somaxconn.
   */
  private static final int BACKLOG = 1024;

  /** FileDescriptorName= of twoftpd-implicit.socket. */
  private static final String OVER_TLS = "ftps";

  private ListenSockets() {}

  /**
   * Takes over the sockets that systemd has passed (sd_listen_fds(3)). Clients of a socket with the
   * name "ftps" begin with TLS.
   *
   * @return empty when nothing was passed
   */
  public static List<Listener> takePassed(Map<String, String> environment) throws IOException {
    List<Listener> listeners = new ArrayList<>();
    int behindLast = ListenFds.FIRST + ListenFds.count(environment);
    for (int fd = ListenFds.FIRST; fd < behindLast; fd++) {
      ListenFds.take(fd);
      listeners.add(new Listener(fd, ListenFds.name(environment, fd).equals(OVER_TLS)));
    }
    return listeners;
  }

  /**
   * Makes a socket that listens on an address.
   *
   * @return a non-blocking descriptor, the caller's to close
   */
  public static int open(Endpoint where) throws SystemCallException {
    int fd = SystemCallException.check(Native.socket(where.domain(), SOCK_STREAM, 0));
    try {
      SystemCallException.check(Native.setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, 1));
      if (!where.isIpv4()) {
        // Each family has a socket of its own; otherwise [::] would take 0.0.0.0 as well.
        SystemCallException.check(Native.setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1));
      }
      SystemCallException.check(Native.bind(fd, where.toSockaddr()));
      SystemCallException.check(Native.listen(fd, BACKLOG));
      return fd;
    } catch (SystemCallException e) {
      Native.close(fd);
      throw e;
    }
  }
}
