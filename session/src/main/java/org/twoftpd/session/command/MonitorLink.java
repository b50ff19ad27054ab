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
  private static final int SEND_WAIT_MILLIS = 2000;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final ChannelToMonitor channel;
  private final int portWaitMillis;
  private final int[] fds = new int[1];
  private final short[] events = new short[1];
  private int unanswered;
  private boolean alive = true;
  private boolean servingSent;
  private boolean moved;

  /** The monitor has asked for a sign of life. */
  private boolean owesAnswer;

  /** The monitor did not hear what was said last. */
  private boolean notHeard;

  private long unheardCount;

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
  public void reportServing() {
    if (alive) {
      try {
        boolean _ = sendServing();
      } catch (IOException e) {
        alive = false;
      }
    }
    // What came along with the assignment has been read, and no poll tells of it any more.
    answerReceived();
  }

  @Override
  public int questionFd() {
    return alive ? channel.number() : -1;
  }

  @Override
  public void answerQuestion() {
    try {
      alive = channel.receive();
    } catch (IOException | ProtocolViolation e) {
      // It is gone, and asks nobody any more.
      alive = false;
    }
    answerReceived();
  }

  @Override
  public void noteProgress() {
    moved = true;
  }

  /** Answers what has been read; only {@link #requestBoundSocket} waits for anything else. */
  private void answerReceived() {
    try {
      for (Message m = channel.next(); m != null; m = channel.next()) {
        if (!answerPing(m)) {
          discardLateAnswer(m);
        }
      }
    } catch (ProtocolViolation e) {
      alive = false;
    }
  }

  private boolean answerPing(Message m) {
    if (!(m instanceof SessionMessage.Ping)) {
      return false;
    }
    owesAnswer = true;
    try {
      boolean _ = alive && sendPong();
    } catch (IOException e) {
      alive = false;
    }
    return true;
  }

  /** The answer to a question for port 20 that nobody waits for any more. */
  private void discardLateAnswer(Message m) {
    unanswered--;
    if (m instanceof SessionMessage.PortGranted) {
      Native.close(channel.descriptor());
    }
  }

  /** Says how the session ended. */
  public void reportEnd(EndReason reason, long in, long out) {
    // There is no later time to say it.
    notHeard = false;
    sendOrCount(new SessionMessage.Ended(reason, in, out));
  }

  /** Has something logged. */
  public void report(SessionReport report) {
    sendOrCount(report);
  }

  /**
   * Says something, or counts what could not be said. A monitor that hears this session less fast
   * than it speaks is waited for, so that whoever has much done waits himself; one that hears
   * nothing is waited for once, so that no client waits for it for ever.
   */
  private void sendOrCount(Message m) {
    if (alive) {
      try {
        if (!sendServing() || !sendPong() || !sendUnheardCount() || !offerMessage(m)) {
          unheardCount++;
        }
      } catch (IOException e) {
        alive = false;
      }
    }
  }

  private boolean sendServing() throws IOException {
    servingSent = servingSent || offerMessage(new SessionMessage.Serving());
    return servingSent;
  }

  private boolean sendPong() throws IOException {
    if (owesAnswer && offerMessage(new SessionMessage.Pong(moved))) {
      owesAnswer = false;
      moved = false;
    }
    return !owesAnswer;
  }

  private boolean sendUnheardCount() throws IOException {
    if (unheardCount > 0 && offerMessage(new SessionMessage.Unheard(unheardCount))) {
      unheardCount = 0;
    }
    return unheardCount == 0;
  }

  private boolean offerMessage(Message m) throws IOException {
    notHeard = !channel.offer(m, notHeard ? 0 : SEND_WAIT_MILLIS);
    return !notHeard;
  }

  /**
   * A socket bound to port 20, or -1 when the monitor has none to give, or not within the time.
   * Each question has one answer, in their order: what comes late is the answer to an earlier one,
   * and is put away.
   */
  public int requestBoundSocket() {
    long deadline = System.nanoTime() + portWaitMillis * NANOS_PER_MILLI;
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
          if (Native.poll(fds, events, 1, (int) (left / NANOS_PER_MILLI) + 1) > 0) {
            alive = channel.receive();
          }
        } else if (!answerPing(m)) {
          if (unanswered == 1) {
            unanswered = 0;
            int fd = m instanceof SessionMessage.PortGranted ? channel.descriptor() : -1;
            answerReceived();
            return fd;
          }
          discardLateAnswer(m);
        }
      }
    } catch (IOException | ProtocolViolation e) {
      alive = false;
    }
    return -1;
  }
}
