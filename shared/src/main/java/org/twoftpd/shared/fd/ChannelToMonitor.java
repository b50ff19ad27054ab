/*
 * Trusted with what a gate or a session tells the monitor and hears from it: whole messages, and a descriptor beside a
 * message that comes from the monitor when its type says so.
 */
package org.twoftpd.shared.fd;

import java.io.IOException;
import org.twoftpd.shared.wire.Message;
import org.twoftpd.shared.wire.ProtocolViolation;

/**
 * A child's end of the socketpair that the monitor has made for it. What a child sends carries no
 * descriptor: there is no way to give one. One thread reads; any thread may send.
 */
public interface ChannelToMonitor {
  /**
   * Sends a message, after waiting for room for a while.
   *
   * @throws IOException when the monitor is gone, or takes nothing for that long
   */
  void send(Message message) throws IOException;

  /**
   * Sends a message when there is room for it within that time.
   *
   * @return false when there is none; nothing of the message has gone out then
   * @throws IOException when the monitor is gone
   */
  default boolean offer(Message message, int millis) throws IOException {
    send(message);
    return true;
  }

  /**
   * Reads once what is there.
   *
   * @return false at the end of the stream
   * @throws ProtocolViolation when more descriptors came along than may
   */
  boolean receive() throws IOException, ProtocolViolation;

  /** The next whole message that {@link #receive} has brought, or null. */
  Message next() throws ProtocolViolation;

  /** The descriptor that came with the last message, or -1; the caller closes it. */
  int descriptor();

  /** The number of this end, to be polled. */
  int number();

  /** Closes this end, and descriptors that nobody took. */
  void close();
}
