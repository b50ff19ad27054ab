/*
 * Trusted with the whole vocabulary between the processes: who says what, how large it may be and whether a descriptor
 * comes with it.  When it may be said is in the tables of the receivers.
 */
package org.twoftpd.shared.wire;

import java.util.Arrays;

/** The kinds of message. The number is what goes over the wire and never changes its meaning. */
public enum MessageType {
  // Monitor and gate.
  GATE_SETUP(1, Role.MONITOR, Role.GATE, 17 + Limits.PATH, false),
  GATE_READY(2, Role.GATE, Role.MONITOR, 0, false),
  CONNECTED(3, Role.MONITOR, Role.GATE, 65, true),
  LOGIN_REQUEST(4, Role.GATE, Role.MONITOR, 8 + 2 * (4 + Limits.LINE) + 4 + Limits.UNREAD, false),
  ANONYMOUS_REQUEST(5, Role.GATE, Role.MONITOR, 13 + Limits.UNREAD, false),
  LOGIN_REFUSED(6, Role.MONITOR, Role.GATE, 9, false),
  LOGIN_GRANTED(7, Role.MONITOR, Role.GATE, 8, false),
  HUNG_UP(9, Role.GATE, Role.MONITOR, 9, false),
  GATE_OPTIONS(10, Role.MONITOR, Role.GATE, 16384, false),
  GATE_PING(12, Role.MONITOR, Role.GATE, 0, false),
  GATE_PONG(13, Role.GATE, Role.MONITOR, 0, false),
  GATE_REQUEST_LINE(14, Role.GATE, Role.MONITOR, 12 + Limits.LINE, false),
  GATE_REPLY_LINE(15, Role.GATE, Role.MONITOR, 12 + Limits.LINE, false),

  // Monitor and gate, about TLS.
  TLS_TERMS(50, Role.MONITOR, Role.GATE, Limits.CERTIFICATES, false),
  SIGN_REQUEST(51, Role.GATE, Role.MONITOR, 21 + Limits.SIGNED_BYTES, false),
  SIGNED(52, Role.MONITOR, Role.GATE, 12 + Limits.SIGNED_BYTES, false),
  TLS_STARTED(53, Role.GATE, Role.MONITOR, 20 + 3 * Limits.REASON, false),
  TLS_FAILED(54, Role.GATE, Role.MONITOR, 12 + Limits.REASON, false),
  DATA_PROTECTION(55, Role.GATE, Role.MONITOR, 9, false),
  RELAY_CONTROL(56, Role.MONITOR, Role.GATE, 8, true),
  RELAY_LINE(57, Role.MONITOR, Role.GATE, 8, true),
  DATA_HANDSHAKE(58, Role.GATE, Role.MONITOR, 13 + Limits.REASON, false),

  // Monitor and session.
  SPARE_READY(20, Role.SESSION, Role.MONITOR, 0, false),
  ASSIGNMENT(21, Role.MONITOR, Role.SESSION, 131072, true),
  SERVING(22, Role.SESSION, Role.MONITOR, 0, false),
  PORT_REQUEST(24, Role.SESSION, Role.MONITOR, 0, false),
  PORT_GRANTED(25, Role.MONITOR, Role.SESSION, 0, true),
  PORT_REFUSED(26, Role.MONITOR, Role.SESSION, 0, false),
  ENDED(27, Role.SESSION, Role.MONITOR, 17, false),
  UNABLE(28, Role.SESSION, Role.MONITOR, 4 + Limits.REASON, false),
  PING(29, Role.MONITOR, Role.SESSION, 0, false),
  PONG(30, Role.SESSION, Role.MONITOR, 1, false),
  UNHEARD(31, Role.SESSION, Role.MONITOR, 8, false),
  SESSION_LINE(32, Role.MONITOR, Role.SESSION, 0, true),

  // What a session reports for the log.
  TRANSFERRED(40, Role.SESSION, Role.MONITOR, 27 + Limits.PATH + Limits.REASON, false),
  DELETED(41, Role.SESSION, Role.MONITOR, 5 + Limits.PATH, false),
  RENAMED(42, Role.SESSION, Role.MONITOR, 9 + 2 * Limits.PATH, false),
  DIRECTORY_MADE(43, Role.SESSION, Role.MONITOR, 5 + Limits.PATH, false),
  DIRECTORY_REMOVED(44, Role.SESSION, Role.MONITOR, 5 + Limits.PATH, false),
  MODE_CHANGED(45, Role.SESSION, Role.MONITOR, 9 + Limits.PATH, false),
  REQUEST_LINE(46, Role.SESSION, Role.MONITOR, 4 + Limits.LINE, false),
  REPLY_LINE(47, Role.SESSION, Role.MONITOR, 4 + Limits.LINE, false),
  FOREIGN_DATA_CONNECTION(48, Role.SESSION, Role.MONITOR, 28, false),
  NO_PASSIVE_PORT(49, Role.SESSION, Role.MONITOR, 0, false);

  /** The processes that speak to each other. */
  public enum Role {
    MONITOR,
    GATE,
    SESSION
  }

  /** Sizes of what goes into messages, in bytes. */
  public static final class Limits {
    /** A command or a reply, and so a user name or a password. */
    public static final int LINE = 4096;

    /**
     * What a client has sent ahead of its login's answer: a full buffer, and one line with every
     * byte escaped.
     */
    public static final int UNREAD = 16384 + 2 * LINE + 2;

    /** A path as it is told for the log. */
    public static final int PATH = 4096;

    /** A reason in words of our own. */
    public static final int REASON = 1024;

    /** What a handshake has signed, or a signature. */
    public static final int SIGNED_BYTES = 1024;

    /** All certificates of a server and of those who vouch for its clients. */
    public static final int CERTIFICATES = 1 << 20;

    private Limits() {}

    /** The first bytes of a text, {@code most} of them at most. */
    public static byte[] cut(byte[] text, int most) {
      return text.length > most ? Arrays.copyOf(text, most) : text;
    }
  }

  private static final MessageType[] BY_NUMBER = new MessageType[59];

  static {
    for (MessageType t : values()) {
      BY_NUMBER[t.number] = t;
    }
  }

  private final int number;
  private final Role from;
  private final Role to;
  private final int largest;
  private final boolean carriesDescriptor;

  MessageType(int number, Role from, Role to, int largest, boolean carriesDescriptor) {
    this.number = number;
    this.from = from;
    this.to = to;
    this.largest = largest;
    this.carriesDescriptor = carriesDescriptor;
  }

  /** The number on the wire, 1 to 255. */
  public int number() {
    return number;
  }

  /** Who sends it. */
  public Role from() {
    return from;
  }

  /** Who gets it. */
  public Role to() {
    return to;
  }

  /** The most bytes its body may have. */
  public int largest() {
    return largest;
  }

  /** True when exactly one descriptor comes with it; false when none does. */
  public boolean carriesDescriptor() {
    return carriesDescriptor;
  }

  /** The type with that number, or null. */
  static MessageType of(int number) {
    return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
  }
}
