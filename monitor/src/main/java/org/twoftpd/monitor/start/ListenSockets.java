/*
 * Trusted to open the service's port, or to take over the one that systemd has opened.
 */
package org.twoftpd.monitor.start;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/** Listening descriptors. */
public final class ListenSockets {
  private static final int FIRST_PASSED = 3;
  private static final int SOCK_STREAM = 1;
  private static final int SOL_SOCKET = 1;
  private static final int SO_REUSEADDR = 2;
  private static final int SO_ACCEPTCONN = 30;
  private static final int IPPROTO_IPV6 = 41;
  private static final int IPV6_V6ONLY = 26;

  /**
   * A burst of clients must not be left hanging without an answer. The kernel caps it at
   * net.core.somaxconn.
   */
  private static final int BACKLOG = 1024;

  private ListenSockets() {}

  /**
   * What systemd passed (sd_listen_fds(3)): the descriptors 3 and up when LISTEN_PID is this
   * process.
   *
   * @return empty when nothing was passed
   */
  public static List<Integer> passed(Map<String, String> environment) throws SystemCallException {
    List<Integer> fds = new ArrayList<>();
    if (!String.valueOf(Native.getpid()).equals(environment.get("LISTEN_PID"))) {
      return fds;
    }
    int count = Integer.parseInt(environment.getOrDefault("LISTEN_FDS", "0"));
    for (int fd = FIRST_PASSED; fd < FIRST_PASSED + count; fd++) {
      if (Native.getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN) != 1) {
        throw new SystemCallException(Errno.EINVAL);
      }
      Native.setCloseOnExec(fd, true);
      SystemCallException.check(Native.setNonblocking(fd, true));
      fds.add(fd);
    }
    return fds;
  }

  /** Binds an address and listens there. */
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
