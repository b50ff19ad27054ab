/*
 * Trusted to keep an ear on the control connection while a data connection is busy.
 */
package org.twoftpd.session.data;

import org.twoftpd.session.control.CommandLine;
import org.twoftpd.session.control.ConnectionEnded;
import org.twoftpd.session.control.ControlConnection;
import org.twoftpd.session.control.Readiness;
import org.twoftpd.shared.os.Native;

/**
 * Waits for a data descriptor and for commands at once. Commands that came before the transfer
 * began wait for its end; one that comes during it interrupts it, unless the {@link Listener} deals
 * with it.
 */
public final class TransferWait {
  /** What ended a wait. */
  public enum Outcome {
    /** The descriptor is ready, or has failed. */
    READY,
    /** Nothing happened for as long as it may. */
    TIMED_OUT,
    /** A command came, or the client has gone. */
    INTERRUPTED
  }

  /** Sees the commands that come during a transfer. */
  public interface Listener {
    /** True when {@code line} has been dealt with and the transfer may go on. */
    boolean heard(CommandLine line) throws ConnectionEnded;
  }

  private static final long MILLI = 1_000_000L;

  private final ControlConnection control;
  private final Listener listener;
  private final boolean sentAhead;
  private final int[] fds = new int[2];
  private final short[] events = new short[2];

  /** To be made when the transfer begins. */
  public TransferWait(ControlConnection control, Listener listener) {
    this.control = control;
    this.listener = listener;
    CommandLine l = control.poll();
    if (l != null) {
      control.putBack(l);
    }
    sentAhead = l != null;
  }

  /**
   * Waits for {@code fd}.
   *
   * @param what {@link Readiness#READ} or {@link Readiness#WRITE}
   * @param deadline on System.nanoTime's clock
   */
  public Outcome await(int fd, short what, long deadline) throws ConnectionEnded {
    control.flush();
    while (true) {
      boolean listening = !sentAhead && control.wantsBytes();
      fds[0] = control.fd();
      // Without an event asked for, a connection that has broken is still told.
      events[0] = listening ? Readiness.READ : 0;
      fds[1] = fd;
      events[1] = what;
      long left = (deadline - System.nanoTime()) / MILLI + 1;
      if (left <= 0) {
        return Outcome.TIMED_OUT;
      }
      Native.poll(fds, events, 2, (int) Math.min(left, Integer.MAX_VALUE));
      if (events[0] != 0 && fds[0] == control.fd() && hear(listening)) {
        return Outcome.INTERRUPTED;
      }
      if (events[1] != 0 && events[1] != what || (events[1] & what) != 0) {
        return Outcome.READY;
      }
    }
  }

  private boolean hear(boolean listening) throws ConnectionEnded {
    if (!listening) {
      return true;
    }
    control.pump();
    for (CommandLine l = control.poll(); l != null; l = control.poll()) {
      if (!listener.heard(l)) {
        control.putBack(l);
        return true;
      }
    }
    control.flush();
    return control.hasEnded();
  }
}
