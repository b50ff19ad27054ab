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
 * Waits for a data descriptor and for commands at the same time, by these rules:
 *
 * <ul>
 *   <li>ABOR interrupts the transfer wherever it stands among the commands, and every transfer that
 *       the client asked for before that ABOR.
 *   <li>Every other command waits for the end of the transfer, unless the {@link Listener} answers
 *       it at once and no other command waits before it. Then the session carries them out in the
 *       order in which the client sent them. Commands beyond what a session keeps stay unread; the
 *       session learns of an ABOR behind them by its urgent data only.
 *   <li>A client that ends its sending after QUIT, or before the transfer began, has said
 *       everything and may still read. At any other time such an end is a hang-up, and so is a
 *       connection that breaks.
 *   <li>A hang-up interrupts a download at once. It leaves an upload a few seconds of grace, since
 *       some devices close both connections without waiting for a reply. The session then still
 *       takes the bytes that have arrived, since they may be the whole file on its way to a slow
 *       disk.
 * </ul>
 */
public final class TransferWait {
  /** Tells what ended a wait. */
  public enum Outcome {
    /** The descriptor is ready or has failed. */
    READY,
    /** The deadline passed. */
    TIMED_OUT,
    /** ABOR came, the client has gone, or the session's time is over. */
    INTERRUPTED
  }

  /** Sees the commands that come during a transfer. */
  public interface Listener {
    /**
     * Answers {@code line} if it can be answered during a transfer. Called only when no earlier
     * command waits.
     *
     * @return false when the line has to wait for the end of the transfer
     */
    boolean answerAtOnce(CommandLine line) throws ConnectionEnded;
  }

  private static final long NANOS_PER_MILLI = 1_000_000L;

  /**
   * This time is enough for what a client's kernel still holds after the client has closed
   * everything.
   */
  private static final long GRACE_NANOS = 5_000_000_000L;

  /**
   * An upload may still take so many bytes after that time: more than a socket holds, so that no
   * upload that has arrived is cut, and few enough that a client cannot go on for long.
   */
  private static final long BYTES_AFTER_GRACE = 8L << 20;

  private static final String ABORT = "ABOR";
  private static final String QUIT = "QUIT";

  /** Telnet's urgent data (RFC 854) tells that an ABOR stands behind the unread commands. */
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
   * Begins to wait for one transfer.
   *
   * @param keepAlive answers the monitor meanwhile
   * @param storing whether the client sends the file
   * @param sessionDeadline when the session ends, on System.nanoTime's clock; Long.MAX_VALUE for
   *     never
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

  /** Counts bytes that the transfer has moved. */
  void countBytes(long bytes) {
    if (graceOver) {
      bytesLeftAfterGrace -= bytes;
    }
    keepAlive.noteProgress();
  }

  /** Returns whether the session has looked for the commands that the client sent ahead. */
  boolean hasLookedForCommands() {
    return lookedForCommands;
  }

  /** Writes out the replies that are held. An upload goes on when nobody reads them. */
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
   * Waits until {@code fd} is ready, and serves the control connection meanwhile.
   *
   * @param what {@link Readiness#READ} or {@link Readiness#WRITE}
   * @param deadline when to give up, on System.nanoTime's clock
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
   * Answers the questions that came before the transfer began, as {@link #readCommands} does with
   * later ones. A question that stayed here would hold back every question behind it.
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

  /** Returns whether bytes are ready that the upload may still take, now that the grace is over. */
  private boolean hasArrivedBytes(int fd, short what) {
    graceOver = true;
    return bytesLeftAfterGrace > 0 && pollDescriptors(fd, what, 0) && events[1] != 0;
  }

  private boolean pollDescriptors(int fd, short what, int millis) {
    // A client that has hung up sends nothing more, and poll(2) would return at once for ever.
    fds[0] = hungUp ? -1 : control.fd();
    // With no event asked for, poll(2) still tells of a connection that has broken.
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
    // After an interruption poll(2) has not written the array, so it still holds the questions.
    events[0] = 0;
    events[1] = 0;
    return false;
  }

  /**
   * Reads the commands that the control connection has.
   *
   * @return false when Telnet's signal has come instead
   */
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

  /** Returns false when ABOR waits, or when the client of a download has hung up. */
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

  /**
   * Returns how many nanoseconds are left to the session, or to the grace after a hang-up when that
   * is shorter.
   */
  private long remainingTime(long now) {
    long session = remainingSessionTime(now);
    return hungUp ? Math.min(session, graceEnds - now) : session;
  }

  private long remainingSessionTime(long now) {
    return sessionDeadline == Long.MAX_VALUE ? Long.MAX_VALUE : sessionDeadline - now;
  }

  /**
   * Returns whether the client has sent ABOR. Asked at the end of an upload, since a client may
   * abort one by closing the data connection and saying ABOR on the control connection.
   */
  public boolean checkAborted() {
    keepSentCommands();
    return control.keptCommands().contains(ABORT);
  }
}
