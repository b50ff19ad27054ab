/*
 * Trusted with sockets that nobody but their owner may connect to.
 */
package org.twoftpd.shared.os;

/** UNIX stream sockets that listen. */
public final class UnixListener {
  /** What umask(2) is to leave: the owner may read and write, nobody may do anything else. */
  private static final int OWNER_ALONE = 0177;

  private UnixListener() {}

  /**
   * Listens on a path, with mode 0600.
   *
   * @param path where nothing is yet; it is {@link UnixAddress#isPath}
   * @param backlog how many connections may wait to be accepted
   * @return a non-blocking descriptor, the caller's to close
   * @throws SystemCallException EINVAL for a path that no socket can have, EADDRINUSE when
   *     something is there
   */
  public static int open(String path, int backlog) throws SystemCallException {
    if (!UnixAddress.isPath(path)) {
      throw new SystemCallException(Errno.EINVAL);
    }
    byte[] address = UnixAddress.of(path);
    int fd =
        SystemCallException.check(Native.socket(SocketFlags.AF_UNIX, SocketFlags.SOCK_STREAM, 0));
    // The mode is right from the first moment: nobody can connect before it is.
    int mask = Native.umask(OWNER_ALONE);
    int bound = Native.bind(fd, address);
    Native.umask(mask);
    int result = bound < 0 ? bound : Native.listen(fd, backlog);
    if (result < 0) {
      Native.close(fd);
      throw new SystemCallException(-result);
    }
    return fd;
  }
}
