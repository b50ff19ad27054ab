/*
 * Trusted with nothing but waiting.
 */
package org.twoftpd.session.control;

import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;

/** Waits by poll(2): a session has one thread and one thing to wait for. */
public final class PollReadiness implements Readiness {
  private static final long MILLI = 1_000_000L;

  private final KeepAlive keepAlive;
  private final int[] fds = new int[2];
  private final short[] asked = new short[2];

  /**
   * @param keepAlive is answered meanwhile
   */
  public PollReadiness(KeepAlive keepAlive) {
    this.keepAlive = keepAlive;
  }

  @Override
  public void moved() {
    keepAlive.moved();
  }

  @Override
  public boolean await(int fd, short events, long deadline) {
    while (true) {
      long left = (deadline - System.nanoTime()) / MILLI + 1;
      if (left <= 0) {
        return false;
      }
      fds[0] = fd;
      asked[0] = events;
      fds[1] = keepAlive.fd();
      asked[1] = READ;
      int n = Native.poll(fds, asked, 2, (int) Math.min(left, Integer.MAX_VALUE));
      if (n > 0 && asked[1] != 0) {
        keepAlive.answer();
      }
      if (n > 0 && asked[0] != 0) {
        return true;
      }
      if (n < 0 && n != -Errno.EINTR) {
        // The caller finds out what is wrong when it reads or writes.
        return true;
      }
    }
  }
}
