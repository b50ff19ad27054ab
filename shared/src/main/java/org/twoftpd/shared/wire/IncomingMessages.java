/*
 * Trusted to stand between a less trusted process and our own.  It takes bytes and descriptors as they come and gives
 * whole messages, or a violation.  It never waits, and holds at most one frame of the largest size allowed from that peer.
 */
package org.twoftpd.shared.wire;

import java.util.ArrayDeque;
import java.util.Arrays;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.wire.MessageType.Role;

/** What has come from one peer and is not yet handled. */
public final class IncomingMessages {
  private final Role from;
  private final Role to;
  private final ArrayDeque<Integer> descriptors = new ArrayDeque<>();
  private byte[] buffer = new byte[4096];
  private int start;
  private int end;
  private int descriptor = -1;
  private boolean full;

  /**
   * @param from who sends
   * @param to who we are
   */
  public IncomingMessages(Role from, Role to) {
    this.from = from;
    this.to = to;
  }

  /**
   * Reads once what is there.
   *
   * @param buffer to read into; overwritten again, since what comes may be a password
   * @param descriptors room for those that may come along; with none, any that comes is a violation
   * @return false at the end of the stream
   * @throws ProtocolViolation when more descriptors came than may
   */
  public boolean receive(int fd, byte[] buffer, int[] descriptors)
      throws SystemCallException, ProtocolViolation {
    int n = Native.recvmsg(fd, buffer, 0, buffer.length, descriptors);
    full = n == buffer.length;
    if (n == -Errno.EAGAIN || n == -Errno.EINTR) {
      return true;
    }
    if (n == -Errno.EMSGSIZE) {
      throw new ProtocolViolation("more descriptors came than any message carries");
    }
    if (n == -Errno.ECONNRESET) {
      // The peer has ended with something of ours unread.
      return false;
    }
    SystemCallException.check(n);
    if (descriptors.length > 0 && descriptors[0] >= 0) {
      putDescriptor(descriptors[0]);
    }
    put(buffer, n);
    Arrays.fill(buffer, 0, n, (byte) 0);
    return n > 0;
  }

  /** True when the last {@link #receive} has filled its buffer. */
  public boolean wasFull() {
    return full;
  }

  /** Adds the bytes that one read gave. */
  public void put(byte[] bytes, int length) {
    if (start > 0) {
      System.arraycopy(buffer, start, buffer, 0, end - start);
      // What was moved may have held a password.
      Arrays.fill(buffer, end - start, end, (byte) 0);
      end -= start;
      start = 0;
    }
    if (buffer.length - end < length) {
      byte[] larger = new byte[Math.max(2 * buffer.length, end + length)];
      System.arraycopy(buffer, 0, larger, 0, end);
      Arrays.fill(buffer, (byte) 0);
      buffer = larger;
    }
    System.arraycopy(bytes, 0, buffer, end, length);
    end += length;
  }

  /** Adds a descriptor that came with what one read gave. */
  public void putDescriptor(int fd) {
    descriptors.add(fd);
  }

  /** True when bytes of a message have come that {@link #next} has not given. */
  public boolean hasBegun() {
    return end > start;
  }

  /**
   * The next whole message, or null when more bytes are needed first.
   *
   * @throws ProtocolViolation when what has come cannot begin a message that this peer may send; no
   *     later call may follow
   */
  public Message next() throws ProtocolViolation {
    if (end - start < Codec.HEAD) {
      if (end == start && !descriptors.isEmpty()) {
        throw new ProtocolViolation("a descriptor came without a message that carries one");
      }
      return null;
    }
    int length = 0;
    for (int i = 0; i < 4; i++) {
      length = length << 8 | buffer[start + i] & 0xff;
    }
    MessageType type = MessageType.of(buffer[start + 5] & 0xff);
    if (buffer[start + 4] != Codec.VERSION || type == null) {
      throw new ProtocolViolation("a message of no known kind");
    }
    if (type.from() != from || type.to() != to) {
      throw new ProtocolViolation(type + " is not for this peer to send");
    }
    if (length < 2 || length - 2 > type.largest()) {
      throw new ProtocolViolation(type + " is larger than allowed");
    }
    if (end - start < 4 + length) {
      return null;
    }
    Message message = Codec.decode(type, buffer, start + Codec.HEAD, start + 4 + length);
    Arrays.fill(buffer, start, start + 4 + length, (byte) 0);
    start += 4 + length;
    if (type.carriesDescriptor()) {
      Integer fd = descriptors.poll();
      if (fd == null) {
        throw new ProtocolViolation(type + " came without its descriptor");
      }
      keepDescriptor(fd);
    }
    return message;
  }

  private void keepDescriptor(int fd) {
    if (descriptor >= 0) {
      Native.close(descriptor);
    }
    descriptor = fd;
  }

  /**
   * The descriptor of the message that {@link #next} gave last; it is now the caller's to close.
   */
  public int descriptor() {
    int fd = descriptor;
    descriptor = -1;
    return fd;
  }

  /** Closes the descriptors that nobody took, and overwrites what was not handled. */
  public void discard() {
    keepDescriptor(-1);
    for (int fd : descriptors) {
      Native.close(fd);
    }
    descriptors.clear();
    Arrays.fill(buffer, (byte) 0);
  }
}
