package org.twoftpd.session.control;

import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;

/**
 * Waits by poll(2) for the one client of a session, and answers the monitor meanwhile, since a
 * session has only one thread.
 */
public final class PollReadiness implements Readiness {
  private static final long NANOS_PER_MILLI = 1_000_000L;

  private final KeepAlive keepAlive;
  private final int[] fds = new int[2];
  private final short[] polledEvents = new short[2];

  /**
   * @param keepAlive answers what the monitor asks during a wait
   */
  public PollReadiness(KeepAlive keepAlive) {
    this.keepAlive = keepAlive;
  }

  @Override
  public void noteProgress() {
    keepAlive.noteProgress();
  }

  @Override
  public boolean await(int fd, short events, long deadline) {
    while (true) {
      long left = (deadline - System.nanoTime()) / NANOS_PER_MILLI + 1;
      if (left <= 0) {
        return false;
      }
      fds[0] = fd;
      polledEvents[0] = events;
      fds[1] = keepAlive.questionFd();
      polledEvents[1] = READ;
      int n = Native.poll(fds, polledEvents, 2, (int) Math.min(left, Integer.MAX_VALUE));
      if (n > 0 && polledEvents[1] != 0) {
        keepAlive.answerQuestion();
      }
      if (n > 0 && polledEvents[0] != 0) {
        return true;
      }
      if (n < 0 && n != -Errno.EINTR) {
        // The caller learns what is wrong when it reads or writes.
        return true;
      }
    }
  }
}
