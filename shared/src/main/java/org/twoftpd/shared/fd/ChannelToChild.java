/*
 * Trusted with the monitor's line to one gate or session, and with the descriptors that go along it.  It waits for nobody:
 * messages that a child has no room for are kept, up to a bound.  A descriptor that comes from a child ends that child.
 */
package org.twoftpd.shared.fd;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.function.IntConsumer;
import org.newsclub.net.unix.AFUNIXSocketChannel;
import org.newsclub.net.unix.FileDescriptorCast;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.wire.Codec;
import org.twoftpd.shared.wire.IncomingMessages;
import org.twoftpd.shared.wire.Message;
import org.twoftpd.shared.wire.MessageType.Role;
import org.twoftpd.shared.wire.ProtocolViolation;

/**
 * The monitor's end of the socketpair to a child. Descriptors go along as junixsocket's ancillary
 * data. For one thread at a time.
 */
public final class ChannelToChild {
  /** Small, since each session has one: a larger message comes in several reads. */
  private static final int READ_BYTES = 4096;

  private static final int[] NO_DESCRIPTORS = {};

  private final AFUNIXSocketChannel channel;
  private final FileDescriptor descriptor;
  private final int number;
  private final int mostQueued;
  private final IncomingMessages inbox;
  private final byte[] buffer = new byte[READ_BYTES];
  private final ArrayDeque<Frame> queue = new ArrayDeque<>();
  private final IntConsumer closing;
  private boolean closed;

  /** A message that has not gone out whole, with a descriptor of its own or -1. */
  private static final class Frame {
    final byte[] bytes;
    int from;
    int descriptor;

    Frame(byte[] bytes, int from, int descriptor) {
      this.bytes = bytes;
      this.from = from;
      this.descriptor = descriptor;
    }

    void closeDescriptor(IntConsumer closing) {
      if (descriptor >= 0) {
        closing.accept(descriptor);
        descriptor = -1;
      }
    }
  }

  private ChannelToChild(
      AFUNIXSocketChannel channel, Role peer, int mostQueued, IntConsumer closing)
      throws IOException {
    this.closing = closing;
    this.channel = channel;
    this.descriptor = channel.getFileDescriptor();
    this.number = Native.number(descriptor);
    this.mostQueued = mostQueued;
    this.inbox = new IncomingMessages(peer, Role.MONITOR);
    channel.configureBlocking(false);
    Native.setNonblocking(number, true);
  }

  /**
   * Both ends of a new pair: the monitor's as a channel, the child's as a bare descriptor that the
   * caller closes.
   */
  public record Pair(ChannelToChild ours, int theirs) {}

  /**
   * Makes a socketpair to a child with the role {@code peer}.
   *
   * @param mostQueued how many messages may wait for a child that does not read
   */
  public static Pair pair(Role peer, int mostQueued) throws IOException {
    return pair(peer, mostQueued, Native::close);
  }

  /**
   * As {@link #pair(Role, int)}.
   *
   * @param closing closes descriptors that were sent and the monitor's end itself; a process that
   *     holds such a socket too can have the close wait
   */
  public static Pair pair(Role peer, int mostQueued, IntConsumer closing) throws IOException {
    // Not the library's own pair, which leaves two sockets open for good each time.
    int[] ends = new int[2];
    SystemCallException.check(Native.socketpair(ends));
    FileDescriptor ours = new FileDescriptor();
    Native.renumber(ours, ends[0]);
    try {
      AFUNIXSocketChannel channel = FileDescriptorCast.using(ours).as(AFUNIXSocketChannel.class);
      return new Pair(new ChannelToChild(channel, peer, mostQueued, closing), ends[1]);
    } catch (IOException e) {
      Native.renumber(ours, -1);
      Native.close(ends[0]);
      Native.close(ends[1]);
      throw e;
    }
  }

  /**
   * Sends a message, with a descriptor beside it when its type carries one. What there is no room
   * for is kept, with a copy of the descriptor, until {@link #flush}.
   *
   * @param fd stays the caller's and open; -1 for none
   * @throws IOException when the child is gone, or has too many messages waiting
   */
  public void send(Message message, int fd) throws IOException {
    byte[] bytes = Codec.encode(message);
    int from = queue.isEmpty() ? write(bytes, 0, fd) : 0;
    if (from == bytes.length) {
      Arrays.fill(bytes, (byte) 0);
      return;
    }
    if (queue.size() >= mostQueued) {
      throw new SystemCallException(Errno.EAGAIN);
    }
    // A descriptor goes with the first byte. By the time when there is room the caller's own may be
    // closed and its number another descriptor's, so a copy waits.
    int copy = fd < 0 || from > 0 ? -1 : SystemCallException.check(Native.duplicate(fd, 0));
    queue.add(new Frame(bytes, from, copy));
  }

  /** True when messages wait for room. */
  public boolean isFull() {
    return !queue.isEmpty();
  }

  /**
   * Sends the messages that wait, as far as there is room.
   *
   * @return true when something has gone out
   */
  public boolean flush() throws IOException {
    boolean moved = false;
    for (Frame f = queue.peek(); f != null; f = queue.peek()) {
      int n = write(f.bytes, f.from, f.descriptor);
      if (n == 0) {
        return moved;
      }
      moved = true;
      f.from += n;
      f.closeDescriptor(closing);
      if (f.from == f.bytes.length) {
        Arrays.fill(f.bytes, (byte) 0);
        queue.remove();
      }
    }
    return moved;
  }

  /** Writes as much as there is room for, and says how many bytes that was. */
  private int write(byte[] bytes, int from, int fd) throws IOException {
    int at = from;
    if (fd >= 0) {
      at += writeWith(fd, bytes, from);
      if (at == from) {
        return 0;
      }
    }
    while (at < bytes.length) {
      int n = Native.write(number, bytes, at, bytes.length - at);
      if (n == -Errno.EAGAIN) {
        break;
      }
      if (n != -Errno.EINTR) {
        at += SystemCallException.check(n);
      }
    }
    return at - from;
  }

  private int writeWith(int fd, byte[] bytes, int from) throws IOException {
    FileDescriptor carrier = new FileDescriptor();
    Native.renumber(carrier, fd);
    try {
      channel.setOutboundFileDescriptors(carrier);
      return channel.write(ByteBuffer.wrap(bytes, from, bytes.length - from));
    } finally {
      // A descriptor that found no room must not go along with a later message.
      channel.setOutboundFileDescriptors();
      Native.renumber(carrier, -1);
    }
  }

  /**
   * Reads once what is there, by recvmsg(2) itself: the library keeps descriptors that do not fit
   * open for good.
   *
   * @return false at the end of the stream
   * @throws ProtocolViolation when a descriptor came along: no child sends any
   */
  public boolean receive() throws IOException, ProtocolViolation {
    return inbox.receive(number, buffer, NO_DESCRIPTORS);
  }

  /** True when the last {@link #receive} filled its buffer, so that more may be there. */
  public boolean mayHaveMore() {
    return inbox.wasFull();
  }

  /** True when part of a message has come and its end has not, which should not last. */
  public boolean hasBegun() {
    return inbox.hasBegun();
  }

  /** The next whole message that {@link #receive} has brought, or null. */
  public Message next() throws ProtocolViolation {
    return inbox.next();
  }

  /** The number of this end, to be polled. */
  public int number() {
    return number;
  }

  /** Closes this end, and copies of descriptors that have not gone out. */
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    inbox.discard();
    queue.forEach(f -> f.closeDescriptor(closing));
    queue.clear();
    // The library's own close would shut the socket down for processes that still hold it.
    Native.renumber(descriptor, -1);
    closing.accept(number);
  }
}
