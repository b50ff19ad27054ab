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
 * Waits for a data descriptor and for commands at once. The rule, for commands that are not waited
 * for:
 *
 * <ul>
 *   <li>Commands that had arrived when the transfer began were sent ahead: they wait for its end,
 *       and so does an end of the client's sending that had arrived by then.
 *   <li>A command or a hang-up that arrives later interrupts the transfer, unless the {@link
 *       Listener} deals with it. Then everything is carried out in the order in which it was sent.
 *   <li>ABOR interrupts wherever it stands: the transfer that is going on, and every one that was
 *       sent between that and the ABOR.
 * </ul>
 */
public final class TransferWait {
  /** What ended a wait. */
  public enum Outcome {
    /** The descriptor is ready, or has failed. */
    READY,
    /** Nothing happened for as long as it may. */
    TIMED_OUT,
    /** A command came, the client has gone, or the session's time is over. */
    INTERRUPTED
  }

  /** Sees the commands that come during a transfer. */
  public interface Listener {
    /** True when {@code line} has been dealt with and the transfer may go on. */
    boolean heard(CommandLine line) throws ConnectionEnded;
  }

  private static final long MILLI = 1_000_000L;
  private static final String ABORT = "ABOR";

  /** POLLPRI of poll(2): Telnet's urgent data (RFC 854), which tells of an ABOR behind the rest. */
  private static final short URGENT = 2;

  private final ControlConnection control;
  private final Listener listener;
  private final long sessionDeadline;
  private boolean begun;
  private boolean endedBefore;
  private final int[] fds = new int[2];
  private final short[] events = new short[2];

  /**
   * To be made when the transfer begins.
   *
   * @param sessionDeadline on System.nanoTime's clock, Long.MAX_VALUE for none
   */
  public TransferWait(ControlConnection control, Listener listener, long sessionDeadline) {
    this.control = control;
    this.listener = listener;
    this.sessionDeadline = sessionDeadline;
    keepRead();
  }

  private void keepAll() {
    if (control.wantsBytes()) {
      control.pump();
    }
    keepRead();
  }

  private void keepRead() {
    for (CommandLine l = control.poll(); l != null; l = control.poll()) {
      control.keep(l);
    }
  }

  /** True when what was sent ahead is known: the control connection has been looked at. */
  boolean hasBegun() {
    return begun;
  }

  /**
   * Waits for {@code fd}.
   *
   * @param what {@link Readiness#READ} or {@link Readiness#WRITE}
   * @param deadline on System.nanoTime's clock
   */
  public Outcome await(int fd, short what, long deadline) throws ConnectionEnded {
    control.flush();
    if (control.hasKept(ABORT)) {
      return Outcome.INTERRUPTED;
    }
    if (!begun) {
      begun = true;
      boolean ready = poll(fd, what, 0);
      if (events[0] != 0) {
        keepAll();
        endedBefore = control.hasEnded();
        if (control.hasKept(ABORT)) {
          return Outcome.INTERRUPTED;
        }
      }
      if (ready && events[1] != 0) {
        return Outcome.READY;
      }
    }
    boolean last = sessionDeadline != Long.MAX_VALUE && sessionDeadline - deadline < 0;
    long end = last ? sessionDeadline : deadline;
    while (true) {
      long left = (end - System.nanoTime()) / MILLI + 1;
      if (left <= 0) {
        return last ? Outcome.INTERRUPTED : Outcome.TIMED_OUT;
      }
      boolean listening = control.wantsBytes();
      if (!poll(fd, what, (int) Math.min(left, Integer.MAX_VALUE))) {
        continue;
      }
      if (events[0] != 0 && (!listening || hear())) {
        return Outcome.INTERRUPTED;
      }
      if (events[1] != 0) {
        return Outcome.READY;
      }
    }
  }

  private boolean poll(int fd, short what, int millis) {
    fds[0] = control.fd();
    // Without any event asked for, a connection that has broken is still told.
    events[0] = control.wantsBytes() ? Readiness.READ : control.hasEnded() ? 0 : URGENT;
    fds[1] = fd;
    events[1] = what;
    if (Native.poll(fds, events, 2, millis) > 0) {
      return true;
    }
    // Interrupted, it has left in them what was asked for.
    events[0] = 0;
    events[1] = 0;
    return false;
  }

  private boolean hear() throws ConnectionEnded {
    control.pump();
    boolean interrupted = control.hasEnded();
    for (CommandLine l = control.poll(); l != null; l = control.poll()) {
      if (interrupted || !listener.heard(l)) {
        control.keep(l);
        interrupted = true;
      }
    }
    control.flush();
    return interrupted;
  }

  /**
   * At the end of what the client sends: true when it has given up rather than finished, which a
   * client that is ended, or aborts, shows by the control connection alone. Other commands come
   * after the transfer, not in it.
   */
  public boolean isGivenUp() {
    keepAll();
    return control.hasKept(ABORT) || control.hasEnded() && !endedBefore;
  }
}
