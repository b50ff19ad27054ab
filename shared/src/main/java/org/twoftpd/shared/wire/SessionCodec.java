package org.twoftpd.shared.wire;

import org.twoftpd.shared.config.PortRange;
import org.twoftpd.shared.config.SessionOption;
import org.twoftpd.shared.config.SessionOptions;
import org.twoftpd.shared.config.Table;
import org.twoftpd.shared.wire.MessageType.Limits;

/** The bodies of messages between monitor and session: one form for each message. */
final class SessionCodec {
  private static final int GROUPS_MAX = 4096;
  private static final Table[] TABLES = Table.values();
  private static final EndReason[] REASONS = EndReason.values();

  private SessionCodec() {}

  /** Writes what a message has; a message without parts writes nothing. */
  static void put(BodyWriter b, SessionMessage message) {
    // A switch over types would make a class when it is first used, with a hundred of the JDK's to
    // make it with, in every session.
    if (message instanceof SessionMessage.Assignment m) {
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
      b.putByte(m.tls());
    } else if (message instanceof SessionMessage.Unable m) {
      b.putBytes(m.reason());
    } else if (message instanceof SessionReport.Transferred m) {
      b.putBoolean(m.upload());
      b.putBytes(m.path());
      b.putLong(m.bytes());
      b.putLong(m.millis());
      b.putBoolean(m.ascii());
      b.putBoolean(m.cut());
      b.putBytes(m.failure());
    } else if (message instanceof SessionReport.Deleted m) {
      b.putBoolean(m.succeeded());
      b.putBytes(m.path());
    } else if (message instanceof SessionReport.Renamed m) {
      b.putBoolean(m.succeeded());
      b.putBytes(m.path());
      b.putBytes(m.target());
    } else if (message instanceof SessionReport.DirectoryMade m) {
      b.putBoolean(m.succeeded());
      b.putBytes(m.path());
    } else if (message instanceof SessionReport.DirectoryRemoved m) {
      b.putBoolean(m.succeeded());
      b.putBytes(m.path());
    } else if (message instanceof SessionReport.ModeChanged m) {
      b.putBoolean(m.succeeded());
      b.putBytes(m.path());
      b.putInt(m.mode());
    } else if (message instanceof SessionReport.RequestLine m) {
      b.putBytes(m.text());
    } else if (message instanceof SessionReport.ReplyLine m) {
      b.putBytes(m.text());
    } else if (message instanceof SessionReport.ForeignDataConnection m) {
      b.putEndpoint(m.from());
    } else if (message instanceof SessionMessage.Unheard m) {
      b.putLong(m.lines());
    } else if (message instanceof SessionMessage.Pong m) {
      b.putBoolean(m.moved());
    } else if (message instanceof SessionMessage.Ended m) {
      b.putOneOf(m.reason());
      b.putLong(m.bytesIn());
      b.putLong(m.bytesOut());
    }
  }

  /**
   * Reads the parts of a message of a type between monitor and session.
   *
   * @throws ProtocolViolation when what is there is not exactly one such message
   */
  static SessionMessage get(MessageType type, BodyReader b) throws ProtocolViolation {
    return switch (type) {
      case SPARE_READY -> new SessionMessage.SpareReady();
      case ASSIGNMENT ->
          new SessionMessage.Assignment(
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
              b.getBytes(Limits.UNREAD),
              b.getByte());
      case SESSION_LINE -> new SessionMessage.SessionLine();
      case SERVING -> new SessionMessage.Serving();
      case UNABLE -> new SessionMessage.Unable(b.getBytes(Limits.REASON));
      case TRANSFERRED ->
          new SessionReport.Transferred(
              b.getBoolean(),
              b.getBytes(Limits.PATH),
              b.getLong(),
              b.getLong(),
              b.getBoolean(),
              b.getBoolean(),
              b.getBytes(Limits.REASON));
      case DELETED -> new SessionReport.Deleted(b.getBoolean(), b.getBytes(Limits.PATH));
      case RENAMED ->
          new SessionReport.Renamed(
              b.getBoolean(), b.getBytes(Limits.PATH), b.getBytes(Limits.PATH));
      case DIRECTORY_MADE ->
          new SessionReport.DirectoryMade(b.getBoolean(), b.getBytes(Limits.PATH));
      case DIRECTORY_REMOVED ->
          new SessionReport.DirectoryRemoved(b.getBoolean(), b.getBytes(Limits.PATH));
      case MODE_CHANGED ->
          new SessionReport.ModeChanged(b.getBoolean(), b.getBytes(Limits.PATH), b.getInt());
      case REQUEST_LINE -> new SessionReport.RequestLine(b.getBytes(Limits.LINE));
      case REPLY_LINE -> new SessionReport.ReplyLine(b.getBytes(Limits.LINE));
      case FOREIGN_DATA_CONNECTION -> new SessionReport.ForeignDataConnection(b.getEndpoint());
      case NO_PASSIVE_PORT -> new SessionReport.NoPassivePort();
      case UNHEARD -> new SessionMessage.Unheard(b.getLong());
      case PORT_REQUEST -> new SessionMessage.PortRequest();
      case PORT_GRANTED -> new SessionMessage.PortGranted();
      case PORT_REFUSED -> new SessionMessage.PortRefused();
      case PING -> new SessionMessage.Ping();
      case PONG -> new SessionMessage.Pong(b.getBoolean());
      case ENDED -> new SessionMessage.Ended(b.getOneOf(REASONS), b.getLong(), b.getLong());
      default -> throw new ProtocolViolation(type + " is not of a session");
    };
  }

  @SuppressWarnings("IfChainToSwitch") // for the reason that put() gives
  private static void putOptions(BodyWriter b, SessionOptions options) {
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

  @SuppressWarnings("IfChainToSwitch") // for the reason that put() gives
  private static SessionOptions getOptions(BodyReader b) throws ProtocolViolation {
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
