/*
 * Trusted with nothing but waiting.
 */
package org.twoftpd.session;

import org.twoftpd.session.control.Readiness;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;

/** Waits by poll(2): a session has one thread and one thing to wait for. */
final class PollReadiness implements Readiness {
  private static final long MILLI = 1_000_000L;

  private final int[] fds = new int[1];
  private final short[] asked = new short[1];

  @Override
  public boolean await(int fd, short events, long deadline) {
    while (true) {
      long left = (deadline - System.nanoTime()) / MILLI + 1;
      if (left <= 0) {
        return false;
      }
      fds[0] = fd;
      asked[0] = events;
      int n = Native.poll(fds, asked, 1, (int) Math.min(left, Integer.MAX_VALUE));
      if (n > 0) {
        return true;
      }
      if (n < 0 && n != -Errno.EINTR) {
        // The caller finds out what is wrong when it reads or writes.
        return true;
      }
    }
  }
}
