package org.twoftpd.monitor.process;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.twoftpd.monitor.loop.EventLoop;
import org.twoftpd.shared.fd.ChannelToChild;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.wire.Message;

/**
 * The messages to one child: those that wait until there is a process, those that wait until the
 * process takes them, and the time after which one that takes none is given up.
 */
final class ChildOutbox {
  /** A child is given up that has taken nothing for so long, though something waits for it. */
  private static final long FULL_MILLIS = 10_000;

  private final EventLoop loop;
  private final ChannelToChild channel;
  private final Child.Owner owner;
  private final Consumer<String> violator;

  /** Messages that were sent before there was a process; null from then on. */
  private ArrayDeque<Message> kept = new ArrayDeque<>();

  /** Messages wait until the child takes them. */
  private boolean full;

  private long takenAt;
  private EventLoop.Timer fullTimer;
  private boolean closed;

  /**
   * @param violator ends the child, for a reason that is given
   */
  ChildOutbox(
      EventLoop loop, ChannelToChild channel, Child.Owner owner, Consumer<String> violator) {
    this.loop = loop;
    this.channel = channel;
    this.owner = owner;
    this.violator = violator;
  }

  /** Sends what was to be sent before there was a process. */
  void sendKept() {
    ArrayDeque<Message> messages = kept;
    kept = null;
    for (Message m : messages) {
      send(m, -1);
    }
  }

  /** The channel is closed: nothing waits any more. */
  void close() {
    closed = true;
    if (fullTimer != null) {
      fullTimer.cancel();
    }
  }

  /** Sends a message, now or when the child takes it. */
  void send(Message message, int descriptor) {
    if (closed) {
      return;
    }
    if (kept != null) {
      kept.add(message);
      return;
    }
    try {
      channel.send(message, descriptor);
      if (channel.isFull() && !full) {
        becomeFull();
      }
    } catch (IOException e) {
      handleSendError(e);
    }
  }

  private void becomeFull() throws SystemCallException {
    loop.watchWritable(channel.number(), this::sendWaiting);
    full = true;
    takenAt = System.nanoTime();
    if (fullTimer == null) {
      fullTimer = loop.runAfter(FULL_MILLIS, this::checkTaken);
    }
    owner.full();
  }

  private void sendWaiting() {
    try {
      if (channel.flush()) {
        takenAt = System.nanoTime();
      }
      if (!channel.isFull()) {
        loop.unwatchWritable(channel.number());
        full = false;
        owner.drained();
      }
    } catch (IOException e) {
      handleSendError(e);
    } catch (RuntimeException e) {
      violator.accept("fault in writing to it: " + e);
    }
  }

  private void handleSendError(IOException e) {
    if (e instanceof SystemCallException s && s.errno() == Errno.EPIPE) {
      // The child has closed its line, or ended: what it said before is still to be heard.
      return;
    }
    // The library's exceptions need not say anything but their names.
    String why = e.getMessage();
    violator.accept(
        "does not take messages: " + (why == null ? e.getClass().getSimpleName() : why));
  }

  private void checkTaken() {
    fullTimer = null;
    if (full && !closed) {
      // poll(2) finds room in a socket when three quarters of it are free; a child that reads
      // slowly has made room before.
      sendWaiting();
    }
    if (!full || closed) {
      return;
    }
    long left = FULL_MILLIS - (System.nanoTime() - takenAt) / 1_000_000;
    if (left > 0) {
      fullTimer = loop.runAfter(left, this::checkTaken);
    } else {
      violator.accept("has read nothing for " + FULL_MILLIS / 1000 + " s");
    }
  }
}
