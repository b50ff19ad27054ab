package org.twoftpd.shared.wire;

/**
 * One message between the monitor and a gate or a session. Everything that one process can make
 * another do is in the two kinds; the numbers, the sizes and who says what are in {@link
 * MessageType}.
 */
public sealed interface Message permits GateMessage, SessionMessage, TlsMessage {
  /** Which kind it is. */
  MessageType type();
}
