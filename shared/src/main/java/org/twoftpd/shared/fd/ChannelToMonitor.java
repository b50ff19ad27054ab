/*
 * Trusted with the wire between two of our processes: whole messages out, whole messages in, a descriptor beside a
 * message where its type says so.  It decides nothing.
 */
package org.twoftpd.shared.fd;

import java.io.IOException;
import org.twoftpd.shared.wire.Message;
import org.twoftpd.shared.wire.ProtocolViolation;

/**
 * One end of a socketpair between the monitor and a gate or a session. For one reading thread at a
 * time.
 */
public interface ChannelToMonitor {
  /**
   * Sends a message, with the descriptor when its type carries one. The caller's descriptor stays
   * open.
   *
   * @param descriptor -1 for none
   * @throws IOException when the peer is gone, or does not read: there is no waiting for room
   */
  void send(Message message, int descriptor) throws IOException;

  /** Sends a message that carries no descriptor. */
  default void send(Message message) throws IOException {
    send(message, -1);
  }

  /**
   * Sends a message that carries no descriptor, when there is room for it within that time.
   *
   * @return false when there is none; nothing of it has gone out then
   * @throws IOException when the peer is gone
   */
  default boolean offer(Message message, int millis) throws IOException {
    send(message);
    return true;
  }

  /**
   * Reads once what is there.
   *
   * @return false at the end of the stream
   * @throws ProtocolViolation when more came along than may
   */
  boolean receive() throws IOException, ProtocolViolation;

  /** The next whole message that {@link #receive} has brought, or null. */
  Message next() throws ProtocolViolation;

  /** The descriptor that came with the last message; the caller closes it. */
  int descriptor();

  /** The number to poll. */
  int number();

  /** Closes this end, and descriptors that nobody took. */
  void close();
}
