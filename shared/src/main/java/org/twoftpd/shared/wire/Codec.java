/*
 * Trusted to turn bytes from a less trusted process into messages: exactly one form for each, nothing skipped, nothing
 * guessed.
 */
package org.twoftpd.shared.wire;

import java.util.Arrays;
import org.twoftpd.shared.config.AnonymousMode;
import org.twoftpd.shared.config.PortRange;
import org.twoftpd.shared.config.SessionOption;
import org.twoftpd.shared.config.SessionOptions;
import org.twoftpd.shared.config.Table;
import org.twoftpd.shared.wire.MessageType.Limits;

/** Frames: four bytes of length (of all that follows), one of version, one of type, the body. */
public final class Codec {
  /**
   * The version of the protocol. Both ends always come from one package, so another one is a fault.
   */
  static final int VERSION = 1;

  /** Length, version and type. */
  static final int HEAD = 6;

  private static final int GROUPS_MAX = 4096;
  private static final AnonymousMode[] ANONYMOUS = AnonymousMode.values();
  private static final Table[] TABLES = Table.values();
  private static final Refusal[] REFUSALS = Refusal.values();
  private static final HangUp[] HANG_UPS = HangUp.values();
  private static final Deed[] DEEDS = Deed.values();

  private Codec() {}

  /**
   * One message as a frame.
   *
   * @throws IllegalArgumentException when it is larger than its type allows: a fault of the
   *     sender's own
   */
  public static byte[] encode(Message message) {
    Body b = Body.writer(HEAD);
    // Not a switch over the types, which makes a class when it is first used, with a hundred of the
    // JDK's to make it with,
    // in every session.  What has no fields has no branch.
    if (message instanceof Message.GateOrders m) {
      b.putInt(m.uid());
      b.putInt(m.gid());
      b.putBytes(m.root());
      b.putInt(m.clients());
    } else if (message instanceof Message.GateTerms m) {
      b.putBytes(m.banner());
      b.putInt(m.loginSeconds());
      b.putInt(m.idleSeconds());
      b.putOneOf(m.anonymous());
      b.putBoolean(m.logRequests());
      b.putBoolean(m.logReplies());
    } else if (message instanceof Message.DialogueLine m) {
      b.putLong(m.connection());
      b.putOneOf(m.deed());
      b.putBytes(m.text());
    } else if (message instanceof Message.Connected m) {
      b.putLong(m.connection());
      b.putEndpoint(m.peer());
      b.putEndpoint(m.local());
    } else if (message instanceof Message.LoginRequest m) {
      b.putLong(m.connection());
      b.putBytes(m.user());
      b.putBytes(m.password());
      b.putBytes(m.unread());
    } else if (message instanceof Message.AnonymousRequest m) {
      b.putLong(m.connection());
      b.putBoolean(m.answersPassword());
      b.putBytes(m.unread());
    } else if (message instanceof Message.LoginRefused m) {
      b.putLong(m.connection());
      b.putOneOf(m.refusal());
    } else if (message instanceof Message.LoginGranted m) {
      b.putLong(m.connection());
    } else if (message instanceof Message.HungUp m) {
      b.putLong(m.connection());
      b.putOneOf(m.reason());
    } else if (message instanceof Message.Assignment m) {
      putAssignment(b, m);
    } else if (message instanceof Message.Activity m) {
      b.putOneOf(m.deed());
      b.putBoolean(m.succeeded());
      b.putBytes(m.path());
      b.putBytes(m.target());
      b.putLong(m.bytes());
      b.putLong(m.millis());
      b.putBoolean(m.ascii());
      b.putBytes(m.reason());
    } else if (message instanceof Message.Ended m) {
      b.putOneOf(m.reason());
      b.putLong(m.bytesIn());
      b.putLong(m.bytesOut());
    } else if (message instanceof Message.Unheard m) {
      b.putLong(m.lines());
    } else if (message instanceof Message.Unable m) {
      b.putBytes(m.reason());
    } else if (message instanceof Message.Pong m) {
      b.putBoolean(m.moved());
    }
    return frame(b, message.type());
  }

  private static byte[] frame(Body b, MessageType type) {
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

  /** The body of one message, which is {@code bytes[from .. to)}. */
  static Message decode(MessageType type, byte[] bytes, int from, int to) throws ProtocolViolation {
    Body b = Body.reader(bytes, from, to);
    Message m =
        switch (type) {
          case GATE_ORDERS ->
              new Message.GateOrders(b.getInt(), b.getInt(), b.getBytes(Limits.PATH), b.getInt());
          case GATE_TERMS ->
              new Message.GateTerms(
                  b.getBytes(type.largest()),
                  b.getInt(),
                  b.getInt(),
                  b.getOneOf(ANONYMOUS),
                  b.getBoolean(),
                  b.getBoolean());
          case DIALOGUE_LINE ->
              new Message.DialogueLine(b.getLong(), b.getOneOf(DEEDS), b.getBytes(Limits.LINE));
          case GATE_READY -> new Message.GateReady();
          case CONNECTED -> new Message.Connected(b.getLong(), b.getEndpoint(), b.getEndpoint());
          case LOGIN_REQUEST ->
              new Message.LoginRequest(
                  b.getLong(),
                  b.getBytes(Limits.LINE),
                  b.getBytes(Limits.LINE),
                  b.getBytes(Limits.UNREAD));
          case ANONYMOUS_REQUEST ->
              new Message.AnonymousRequest(b.getLong(), b.getBoolean(), b.getBytes(Limits.UNREAD));
          case LOGIN_REFUSED -> new Message.LoginRefused(b.getLong(), b.getOneOf(REFUSALS));
          case LOGIN_GRANTED -> new Message.LoginGranted(b.getLong());
          case GATE_PING -> new Message.GatePing();
          case GATE_PONG -> new Message.GatePong();
          case HUNG_UP -> new Message.HungUp(b.getLong(), b.getOneOf(HANG_UPS));
          case SPARE_READY -> new Message.SpareReady();
          case ASSIGNMENT -> getAssignment(b);
          case SERVING -> new Message.Serving();
          case ACTIVITY ->
              new Message.Activity(
                  b.getOneOf(DEEDS),
                  b.getBoolean(),
                  b.getBytes(Limits.PATH),
                  b.getBytes(Limits.PATH),
                  b.getLong(),
                  b.getLong(),
                  b.getBoolean(),
                  b.getBytes(Limits.REASON));
          case UNHEARD -> new Message.Unheard(b.getLong());
          case PORT_REQUEST -> new Message.PortRequest();
          case PORT_GRANTED -> new Message.PortGranted();
          case PORT_REFUSED -> new Message.PortRefused();
          case ENDED -> new Message.Ended(b.getOneOf(HANG_UPS), b.getLong(), b.getLong());
          case UNABLE -> new Message.Unable(b.getBytes(Limits.REASON));
          case PING -> new Message.Ping();
          case PONG -> new Message.Pong(b.getBoolean());
        };
    b.end();
    return m;
  }

  private static void putAssignment(Body b, Message.Assignment m) {
    b.putBytes(m.user());
    b.putBytes(m.group());
    b.putInt(m.uid());
    b.putInt(m.gid());
    b.putInts(m.groups());
    b.putBytes(m.home());
    b.putOneOf(m.table());
    putOptions(b, m.options());
    b.putEndpoint(m.peer());
    b.putEndpoint(m.local());
    b.putBoolean(m.answersPassword());
    b.putBytes(m.unread());
  }

  private static Message getAssignment(Body b) throws ProtocolViolation {
    return new Message.Assignment(
        b.getBytes(Limits.LINE),
        b.getBytes(Limits.LINE),
        b.getInt(),
        b.getInt(),
        b.getInts(GROUPS_MAX),
        b.getBytes(Limits.PATH),
        b.getOneOf(TABLES),
        getOptions(b),
        b.getEndpoint(),
        b.getEndpoint(),
        b.getBoolean(),
        b.getBytes(Limits.UNREAD));
  }

  @SuppressWarnings("IfChainToSwitch") // for the reason that encode() gives
  private static void putOptions(Body b, SessionOptions options) {
    for (SessionOption<?> option : SessionOption.rows()) {
      Object value = options.get(option);
      if (value instanceof Boolean v) {
        b.putBoolean(v);
      } else if (value instanceof Integer v) {
        b.putInt(v);
      } else if (value instanceof Long v) {
        b.putLong(v);
      } else if (value instanceof byte[] v) {
        b.putBytes(v);
      } else if (value instanceof PortRange v) {
        b.putInt(v.low());
        b.putInt(v.high());
      } else {
        b.putOneOf((Enum<?>) value);
      }
    }
  }

  @SuppressWarnings("IfChainToSwitch") // for the reason that encode() gives
  private static SessionOptions getOptions(Body b) throws ProtocolViolation {
    SessionOption<?>[] rows = SessionOption.rows();
    Object[] values = new Object[rows.length];
    for (int i = 0; i < values.length; i++) {
      Object form = rows[i].standard(Table.XFER);
      if (form instanceof Boolean) {
        values[i] = b.getBoolean();
      } else if (form instanceof Integer) {
        values[i] = b.getInt();
      } else if (form instanceof Long) {
        values[i] = b.getLong();
      } else if (form instanceof byte[]) {
        values[i] = b.getBytes(rows[i].largest());
      } else if (form instanceof PortRange) {
        values[i] = new PortRange(b.getInt(), b.getInt());
      } else {
        values[i] = b.getOneOf((Enum<?>[]) rows[i].choices());
      }
    }
    return SessionOptions.of(values);
  }
}
