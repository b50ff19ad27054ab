package org.twoftpd.shared.wire;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.twoftpd.shared.config.PortRange;
import org.twoftpd.shared.config.SessionOption;
import org.twoftpd.shared.config.SessionOptions;
import org.twoftpd.shared.config.Table;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.wire.MessageType.Role;

/** Every option of a session goes over the wire, whatever rows there are. */
class SessionOptionsOnTheWireTest {
  private static final byte[] NONE = {};
  private static final Endpoint HERE = new Endpoint(new byte[] {127, 0, 0, 1}, 21, 0);

  private static byte[] encode(SessionOptions options) {
    return Codec.encode(
        new SessionMessage.Assignment(
            NONE, NONE, 1, 1, new int[0], NONE, Table.XFER, options, HERE, HERE, true, NONE, 0));
  }

  private static SessionOptions decode(byte[] frame) throws ProtocolViolation {
    IncomingMessages inbox = new IncomingMessages(Role.MONITOR, Role.SESSION);
    inbox.put(frame, frame.length);
    inbox.putDescriptor(1_000_000);
    return ((SessionMessage.Assignment) inbox.next()).options();
  }

  /** A value as large as the row allows, and unlike its default. */
  @SuppressWarnings("unchecked")
  private static <T> T another(SessionOption<T> row) {
    Object form = row.standard(Table.XFER);
    Object other =
        switch (form) {
          case Boolean b -> !b;
          case Integer i -> Integer.MAX_VALUE - i;
          case Long l -> Long.MAX_VALUE - l;
          case PortRange p -> new PortRange(p.low() + 65534, p.high() + 65535);
          case byte[] b -> {
            byte[] most = new byte[row.largest()];
            Arrays.fill(most, (byte) (b.length + 0x80));
            yield most;
          }
          default -> row.choices()[row.choices().length - (form.equals(row.choices()[0]) ? 1 : 2)];
        };
    return (T) other;
  }

  private static <T> SessionOptions change(SessionOptions before, SessionOption<T> row) {
    return before.with(row, another(row));
  }

  private static void assertSame(SessionOptions expected, SessionOptions actual) {
    for (SessionOption<?> row : SessionOption.rows()) {
      assertTrue(Objects.deepEquals(expected.get(row), actual.get(row)));
    }
  }

  @Test
  void everyRowArrives() throws ProtocolViolation {
    SessionOptions all = SessionOptions.defaults(Table.XFER);
    byte[] defaults = encode(all);
    assertSame(all, decode(defaults));
    for (SessionOption<?> row : SessionOption.rows()) {
      SessionOptions one = change(SessionOptions.defaults(Table.XFER), row);
      assertTrue(!Arrays.equals(defaults, encode(one)));
      assertSame(one, decode(encode(one)));
      all = change(all, row);
    }
    assertSame(all, decode(encode(all)));
  }

  @Test
  void bytesBeyondWhatARowAllowsAreRefused() {
    boolean bounded = false;
    for (SessionOption<?> row : SessionOption.rows()) {
      if (row.standard(Table.XFER) instanceof byte[]) {
        @SuppressWarnings("unchecked")
        SessionOption<byte[]> bytes = (SessionOption<byte[]>) row;
        byte[] frame =
            encode(SessionOptions.defaults(Table.XFER).with(bytes, new byte[bytes.largest() + 1]));
        assertThrows(ProtocolViolation.class, () -> decode(frame));
        bounded = true;
      }
    }
    assertTrue(bounded);
  }
}
