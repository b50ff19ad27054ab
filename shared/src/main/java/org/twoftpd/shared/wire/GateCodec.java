package org.twoftpd.shared.wire;

import org.twoftpd.shared.config.AnonymousMode;
import org.twoftpd.shared.wire.MessageType.Limits;

/** The bodies of messages between monitor and gate: one form for each message. */
final class GateCodec {
  private static final AnonymousMode[] ANONYMOUS = AnonymousMode.values();
  private static final Refusal[] REFUSALS = Refusal.values();
  private static final EndReason[] REASONS = EndReason.values();

  private GateCodec() {}

  /** Writes what a message has; a message without parts writes nothing. */
  static void put(BodyWriter b, GateMessage message) {
    // A switch over types would make a class when it is first used, with a hundred of the JDK's to
    // make it with, in every session.
    if (message instanceof GateMessage.Setup m) {
      b.putInt(m.uid());
      b.putInt(m.gid());
      b.putBytes(m.root());
      b.putInt(m.clients());
      b.putBoolean(m.tls());
    } else if (message instanceof GateMessage.Options m) {
      b.putBytes(m.banner());
      b.putInt(m.loginSeconds());
      b.putInt(m.idleSeconds());
      b.putOneOf(m.anonymous());
      b.putBoolean(m.logRequests());
      b.putBoolean(m.logReplies());
    } else if (message instanceof GateMessage.Connected m) {
      b.putLong(m.connection());
      b.putEndpoint(m.peer());
      b.putEndpoint(m.local());
      b.putBoolean(m.overTls());
    } else if (message instanceof GateMessage.LoginRequest m) {
      b.putLong(m.connection());
      b.putBytes(m.user());
      b.putBytes(m.password());
      b.putBytes(m.unread());
    } else if (message instanceof GateMessage.AnonymousRequest m) {
      b.putLong(m.connection());
      b.putBoolean(m.answersPassword());
      b.putBytes(m.unread());
    } else if (message instanceof GateMessage.LoginRefused m) {
      b.putLong(m.connection());
      b.putOneOf(m.refusal());
    } else if (message instanceof GateMessage.LoginGranted m) {
      b.putLong(m.connection());
    } else if (message instanceof GateMessage.HungUp m) {
      b.putLong(m.connection());
      b.putOneOf(m.reason());
    } else if (message instanceof GateMessage.RequestLine m) {
      b.putLong(m.connection());
      b.putBytes(m.text());
    } else if (message instanceof GateMessage.ReplyLine m) {
      b.putLong(m.connection());
      b.putBytes(m.text());
    }
  }

  /**
   * Reads the parts of a message of a type between monitor and gate.
   *
   * @throws ProtocolViolation when what is there is not exactly one such message
   */
  static Message get(MessageType type, BodyReader b) throws ProtocolViolation {
    return switch (type) {
      case GATE_SETUP ->
          new GateMessage.Setup(
              b.getInt(), b.getInt(), b.getBytes(Limits.PATH), b.getInt(), b.getBoolean());
      case GATE_OPTIONS ->
          new GateMessage.Options(
              b.getBytes(type.largest()),
              b.getInt(),
              b.getInt(),
              b.getOneOf(ANONYMOUS),
              b.getBoolean(),
              b.getBoolean());
      case GATE_READY -> new GateMessage.Ready();
      case CONNECTED ->
          new GateMessage.Connected(b.getLong(), b.getEndpoint(), b.getEndpoint(), b.getBoolean());
      case LOGIN_REQUEST ->
          new GateMessage.LoginRequest(
              b.getLong(),
              b.getBytes(Limits.LINE),
              b.getBytes(Limits.LINE),
              b.getBytes(Limits.UNREAD));
      case ANONYMOUS_REQUEST ->
          new GateMessage.AnonymousRequest(b.getLong(), b.getBoolean(), b.getBytes(Limits.UNREAD));
      case LOGIN_REFUSED -> new GateMessage.LoginRefused(b.getLong(), b.getOneOf(REFUSALS));
      case LOGIN_GRANTED -> new GateMessage.LoginGranted(b.getLong());
      case HUNG_UP -> new GateMessage.HungUp(b.getLong(), b.getOneOf(REASONS));
      case GATE_REQUEST_LINE -> new GateMessage.RequestLine(b.getLong(), b.getBytes(Limits.LINE));
      case GATE_REPLY_LINE -> new GateMessage.ReplyLine(b.getLong(), b.getBytes(Limits.LINE));
      case GATE_PING -> new GateMessage.Ping();
      case GATE_PONG -> new GateMessage.Pong();
      case TLS_TERMS,
          SIGN_REQUEST,
          SIGNED,
          TLS_STARTED,
          TLS_FAILED,
          DATA_HANDSHAKE,
          DATA_PROTECTION,
          RELAY_CONTROL,
          RELAY_LINE ->
          TlsCodec.get(type, b);
      default -> throw new ProtocolViolation(type + " is not of a gate");
    };
  }
}
