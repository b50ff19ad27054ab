/*
 * Trusted to tell the monitor what is worth a line in the log, or how much it could not tell; and nothing depends on it:
 * when the monitor is gone, the session goes on without.
 */
package org.twoftpd.session.command;

import java.io.IOException;
import org.twoftpd.session.control.KeepAlive;
import org.twoftpd.session.control.Readiness;
import org.twoftpd.shared.fd.ChannelToMonitor;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.wire.EndReason;
import org.twoftpd.shared.wire.Message;
import org.twoftpd.shared.wire.ProtocolViolation;
import org.twoftpd.shared.wire.SessionMessage;
import org.twoftpd.shared.wire.SessionReport;

/** The session's end of its line to the monitor. */
public final class MonitorLink implements KeepAlive {
  private static final int PORT_WAIT_MILLIS = 5000;
  private static final int ROOM_MILLIS = 2000;
  private static final long MILLI = 1_000_000;

  private final ChannelToMonitor channel;
  private final int portWaitMillis;
  private final int[] fds = new int[1];
  private final short[] events = new short[1];
  private int unanswered;
  private boolean alive = true;
  private boolean told;
  private boolean moved;

  /** The monitor has asked for a sign of life. */
  private boolean owesAnswer;

  /** The monitor did not hear what was said last. */
  private boolean stuck;

  private long unheard;

  /**
   * @param channel to the monitor
   */
  public MonitorLink(ChannelToMonitor channel) {
    this(channel, PORT_WAIT_MILLIS);
  }

  MonitorLink(ChannelToMonitor channel, int portWaitMillis) {
    this.channel = channel;
    this.portWaitMillis = portWaitMillis;
  }

  /**
   * Says that the session serves; before anything else that it says, since until then the monitor
   * takes nothing.
   */
  public void serving() {
    if (alive) {
      try {
        boolean _ = saysServing();
      } catch (IOException e) {
        alive = false;
      }
    }
    // What came along with the assignment has been read, and no poll tells of it any more.
    take();
  }

  @Override
  public int fd() {
    return alive ? channel.number() : -1;
  }

  @Override
  public void answer() {
    try {
      alive = channel.receive();
    } catch (IOException | ProtocolViolation e) {
      // It is gone, and asks nobody any more.
      alive = false;
    }
    take();
  }

  @Override
  public void moved() {
    moved = true;
  }

  /** Answers what has been read; only {@link #boundSocket} waits for anything else. */
  private void take() {
    try {
      for (Message m = channel.next(); m != null; m = channel.next()) {
        if (!isAnswered(m)) {
          putAway(m);
        }
      }
    } catch (ProtocolViolation e) {
      alive = false;
    }
  }

  private boolean isAnswered(Message m) {
    if (!(m instanceof SessionMessage.Ping)) {
      return false;
    }
    owesAnswer = true;
    try {
      boolean _ = alive && saysPong();
    } catch (IOException e) {
      alive = false;
    }
    return true;
  }

  /** The answer to a question for port 20 that nobody waits for any more. */
  private void putAway(Message m) {
    unanswered--;
    if (m instanceof SessionMessage.PortGranted) {
      Native.close(channel.descriptor());
    }
  }

  /** Says how the session ended. */
  public void ended(EndReason reason, long in, long out) {
    // There is no later time to say it.
    stuck = false;
    tell(new SessionMessage.Ended(reason, in, out));
  }

  /** Has something logged. */
  public void report(SessionReport report) {
    tell(report);
  }

  /**
   * Says something, or counts what could not be said. A monitor that hears this session less fast
   * than it speaks is waited for, so that whoever has much done waits himself; one that hears
   * nothing is waited for once, so that no client waits for it for ever.
   */
  private void tell(Message m) {
    if (alive) {
      try {
        if (!saysServing() || !saysPong() || !saysUnheard() || !says(m)) {
          unheard++;
        }
      } catch (IOException e) {
        alive = false;
      }
    }
  }

  private boolean saysServing() throws IOException {
    told = told || says(new SessionMessage.Serving());
    return told;
  }

  private boolean saysPong() throws IOException {
    if (owesAnswer && says(new SessionMessage.Pong(moved))) {
      owesAnswer = false;
      moved = false;
    }
    return !owesAnswer;
  }

  private boolean saysUnheard() throws IOException {
    if (unheard > 0 && says(new SessionMessage.Unheard(unheard))) {
      unheard = 0;
    }
    return unheard == 0;
  }

  private boolean says(Message m) throws IOException {
    stuck = !channel.offer(m, stuck ? 0 : ROOM_MILLIS);
    return !stuck;
  }

  /**
   * A socket bound to port 20, or -1 when the monitor has none to give, or not within the time.
   * Each question has one answer, in their order: what comes late is the answer to an earlier one,
   * and is put away.
   */
  public int boundSocket() {
    long deadline = System.nanoTime() + portWaitMillis * MILLI;
    try {
      if (!alive || !channel.offer(new SessionMessage.PortRequest(), portWaitMillis)) {
        return -1;
      }
      unanswered++;
      while (alive) {
        Message m = channel.next();
        if (m == null) {
          long left = deadline - System.nanoTime();
          if (left <= 0) {
            return -1;
          }
          fds[0] = channel.number();
          events[0] = Readiness.READ;
          if (Native.poll(fds, events, 1, (int) (left / MILLI) + 1) > 0) {
            alive = channel.receive();
          }
        } else if (!isAnswered(m)) {
          if (unanswered == 1) {
            unanswered = 0;
            int fd = m instanceof SessionMessage.PortGranted ? channel.descriptor() : -1;
            take();
            return fd;
          }
          putAway(m);
        }
      }
    } catch (IOException | ProtocolViolation e) {
      alive = false;
    }
    return -1;
  }
}
