/*
 * Trusted to keep an ear on the control connection while a data connection is busy.
 */
package org.twoftpd.session.data;

import org.twoftpd.session.control.CommandLine;
import org.twoftpd.session.control.ConnectionEnded;
import org.twoftpd.session.control.ControlConnection;
import org.twoftpd.session.control.KeepAlive;
import org.twoftpd.session.control.Readiness;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.PollEvents;
import org.twoftpd.shared.wire.EndReason;

/**
 * Waits for a data descriptor and for commands at once. The rule:
 *
 * <ul>
 *   <li>ABOR interrupts wherever it stands: the transfer that is going on, and every one that was
 *       sent between that and the ABOR.
 *   <li>Every other command waits for the end of the transfer, unless the {@link Listener} deals
 *       with it and no other waits before it. Then all are carried out in the order in which they
 *       were sent. Those that are more than a session keeps wait unread; an ABOR behind them is
 *       heard by its urgent data only.
 *   <li>A client that ends its sending after QUIT, or before the transfer began, has said all and
 *       may still read. At any other time that is a hang-up, and so is a connection that breaks.
 *   <li>A hang-up interrupts what is sent to the client. To what comes from it a moment is left,
 *       since devices end both connections without waiting for a reply; and what has arrived by
 *       then is taken, since it may be all there is, on a disk that is slow to write it.
 * </ul>
 */
public final class TransferWait {
  /** What ended a wait. */
  public enum Outcome {
    /** The descriptor is ready, or has failed. */
    READY,
    /** Nothing happened for as long as it may. */
    TIMED_OUT,
    /** ABOR came, the client has gone, or the session's time is over. */
    INTERRUPTED
  }

  /** Sees the commands that come during a transfer. */
  public interface Listener {
    /**
     * True when {@code line} has been dealt with; else it waits for its turn. Told only of a line
     * whose turn it is.
     */
    boolean answerAtOnce(CommandLine line) throws ConnectionEnded;
  }

  private static final long NANOS_PER_MILLI = 1_000_000L;

  /** Covers what a client's kernel still holds when the client has closed everything. */
  private static final long GRACE_NANOS = 5_000_000_000L;

  /**
   * How much is taken after that moment: more than a socket holds, so that no upload that has
   * arrived is cut, and not so much that a client can go on for long.
   */
  private static final long BYTES_AFTER_GRACE = 8L << 20;

  private static final String ABORT = "ABOR";
  private static final String QUIT = "QUIT";

  /** Telnet's urgent data (RFC 854), which tells of an ABOR behind the rest. */
  private static final short URGENT = PollEvents.POLLPRI;

  private final ControlConnection control;
  private final Listener listener;
  private final boolean storing;
  private final long sessionDeadline;
  private boolean lookedForCommands;
  private boolean endedBeforeTransfer;
  private boolean hungUp;
  private long graceEnds;
  private boolean graceOver;
  private long bytesLeftAfterGrace = BYTES_AFTER_GRACE;
  private final KeepAlive keepAlive;
  private final int[] fds = new int[3];
  private final short[] events = new short[3];

  /**
   * To be made when the transfer begins.
   *
   * @param keepAlive is answered meanwhile
   * @param storing whether the client sends
   * @param sessionDeadline on System.nanoTime's clock, Long.MAX_VALUE for none
   */
  public TransferWait(
      ControlConnection control,
      Listener listener,
      KeepAlive keepAlive,
      boolean storing,
      long sessionDeadline) {
    this.control = control;
    this.keepAlive = keepAlive;
    this.listener = listener;
    this.storing = storing;
    this.sessionDeadline = sessionDeadline;
    this.endedBeforeTransfer = control.hasInputEnded();
    keepReadCommands();
  }

  private void keepSentCommands() {
    if (control.wantsBytes()) {
      control.readOnce();
    }
    keepReadCommands();
  }

  private void keepReadCommands() {
    for (CommandLine l = control.nextReadCommand(); l != null; l = control.nextReadCommand()) {
      control.keptCommands().add(l);
    }
  }

  /** So many bytes have gone over. */
  void countBytes(long bytes) {
    if (graceOver) {
      bytesLeftAfterGrace -= bytes;
    }
    keepAlive.noteProgress();
  }

  /** True when what was sent ahead is known: the control connection has been looked at. */
  boolean hasLookedForCommands() {
    return lookedForCommands;
  }

  /** Writes out the replies that are held; that nobody reads them ends no upload. */
  public void flush() throws ConnectionEnded {
    try {
      control.flush();
    } catch (ConnectionEnded e) {
      if (!storing || e.reason() != EndReason.CLOSED) {
        throw e;
      }
    }
  }

  /**
   * Waits for {@code fd}.
   *
   * @param what {@link Readiness#READ} or {@link Readiness#WRITE}
   * @param deadline on System.nanoTime's clock
   */
  public Outcome await(int fd, short what, long deadline) throws ConnectionEnded {
    flush();
    if (!lookedForCommands) {
      lookedForCommands = true;
      boolean ready = pollDescriptors(fd, what, 0);
      if (events[0] != 0) {
        keepSentCommands();
        endedBeforeTransfer = control.hasInputEnded();
      }
      if (ready && events[1] != 0 && mayContinue()) {
        return Outcome.READY;
      }
    }
    answerKept();
    while (mayContinue()) {
      long now = System.nanoTime();
      long left = deadline - now;
      long cut = remainingTime(now);
      if (Math.min(left, cut) <= 0) {
        if (left > 0 && remainingSessionTime(now) > 0 && hasArrivedBytes(fd, what)) {
          return Outcome.READY;
        }
        return cut <= left ? Outcome.INTERRUPTED : Outcome.TIMED_OUT;
      }
      long millis = Math.min(left, cut) / NANOS_PER_MILLI + 1;
      if (!pollDescriptors(fd, what, (int) Math.min(millis, Integer.MAX_VALUE))) {
        continue;
      }
      if (events[0] != 0 && !readCommands()) {
        break;
      }
      if (events[1] != 0 && mayContinue()) {
        return Outcome.READY;
      }
    }
    return Outcome.INTERRUPTED;
  }

  /**
   * Deals with questions that came before the transfer had begun, as {@link #readCommands} does
   * with later ones: kept, they would hold back every question behind them.
   */
  private void answerKept() throws ConnectionEnded {
    boolean answered = false;
    CommandLine l = control.keptCommands().first();
    while (l != null && listener.answerAtOnce(l)) {
      answered = true;
      control.keptCommands().removeFirst();
      l = control.keptCommands().first();
    }
    if (answered) {
      flush();
    }
  }

  /** After the moment that follows a hang-up: true when bytes lie ready that may still be taken. */
  private boolean hasArrivedBytes(int fd, short what) {
    graceOver = true;
    return bytesLeftAfterGrace > 0 && pollDescriptors(fd, what, 0) && events[1] != 0;
  }

  private boolean pollDescriptors(int fd, short what, int millis) {
    // Of a client that has hung up there is nothing more to hear, and poll would say so at once.
    fds[0] = hungUp ? -1 : control.fd();
    // Without any event asked for, a connection that has broken is still told.
    events[0] = control.wantsBytes() ? Readiness.READ : control.hasInputEnded() ? 0 : URGENT;
    fds[1] = fd;
    events[1] = what;
    fds[2] = keepAlive.questionFd();
    events[2] = Readiness.READ;
    if (Native.poll(fds, events, 3, millis) > 0) {
      if (events[2] != 0) {
        keepAlive.answerQuestion();
      }
      return true;
    }
    // Interrupted, it has left in them what was asked for.
    events[0] = 0;
    events[1] = 0;
    return false;
  }

  /** Takes what the control connection has; false when that is Telnet's signal. */
  private boolean readCommands() throws ConnectionEnded {
    if (!control.wantsBytes()) {
      if ((events[0] & URGENT) != 0) {
        return false;
      }
      noteHangUp();
      return true;
    }
    control.readOnce();
    for (CommandLine l = control.nextReadCommand(); l != null; l = control.nextReadCommand()) {
      if (!control.keptCommands().isEmpty() || !listener.answerAtOnce(l)) {
        control.keptCommands().add(l);
      }
    }
    flush();
    return true;
  }

  /** False when the client wants no more of the transfer. */
  private boolean mayContinue() {
    boolean ended =
        control.hasInputEnded() && !endedBeforeTransfer && !control.keptCommands().contains(QUIT);
    if (ended || control.isBroken()) {
      noteHangUp();
    }
    return !control.keptCommands().contains(ABORT) && (storing || !hungUp);
  }

  private void noteHangUp() {
    if (!hungUp) {
      hungUp = true;
      graceEnds = System.nanoTime() + GRACE_NANOS;
    }
  }

  /** How long the session's time, or the moment after a hang-up, lasts. */
  private long remainingTime(long now) {
    long session = remainingSessionTime(now);
    return hungUp ? Math.min(session, graceEnds - now) : session;
  }

  private long remainingSessionTime(long now) {
    return sessionDeadline == Long.MAX_VALUE ? Long.MAX_VALUE : sessionDeadline - now;
  }

  /**
   * At the end of what the client sends: true when it aborts, as it may by ending the data
   * connection and saying so on the control connection.
   */
  public boolean checkAborted() {
    keepSentCommands();
    return control.keptCommands().contains(ABORT);
  }
}
