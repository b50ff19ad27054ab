/*
 * Trusted to turn bytes from a less trusted process into messages.  Each message has exactly one form; nothing is skipped
 * and nothing is guessed.
 */
package org.twoftpd.shared.wire;

import java.util.Arrays;
import org.twoftpd.shared.wire.MessageType.Role;

/**
 * Turns messages into frames and back. A frame has four bytes of length (of all that follows), one
 * of version, one of type, and the body.
 */
public final class Codec {
  /**
   * The version of the protocol. Both ends always come from one package, so another one is a fault.
   */
  static final int VERSION = 1;

  /** Length, version and type. */
  static final int HEAD = 6;

  private Codec() {}

  /**
   * One message as a frame.
   *
   * @throws IllegalArgumentException when it is larger than its type allows: a fault of the
   *     sender's own
   */
  public static byte[] encode(Message message) {
    BodyWriter b = new BodyWriter(HEAD);
    if (message instanceof SessionMessage m) {
      SessionCodec.put(b, m);
    } else {
      putOfGate(b, message);
    }
    return frame(b, message.type());
  }

  private static void putOfGate(BodyWriter b, Message message) {
    if (message instanceof GateMessage m) {
      GateCodec.put(b, m);
    } else {
      TlsCodec.put(b, (TlsMessage) message);
    }
  }

  private static byte[] frame(BodyWriter b, MessageType type) {
    byte[] f = b.written();
    if (f.length - HEAD > type.largest()) {
      Arrays.fill(f, (byte) 0);
      throw new IllegalArgumentException(type + " is larger than its type allows");
    }
    int n = f.length - 4;
    for (int i = 0; i < 4; i++) {
      f[i] = (byte) (n >> (24 - 8 * i));
    }
    f[4] = VERSION;
    f[5] = (byte) type.number();
    return f;
  }

  /** The message whose body is {@code bytes[from .. to)}. */
  static Message decode(MessageType type, byte[] bytes, int from, int to) throws ProtocolViolation {
    BodyReader b = new BodyReader(bytes, from, to);
    boolean ofGate = type.from() == Role.GATE || type.to() == Role.GATE;
    Message m = ofGate ? GateCodec.get(type, b) : SessionCodec.get(type, b);
    b.checkEnd();
    return m;
  }
}
