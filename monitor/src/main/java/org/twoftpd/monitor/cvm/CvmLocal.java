/*
 * Trusted with a request, which contains the password, and with sending it only to a socket that the administrator has
 * named and that nobody else could have put there.
 */
package org.twoftpd.monitor.cvm;

import static org.twoftpd.shared.os.PollEvents.POLLIN;
import static org.twoftpd.shared.os.PollEvents.POLLOUT;
import static org.twoftpd.shared.os.SocketFlags.SHUT_WR;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import org.twoftpd.shared.cvm.CvmFault;
import org.twoftpd.shared.cvm.CvmRequest;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SocketFlags;
import org.twoftpd.shared.os.TrustedPath;
import org.twoftpd.shared.os.UnixAddress;

/** A module behind a UNIX stream socket, one connection for each question. */
final class CvmLocal implements CvmClient {
  private static final int FIRST_PAUSE_MILLIS = 2;
  private static final int LONGEST_PAUSE_MILLIS = 50;

  /** How often a wait looks whether it was interrupted, since nobody needs the answer any more. */
  private static final int INTERRUPT_CHECK_MILLIS = 100;

  private final String path;
  private final byte[] address;

  /** The uid of the module, by the owner of the socket's directory when the settings were read. */
  private volatile long owner;

  /**
   * @throws IllegalArgumentException when no socket can have that path
   */
  CvmLocal(String path) {
    this.path = path;
    this.address = UnixAddress.of(path);
    this.owner = TrustedPath.socketOwner(path);
  }

  /** The timeout has passed. */
  private static final class Late extends Exception {
    private static final long serialVersionUID = 1L;

    Late() {
      super(null, null, false, false);
    }
  }

  @Override
  public byte[] ask(byte[] request, byte[] tag, Duration timeout) throws CvmFault {
    long end = System.nanoTime() + timeout.toNanos();
    try {
      // Whoever could put another socket there would get the password, and could accept any.
      TrustedPath.checkSocket(path, owner());
    } catch (IOException failure) {
      throw new CvmFault(failure.getMessage());
    }
    int fd = check(Native.socket(SocketFlags.AF_UNIX, SocketFlags.SOCK_STREAM, 0));
    try {
      connect(fd, end);
      return exchange(fd, request, end);
    } catch (Late late) {
      throw CvmClient.late(timeout);
    } finally {
      Native.close(fd);
    }
  }

  /**
   * The uid of the module. A module may start later than the service and create its directory then.
   * The first owner that is found counts: only somebody whom the administrator trusts could create
   * the directory.
   */
  private long owner() {
    if (owner == TrustedPath.NOBODY) {
      owner = TrustedPath.socketOwner(path);
    }
    return owner;
  }

  private static int check(int result) throws CvmFault {
    if (result < 0) {
      throw new CvmFault(Errno.message(-result));
    }
    return result;
  }

  /**
   * Connects, and tries again while the module's queue is full: Debian's modules answer one client
   * at a time and let one more wait. The kernel can wait for room in the queue of a UNIX socket
   * only by blocking without a timeout.
   */
  private void connect(int fd, long end) throws CvmFault, Late {
    int pause = FIRST_PAUSE_MILLIS;
    int result;
    while ((result = Native.connect(fd, address)) == -Errno.EAGAIN) {
      await(-1, POLLIN, Math.min(end, System.nanoTime() + pause * 1_000_000L), end);
      pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
    }
    check(result);
  }

  /**
   * Waits until {@code fd} is ready, or until the time {@code until} when {@code fd} is negative.
   */
  private static void await(int fd, short what, long until, long end) throws CvmFault, Late {
    int[] fds = {fd};
    short[] events = {0};
    int ready = 0;
    while (ready <= 0) {
      if (Thread.currentThread().isInterrupted()) {
        throw CvmClient.interrupted();
      }
      long now = System.nanoTime();
      if (end - now <= 0) {
        throw new Late();
      }
      if (until - now <= 0) {
        return;
      }
      events[0] = what;
      ready =
          Native.poll(
              fds,
              events,
              1,
              (int) Math.min(INTERRUPT_CHECK_MILLIS, (until - now) / 1_000_000 + 1));
    }
  }

  private static byte[] exchange(int fd, byte[] request, long end) throws CvmFault, Late {
    int sent = 0;
    while (sent < request.length) {
      sent += bytesMoved(Native.write(fd, request, sent, request.length - sent), fd, POLLOUT, end);
    }
    check(Native.shutdown(fd, SHUT_WR));
    byte[] reply = new byte[CvmRequest.LENGTH_MAX + 1];
    int length = 0;
    while (length < reply.length) {
      await(fd, POLLIN, end, end);
      int n = Native.read(fd, reply, length, reply.length - length);
      if (n == 0) {
        break;
      }
      length += bytesMoved(n, fd, POLLIN, end);
    }
    return Arrays.copyOf(reply, length);
  }

  /**
   * The result of a call that moved bytes; after a wait 0, when the call could not move any yet.
   */
  private static int bytesMoved(int result, int fd, short what, long end) throws CvmFault, Late {
    if (result == -Errno.EAGAIN || result == -Errno.EINTR) {
      await(fd, what, end, end);
      return 0;
    }
    return check(result);
  }

  @Override
  public String toString() {
    return "cvm-local:" + path;
  }
}
