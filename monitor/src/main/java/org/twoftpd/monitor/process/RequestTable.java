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
 * Which message a peer may send in which state, and who handles it.
 *
 * @param <S> the states of a peer
 */
public final class RequestTable<S extends Enum<S>> {
  private final EnumMap<MessageType, Row<S>> rows = new EnumMap<>(MessageType.class);

  private record Row<S>(Set<S> states, Handler handler) {}

  /** Handles the messages of one type. */
  public interface Handler {
    /**
     * Handles a message that the table allows.
     *
     * @throws ProtocolViolation when its content is not allowed
     */
    void handle(Message message) throws ProtocolViolation;
  }

  /**
   * Adds a row.
   *
   * @param states in which the message is allowed. The handler of a message that may come only once
   *     must lead to a state that is not among them.
   */
  public RequestTable<S> row(MessageType type, Set<S> states, Handler handler) {
    rows.put(type, new Row<>(states, handler));
    return this;
  }

  /** Adds a row for each of several types of messages that one handler handles. */
  public RequestTable<S> rows(Set<MessageType> types, Set<S> states, Handler handler) {
    for (MessageType type : types) {
      rows.put(type, new Row<>(states, handler));
    }
    return this;
  }

  /**
   * Hands a message to its handler.
   *
   * @throws ProtocolViolation when no row allows it in that state, or its handler does not
   */
  public void handle(Message message, S state) throws ProtocolViolation {
    Row<S> row = rows.get(message.type());
    if (row == null || !row.states.contains(state)) {
      throw new ProtocolViolation(message.type() + " is not allowed in the state " + state);
    }
    row.handler.handle(message);
  }
}
