/*
 * Trusted with root once, to create a socket that only its owner can connect to.
 */
package org.twoftpd.cvm;

import static org.twoftpd.shared.os.FileFlags.AT_FDCWD;
import static org.twoftpd.shared.os.FileFlags.AT_SYMLINK_NOFOLLOW;
import static org.twoftpd.shared.os.FileFlags.S_IFSOCK;
import static org.twoftpd.shared.os.SocketFlags.AF_UNIX;
import static org.twoftpd.shared.os.SocketFlags.SOCK_STREAM;
import static org.twoftpd.shared.os.SocketFlags.SOL_SOCKET;
import static org.twoftpd.shared.os.SocketFlags.SO_ACCEPTCONN;
import static org.twoftpd.shared.os.SocketFlags.SO_TYPE;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.FileStatus;
import org.twoftpd.shared.os.ListenFds;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.os.UnixAddress;
import org.twoftpd.shared.os.UnixListener;

/** The UNIX socket that requests come in on: one that systemd passes, or one that is created. */
final class ListeningSocket {
  private static final int BACKLOG = 512;

  /** Room for the address of any UNIX socket. */
  private static final int ADDRESS_MAX = 128;

  private ListeningSocket() {}

  /** True when systemd passed a socket to this process. */
  static boolean isPassed(Map<String, String> environment) throws IOException {
    return ListenFds.count(environment) > 0;
  }

  /** The descriptor that systemd passed. */
  static int passed(Map<String, String> environment) throws IOException {
    int fd = ListenFds.FIRST;
    byte[] address = new byte[ADDRESS_MAX];
    if (ListenFds.count(environment) != 1
        || !UnixAddress.isUnix(address, Native.getsockname(fd, address))
        || Native.getsockopt(fd, SOL_SOCKET, SO_TYPE) != SOCK_STREAM
        || Native.getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN) != 1) {
      throw new IOException(
          "LISTEN_FDS: one listening UNIX stream socket is allowed, ListenStream=/PATH");
    }
    ListenFds.take(fd);
    return fd;
  }

  /**
   * Creates the socket with mode 0600, and first removes one that an earlier process of this
   * program left behind.
   *
   * @throws IOException naming the path and what is wrong
   */
  static int bind(String path) throws IOException {
    if (!UnixAddress.isPath(path)) {
      throw new IOException("--socket " + path + ": " + UnixAddress.ALLOWED);
    }
    removeStale(path);
    try {
      return UnixListener.open(path, BACKLOG);
    } catch (SystemCallException e) {
      throw new IOException("socket " + path + ": " + e.getMessage(), e);
    }
  }

  private static void removeStale(String path) throws IOException {
    byte[] name = path.getBytes(StandardCharsets.UTF_8);
    FileStatus file = FileStatus.ifThere(AT_FDCWD, name, AT_SYMLINK_NOFOLLOW);
    if (file == null) {
      return;
    }
    if (file.type() != S_IFSOCK || file.uid() != Native.geteuid()) {
      throw new IOException("socket " + path + ": something else is there and is left alone");
    }
    int fd = SystemCallException.check(Native.socket(AF_UNIX, SOCK_STREAM, 0));
    int connected = Native.connect(fd, UnixAddress.of(path));
    Native.close(fd);
    if (connected != -Errno.ECONNREFUSED) {
      throw new IOException("socket " + path + ": another process serves it");
    }
    SystemCallException.check(Native.unlinkat(AT_FDCWD, name, 0));
  }
}
