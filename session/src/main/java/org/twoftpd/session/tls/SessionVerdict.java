/*
 * Trusted to let go of a client as soon as its session has: whatever a transfer waits for, it hears meanwhile that the
 * session has given up, or has gone.
 */
package org.twoftpd.session.tls;

import org.twoftpd.session.control.Readiness;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.wire.TransferLine;

/** What a session has said about the end of its transfer. For the transfer's thread. */
final class SessionVerdict {
  private static final int NONE_YET = -1;

  private final SessionLine line;
  private final int[] fds = new int[2];
  private final short[] events = new short[2];
  private int verdict = NONE_YET;

  /** The session has gone, or wants no more of the transfer. */
  static final class Aborted extends Exception {
    private static final long serialVersionUID = 1L;

    Aborted() {
      super(null, null, false, false);
    }
  }

  /** Of the transfer that the line has just told of. */
  SessionVerdict(SessionLine line) {
    this.line = line;
  }

  /**
   * Waits until a descriptor is ready, for as long as the session wants the transfer. It may give
   * up one that it has called complete: then it is the client who takes nothing.
   *
   * @param what {@link Readiness#READ} or {@link Readiness#WRITE}
   */
  void await(int fd, int what) throws Aborted {
    fds[0] = fd;
    events[0] = (short) what;
    fds[1] = line.fd();
    events[1] = Readiness.READ;
    Native.poll(fds, events, 2, -1);
    if (events[1] != 0) {
      hear();
      if (verdict == TransferLine.ABORT) {
        throw new Aborted();
      }
    }
  }

  /** Waits for the verdict, which the session gives before it ends its bytes. */
  boolean isComplete() {
    while (verdict == NONE_YET) {
      fds[0] = line.fd();
      events[0] = Readiness.READ;
      Native.poll(fds, events, 1, -1);
      hear();
    }
    return verdict == TransferLine.COMPLETE;
  }

  private void hear() {
    switch (line.hear()) {
      case NOTHING -> {}
      case THE_END -> verdict = TransferLine.ABORT;
      case A_FRAME -> {
        verdict = line.argument();
        if (line.what() == TransferLine.PROTECT) {
          // One transfer at a time.
          Native.close(line.data());
          Native.close(line.plain());
          verdict = TransferLine.ABORT;
        }
      }
    }
  }
}
