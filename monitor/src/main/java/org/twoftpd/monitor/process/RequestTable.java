/*
 * Trusted to be the whole of what a less trusted process may ask of the monitor: a message that no row allows in the
 * peer's state ends that peer.
 */
package org.twoftpd.monitor.process;

import java.util.EnumMap;
import java.util.Set;
import org.twoftpd.shared.wire.Message;
import org.twoftpd.shared.wire.MessageType;
import org.twoftpd.shared.wire.ProtocolViolation;

/**
 * Messages, the states in which each is allowed, and who handles it.
 *
 * @param <S> the states of a peer
 */
public final class RequestTable<S extends Enum<S>> {
  private final EnumMap<MessageType, Row<S>> rows = new EnumMap<>(MessageType.class);

  private record Row<S>(Set<S> states, Handler handler) {}

  /** Handles one message. */
  public interface Handler {
    /** Called when the table allows the message. */
    void handle(Message message) throws ProtocolViolation;
  }

  /** Adds a row. A message that may come once must lead to a state that is not among its own. */
  public RequestTable<S> row(MessageType type, Set<S> states, Handler handler) {
    rows.put(type, new Row<>(states, handler));
    return this;
  }

  /** Hands the message to its handler. */
  public void handle(Message message, S state) throws ProtocolViolation {
    Row<S> row = rows.get(message.type());
    if (row == null || !row.states.contains(state)) {
      throw new ProtocolViolation(message.type() + " is not allowed in the state " + state);
    }
    row.handler.handle(message);
  }
}
