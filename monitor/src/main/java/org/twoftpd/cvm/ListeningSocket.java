/*
 * Trusted with root once, to make a socket that only root may connect to.
 */
package org.twoftpd.cvm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.os.SocketFlags;
import org.twoftpd.shared.os.UnixAddress;

/** The UNIX socket that questions come in on: systemd's, or one of our own. */
final class ListeningSocket {
  private static final int SOL_SOCKET = 1;
  private static final int SO_TYPE = 3;
  private static final int SO_ACCEPTCONN = 30;
  private static final int AT_FDCWD = -100;
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int S_IFMT = 0170000;
  private static final int S_IFSOCK = 0140000;
  private static final int BACKLOG = 512;

  /** SD_LISTEN_FDS_START of sd_listen_fds(3). */
  private static final int PASSED = 3;

  private ListeningSocket() {}

  /** True when systemd passed a socket to this very process, sd_listen_fds(3). */
  static boolean isPassed(Map<String, String> environment) {
    return Integer.toString(Native.getpid()).equals(environment.get("LISTEN_PID"))
        && environment.get("LISTEN_FDS") != null;
  }

  /** The descriptor that systemd passed. */
  static int passed(Map<String, String> environment) throws IOException {
    byte[] address = new byte[128];
    if (!"1".equals(environment.get("LISTEN_FDS"))
        || Native.getsockname(PASSED, address) < 2
        || family(address) != SocketFlags.AF_UNIX
        || Native.getsockopt(PASSED, SOL_SOCKET, SO_TYPE) != SocketFlags.SOCK_STREAM
        || Native.getsockopt(PASSED, SOL_SOCKET, SO_ACCEPTCONN) != 1) {
      throw new IOException(
          "LISTEN_FDS: one listening UNIX stream socket is allowed, ListenStream=/PATH");
    }
    SystemCallException.check(Native.setNonblocking(PASSED, true));
    SystemCallException.check(Native.setCloseOnExec(PASSED, true));
    return PASSED;
  }

  private static int family(byte[] address) {
    return ByteBuffer.wrap(address).order(ByteOrder.nativeOrder()).getShort();
  }

  /**
   * Binds, with mode 0600, after removing what another run of this program left there.
   *
   * @throws IOException naming the path and what is wrong
   */
  static int bind(String path) throws IOException {
    byte[] address;
    try {
      address = UnixAddress.of(path);
    } catch (IllegalArgumentException e) {
      throw new IOException("--socket " + e.getMessage(), e);
    }
    byte[] name = path.getBytes(StandardCharsets.UTF_8);
    removeStale(path, name, address);
    int fd = SystemCallException.check(Native.socket(SocketFlags.AF_UNIX, SocketFlags.SOCK_STREAM, 0));
    int mask = Native.umask(0177);
    int bound = Native.bind(fd, address);
    Native.umask(mask);
    int result = bound < 0 ? bound : Native.listen(fd, BACKLOG);
    if (result < 0) {
      Native.close(fd);
      throw new IOException("socket " + path + ": " + Errno.message(-result));
    }
    return fd;
  }

  private static void removeStale(String path, byte[] name, byte[] address) throws IOException {
    long[] file = new long[9];
    if (Native.statx(AT_FDCWD, name, AT_SYMLINK_NOFOLLOW, file) < 0) {
      return;
    }
    if ((file[0] & S_IFMT) != S_IFSOCK || file[2] != Native.geteuid()) {
      throw new IOException("socket " + path + ": something else is there and is left alone");
    }
    int fd = SystemCallException.check(Native.socket(SocketFlags.AF_UNIX, SocketFlags.SOCK_STREAM, 0));
    int connected = Native.connect(fd, address);
    Native.close(fd);
    if (connected != -Errno.ECONNREFUSED) {
      throw new IOException("socket " + path + ": another process serves it");
    }
    SystemCallException.check(Native.unlinkat(AT_FDCWD, name, 0));
  }
}
