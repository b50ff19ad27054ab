/*
 * Trusted with descriptors on their way between monitor, gate and session.  Descriptors that come along and were not
 * expected are closed and end the peer.
 */
package org.twoftpd.shared.fd;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.newsclub.net.unix.AFSocketPair;
import org.newsclub.net.unix.AFUNIXSocketChannel;
import org.newsclub.net.unix.AFUNIXSocketPair;
import org.newsclub.net.unix.FileDescriptorCast;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.wire.Codec;
import org.twoftpd.shared.wire.Inbox;
import org.twoftpd.shared.wire.Message;
import org.twoftpd.shared.wire.MessageType.Role;
import org.twoftpd.shared.wire.ProtocolViolation;

/**
 * A channel over junixsocket's ancillary data, for the processes that live long: monitor and gate.
 */
public final class JunixChannel implements MessageChannel {
  private static final short POLLOUT = 4;
  private static final int ROOM_MILLIS = 5000;

  /** One for each session, so small: what is larger comes in several reads. */
  private static final int READ_BYTES = 4096;

  private final AFUNIXSocketChannel channel;
  private final FileDescriptor descriptor;
  private final int number;
  private final Inbox inbox;
  private final byte[] buffer = new byte[READ_BYTES];
  private final int[] came;
  private final boolean mayWait;
  private boolean closed;

  private JunixChannel(AFUNIXSocketChannel channel, Role self, Role peer) throws IOException {
    this.channel = channel;
    this.descriptor = channel.getFileDescriptor();
    this.number = Native.number(descriptor);
    this.inbox = new Inbox(peer, self);
    channel.configureBlocking(false);
    Native.setNonblocking(number, true);
    this.came = new int[self == Role.MONITOR ? 0 : 1];
    this.mayWait = self != Role.MONITOR;
  }

  /**
   * Both ends of a new pair: the monitor's as a channel, the child's as a bare descriptor that the
   * caller closes.
   */
  public record Pair(MessageChannel ours, int theirs) {}

  /** A socketpair to a child that plays {@code peer}. */
  public static Pair pair(Role peer) throws IOException {
    AFSocketPair<AFUNIXSocketChannel> p = AFUNIXSocketPair.open();
    AFUNIXSocketChannel child = p.getSocket2();
    int theirs = Native.number(child.getFileDescriptor());
    // The library's close would shut the pair down; the bare descriptor is ours from here on.
    Native.renumber(child.getFileDescriptor(), -1);
    return new Pair(new JunixChannel(p.getSocket1(), Role.MONITOR, peer), theirs);
  }

  /** This process's descriptor 0, as the child that plays {@code self}. */
  public static MessageChannel fromDescriptorZero(Role self) throws IOException {
    AFUNIXSocketChannel c =
        FileDescriptorCast.using(FileDescriptor.in).as(AFUNIXSocketChannel.class);
    return new JunixChannel(c, self, Role.MONITOR);
  }

  @Override
  public synchronized void send(Message message, int descriptor) throws IOException {
    byte[] frame = Codec.encode(message);
    FileDescriptor carrier = new FileDescriptor();
    try {
      if (descriptor >= 0) {
        Native.renumber(carrier, descriptor);
        channel.setOutboundFileDescriptors(carrier);
      }
      ByteBuffer rest = ByteBuffer.wrap(frame);
      channel.write(rest);
      while (rest.hasRemaining()) {
        // A child may wait for the monitor, which reads all the time; the monitor waits for nobody.
        if (!mayWait
            || Native.poll(new int[] {number}, new short[] {POLLOUT}, 1, ROOM_MILLIS) == 0) {
          throw new SystemCallException(Errno.EAGAIN);
        }
        channel.write(rest);
      }
    } finally {
      Native.renumber(carrier, -1);
      Arrays.fill(frame, (byte) 0);
    }
  }

  /**
   * By recvmsg(2) itself: the library keeps descriptors that do not fit open for good. The monitor
   * is sent none at all, so that one that comes is a violation.
   */
  @Override
  public boolean receive() throws IOException, ProtocolViolation {
    return inbox.receive(number, buffer, came);
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
    return number;
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    inbox.discard();
    // Raw, since the library's own close shuts the socket down under processes that still hold it.
    Native.renumber(descriptor, -1);
    Native.close(number);
  }
}
