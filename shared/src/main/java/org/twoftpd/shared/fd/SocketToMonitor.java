package org.twoftpd.shared.fd;

import java.io.IOException;
import java.util.Arrays;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.PollEvents;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.wire.Codec;
import org.twoftpd.shared.wire.IncomingMessages;
import org.twoftpd.shared.wire.Message;
import org.twoftpd.shared.wire.MessageType.Role;
import org.twoftpd.shared.wire.ProtocolViolation;

/**
 * A child's end, over recvmsg(2) and write(2). It needs no class but those of this project, since
 * every login pays for what a session loads.
 */
public final class SocketToMonitor implements ChannelToMonitor {
  private static final int ROOM_MILLIS = 5000;

  /**
   * poll(2) finds room in a socket when three quarters of it are free, write(2) when there is any.
   * So a monitor that reads slowly is noticed by trying again this often.
   */
  private static final int TRY_AGAIN_MILLIS = 50;

  private static final long MILLI = 1_000_000;
  private static final byte[] NONE = {};

  private final int fd;
  private final IncomingMessages inbox;
  private final byte[] buffer = new byte[16384];
  private final int[] descriptors = new int[1];
  private final int[] polled = new int[1];
  private final short[] events = new short[1];

  /** The message that goes out or went out last; some of it may be left to be written. */
  private byte[] frame = NONE;

  private int from;

  /**
   * @param fd this end, which becomes non-blocking and is closed with this channel
   * @param self the role of this process
   */
  public SocketToMonitor(int fd, Role self) {
    this.fd = fd;
    this.inbox = new IncomingMessages(Role.MONITOR, self);
    Native.setNonblocking(fd, true);
  }

  /**
   * {@inheritDoc} That while is five seconds: a monitor that takes nothing for so long is as good
   * as dead.
   */
  @Override
  public synchronized void send(Message message) throws IOException {
    if (!offer(message, ROOM_MILLIS) || from < frame.length) {
      throw new SystemCallException(Errno.EAGAIN);
    }
  }

  /** {@inheritDoc} A message that had room in part is finished before any other goes out. */
  @Override
  public synchronized boolean offer(Message message, int millis) throws IOException {
    long end = System.nanoTime() + millis * MILLI;
    if (from < frame.length && !writeFrame(end)) {
      return false;
    }
    frame = Codec.encode(message);
    from = 0;
    if (!writeFrame(end) && from == 0) {
      Arrays.fill(frame, (byte) 0);
      frame = NONE;
      return false;
    }
    return true;
  }

  /** Writes what is left of the message; false when there is no room for all of it by then. */
  private boolean writeFrame(long end) throws SystemCallException {
    while (from < frame.length) {
      int n = Native.write(fd, frame, from, frame.length - from);
      if (n >= 0) {
        from += n;
      } else if (n == -Errno.EAGAIN) {
        int left = (int) Math.max(0, (end - System.nanoTime() + MILLI - 1) / MILLI);
        polled[0] = fd;
        events[0] = PollEvents.POLLOUT;
        if (left == 0) {
          return false;
        }
        Native.poll(polled, events, 1, Math.min(left, TRY_AGAIN_MILLIS));
      } else if (n != -Errno.EINTR) {
        throw new SystemCallException(-n);
      }
    }
    // A message may hold a password.
    Arrays.fill(frame, (byte) 0);
    return true;
  }

  @Override
  public boolean receive() throws IOException, ProtocolViolation {
    return inbox.receive(fd, buffer, descriptors);
  }

  @Override
  public Message next() throws ProtocolViolation {
    return inbox.next();
  }

  @Override
  public int descriptor() {
    return inbox.descriptor();
  }

  @Override
  public int number() {
    return fd;
  }

  @Override
  public void close() {
    inbox.discard();
    Native.close(fd);
  }
}
