/*
 * Trusted to tell the monitor what the log must show, or how many reports were lost.
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

/**
 * A monitor link is the session's end of its line to the monitor. Nothing depends on it: when the
 * monitor is gone, the session goes on without it.
 */
public final class MonitorLink implements KeepAlive {
  private static final int PORT_WAIT_MILLIS = 5000;
  private static final int SEND_WAIT_MILLIS = 2000;

  /**
   * A monitor that holds a session back hears one message every 20 ms, and some hundred of them may
   * be there already.
   */
  private static final int END_WAIT_MILLIS = 20_000;

  private static final long NANOS_PER_MILLI = 1_000_000;

  private final ChannelToMonitor channel;
  private final int portWaitMillis;
  private final int[] fds = new int[1];
  private final short[] events = new short[1];
  private int unanswered;
  private boolean alive = true;
  private boolean servingSent;
  private boolean progressMade;

  /** The monitor has asked whether this process is alive, and has no answer yet. */
  private boolean owesAnswer;

  /** The monitor had no room for the last message. */
  private boolean notHeard;

  private long unheardCount;
  private int sendWaitMillis = SEND_WAIT_MILLIS;

  /**
   * @param channel the socket to the monitor
   */
  public MonitorLink(ChannelToMonitor channel) {
    this(channel, PORT_WAIT_MILLIS);
  }

  MonitorLink(ChannelToMonitor channel, int portWaitMillis) {
    this.channel = channel;
    this.portWaitMillis = portWaitMillis;
  }

  /**
   * Reports that the session serves. This must come before every other message, since until then
   * the monitor takes nothing.
   */
  public void reportServing() {
    if (alive) {
      try {
        boolean _ = sendServing();
      } catch (IOException e) {
        alive = false;
      }
    }
    // A message that came together with the assignment has been read already, so poll(2) does not
    // tell of it.
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
      // The monitor is gone, and asks nobody any more.
      alive = false;
    }
    answerReceived();
  }

  @Override
  public void noteProgress() {
    progressMade = true;
  }

  /**
   * Answers the monitor's questions among the messages that have been read. Every other message is
   * a late answer to a request for port 20, since only {@link #requestBoundSocket} waits for one.
   */
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

  /** Discards the answer to a request for port 20 for which nobody waits any more. */
  private void discardLateAnswer(Message m) {
    unanswered--;
    if (m instanceof SessionMessage.PortGranted) {
      Native.close(channel.descriptor());
    }
  }

  /** Reports how the session ended. */
  public void reportEnd(EndReason reason, long in, long out) {
    // This is the last message, so it is worth another wait. Without it the log would say that the
    // session has died.
    notHeard = false;
    sendWaitMillis = END_WAIT_MILLIS;
    sendOrCount(new SessionMessage.Ended(reason, in, out));
  }

  /** Has a report written to the log. */
  public void report(SessionReport report) {
    sendOrCount(report);
  }

  /**
   * Sends a message, or counts it when it cannot be sent. The session waits for a monitor that
   * reads more slowly than it reports, so that a client that causes many reports waits itself. It
   * waits only once for a monitor that does not read at all, so that no client waits for ever.
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
    if (owesAnswer && offerMessage(new SessionMessage.Pong(progressMade))) {
      owesAnswer = false;
      progressMade = false;
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
    notHeard = !channel.offer(m, notHeard ? 0 : sendWaitMillis);
    return !notHeard;
  }

  /**
   * Asks the monitor for a socket bound to port 20. Each request has one answer, and the answers
   * come in the order of the requests. So while more than one is missing, the next one belongs to
   * an earlier request, and is discarded.
   *
   * @return a descriptor; -1 when the monitor refuses, or does not answer in time
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
