package org.twoftpd.shared.os;

import java.io.IOException;
import java.util.Map;

/** Sockets that a service manager has opened and passed to this process: sd_listen_fds(3). */
public final class ListenFds {
  /** The first one; the others follow it. SD_LISTEN_FDS_START. */
  public static final int FIRST = 3;

  private ListenFds() {}

  /**
   * How many sockets were passed to this very process.
   *
   * @param environment the process's own
   * @return 0 when none were
   * @throws IOException when LISTEN_FDS is no number
   */
  public static int count(Map<String, String> environment) throws IOException {
    String count = environment.get("LISTEN_FDS");
    if (count == null || !Integer.toString(Native.getpid()).equals(environment.get("LISTEN_PID"))) {
      return 0;
    }
    try {
      return Integer.parseInt(count);
    } catch (NumberFormatException _) {
      throw new IOException("LISTEN_FDS=" + count + ": a number of sockets is allowed");
    }
  }

  /**
   * The name of a passed socket: FileDescriptorName= of systemd.socket(5).
   *
   * @param environment the process's own
   * @param fd from {@link #FIRST} on
   * @return empty when it was given none
   */
  public static String name(Map<String, String> environment, int fd) {
    String[] names = environment.getOrDefault("LISTEN_FDNAMES", "").split(":", -1);
    int i = fd - FIRST;
    return i < names.length ? names[i] : "";
  }

  /**
   * Makes a passed socket non-blocking and close-on-exec, which a manager need not have done.
   *
   * @throws SystemCallException EINVAL when it does not listen
   */
  public static void take(int fd) throws SystemCallException {
    if (Native.getsockopt(fd, SocketFlags.SOL_SOCKET, SocketFlags.SO_ACCEPTCONN) != 1) {
      throw new SystemCallException(Errno.EINVAL);
    }
    SystemCallException.check(Native.setCloseOnExec(fd, true));
    SystemCallException.check(Native.setNonblocking(fd, true));
  }
}
