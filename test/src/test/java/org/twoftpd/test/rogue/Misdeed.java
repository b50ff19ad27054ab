/*
 * Everything that a gate or a session must not say, and how it is said.
 */
package org.twoftpd.test.rogue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.tls.SignatureScheme;
import org.twoftpd.shared.wire.Codec;
import org.twoftpd.shared.wire.EndReason;
import org.twoftpd.shared.wire.GateMessage;
import org.twoftpd.shared.wire.Message;
import org.twoftpd.shared.wire.Refusal;
import org.twoftpd.shared.wire.SessionMessage;
import org.twoftpd.shared.wire.SessionReport;
import org.twoftpd.shared.wire.TlsMessage;

/** A breach of the message protocol. */
public enum Misdeed {
  // Bytes that are no message.
  UNKNOWN_TYPE,
  WRONG_VERSION,
  OVERSIZED,
  LARGER_THAN_ITS_TYPE,
  TRUNCATED,
  TRAILING,
  PART_BEYOND_THE_END,
  GARBAGE,
  HALF_THEN_STALL,
  HALF_THEN_CLOSE,
  // Messages that only another role may send.
  OF_THE_MONITOR,
  OF_ANOTHER_ROLE,
  // Messages that are not allowed in that state.
  EARLY,
  READY_TWICE,
  ENDED_TWICE,
  // Answers to questions that nobody has asked.
  UNASKED_ANSWER,
  FLOOD_OF_ANSWERS,
  // Descriptors with messages that carry none.
  ONE_DESCRIPTOR,
  SIXTY_DESCRIPTORS,
  TWO_HUNDRED_DESCRIPTORS,
  // What only a gate could do.
  OF_NO_CONNECTION,
  OF_ANOTHERS_CONNECTION,
  ANONYMOUS_WITHOUT_THE_SERVICE,
  FLOOD_OF_REQUESTS,
  FLOOD_OF_HANG_UPS,
  ASKED_BEYOND_THE_ATTEMPTS,
  // Signatures that are none of its business, and TLS where there is none.
  SIGN_WHAT_IS_NO_HANDSHAKE,
  SIGN_TWICE,
  SIGN_FOR_NOBODY,
  SIGN_FOR_A_SESSION,
  SIGN_BY_ANOTHER_KEY,
  SIGN_BY_AN_OLD_KEY,
  TLS_TWICE,
  // What a gate could set on a socket that the monitor has too, before it dies: that a close waits
  // for a day, and that a write waits for the client.
  LINGERING_CLIENT,
  BLOCKING_CLIENT,
  // What only a session could do.
  SERVING_TWICE,
  UNABLE_WHILE_SERVING,
  PORT_WITHOUT_THE_SETTING,
  REPORT_AFTER_THE_END,
  FLOOD_OF_REPORTS;

  /** How many lines the flood asks for. */
  public static final int FLOOD = 40_000;

  private static final int A_DAY = 86_400;
  private static final int HEAD = 6;
  private static final int LOGIN_REFUSED = 6;
  private static final byte[] NOTHING = {};

  /** RFC 8446, 4.4.3, with a hash of 32 bytes. */
  private static final byte[] HANDSHAKE =
      (" ".repeat(64) + "TLS 1.3, server CertificateVerify\0" + "h".repeat(32))
          .getBytes(StandardCharsets.US_ASCII);

  /** True when the monitor must notice it, false when the peer ends by itself. */
  public boolean isViolation() {
    return this != HALF_THEN_CLOSE && this != FLOOD_OF_REPORTS && !isOfTheSocket();
  }

  /** True when it is done to the client's socket rather than to the line. */
  public boolean isOfTheSocket() {
    return this == LINGERING_CLIENT || this == BLOCKING_CLIENT;
  }

  /** Fills the socket of a client that does not read, and makes waiting for that the monitor's. */
  void spoil(int client) {
    spoil(client, this == LINGERING_CLIENT);
  }

  private static void spoil(int client, boolean linger) {
    byte[] much = new byte[65536];
    int n = 0;
    while (n >= 0) {
      n = Native.write(client, much, 0, much.length);
    }
    if (linger) {
      Native.setLinger(client, A_DAY);
    } else {
      Native.setNonblocking(client, false);
    }
  }

  /** Commits it; the caller then waits to be killed. */
  void commit(MonitorLine wire, boolean gate, long connection) throws IOException {
    // A good message of the role in this state, to spoil.
    byte[] good =
        Codec.encode(
            gate
                ? new GateMessage.HungUp(connection, EndReason.CLOSED)
                : new SessionMessage.Ended(EndReason.CLOSED, 1, 2));
    switch (this) {
      case UNKNOWN_TYPE -> wire.send(changed(good, 5, 200));
      case WRONG_VERSION -> wire.send(changed(good, 4, 2));
      case OVERSIZED -> wire.send(changed(good, 0, 0x7f));
      case LARGER_THAN_ITS_TYPE -> wire.send(longer(good));
      case TRUNCATED ->
          wire.send(changed(Arrays.copyOf(good, good.length - 1), 3, good.length - 5));
      case TRAILING -> wire.send(longer(gate ? asked(connection) : Codec.encode(said())));
      case PART_BEYOND_THE_END ->
          wire.send(
              gate
                  ? changed(asked(connection), HEAD + 11, 9)
                  : changed(Codec.encode(said()), HEAD + 4, 9));
      case GARBAGE -> {
        byte[] b = new byte[100_000];
        new Random(1).nextBytes(b);
        wire.send(b);
      }
      case HALF_THEN_STALL, HALF_THEN_CLOSE -> wire.send(Arrays.copyOf(good, good.length - 3));
      case OF_THE_MONITOR ->
          wire.send(
              gate
                  ? new GateMessage.LoginRefused(connection, Refusal.AGAIN)
                  : new SessionMessage.PortRefused());
      case OF_ANOTHER_ROLE ->
          wire.send(gate ? new SessionMessage.SpareReady() : new GateMessage.Ready());
      case READY_TWICE ->
          wire.send(gate ? new GateMessage.Ready() : new SessionMessage.SpareReady());
      case EARLY -> wire.send(good);
      case ENDED_TWICE -> wire.send(twice(good));
      case UNASKED_ANSWER -> wire.send(alive(gate));
      case FLOOD_OF_ANSWERS -> wire.send(many(Codec.encode(alive(gate))));
      case ONE_DESCRIPTOR -> wire.send(good, 1);
      case SIXTY_DESCRIPTORS -> wire.send(good, 60);
      case TWO_HUNDRED_DESCRIPTORS -> wire.send(good, 200);
      case OF_NO_CONNECTION -> wire.send(new GateMessage.HungUp(1L << 40, EndReason.QUIT));
      case OF_ANOTHERS_CONNECTION -> wire.send(new GateMessage.HungUp(1, EndReason.QUIT));
      case ANONYMOUS_WITHOUT_THE_SERVICE ->
          wire.send(new GateMessage.AnonymousRequest(connection, true, NOTHING));
      case FLOOD_OF_REQUESTS -> wire.send(many(asked(connection)));
      case FLOOD_OF_HANG_UPS -> wire.send(many(good));
      case ASKED_BEYOND_THE_ATTEMPTS -> {
        wire.send(asked(connection));
        wire.read(LOGIN_REFUSED);
        wire.send(asked(connection));
      }
      case SIGN_WHAT_IS_NO_HANDSHAKE -> wire.send(sign(connection, 1, 0, new byte[32]));
      case SIGN_TWICE -> wire.send(twice(Codec.encode(sign(connection, 1, 0, HANDSHAKE))));
      case SIGN_FOR_NOBODY -> wire.send(sign(1L << 40, 1, 0, HANDSHAKE));
      case SIGN_FOR_A_SESSION -> wire.send(sign(1, 1, 0, HANDSHAKE));
      case SIGN_BY_ANOTHER_KEY -> wire.send(sign(connection, 1, 1, HANDSHAKE));
      case SIGN_BY_AN_OLD_KEY -> wire.send(sign(connection, 0, 0, HANDSHAKE));
      case TLS_TWICE ->
          wire.send(
              twice(
                  Codec.encode(new TlsMessage.TlsStarted(connection, NOTHING, NOTHING, NOTHING))));
      case LINGERING_CLIENT, BLOCKING_CLIENT -> spoil(wire.descriptor());
      case SERVING_TWICE -> wire.send(new SessionMessage.Serving());
      case UNABLE_WHILE_SERVING -> wire.send(new SessionMessage.Unable(NOTHING));
      case PORT_WITHOUT_THE_SETTING -> wire.send(new SessionMessage.PortRequest());
      case REPORT_AFTER_THE_END -> {
        wire.send(good);
        wire.send(said());
      }
      case FLOOD_OF_REPORTS -> {
        for (int i = 0; i < FLOOD; i++) {
          wire.send(said());
        }
        wire.send(good);
      }
    }
  }

  private static byte[] asked(long connection) {
    return Codec.encode(
        new GateMessage.LoginRequest(connection, new byte[] {'x'}, new byte[] {'y'}, NOTHING));
  }

  private static Message sign(long connection, int generation, int key, byte[] content) {
    return new TlsMessage.SignRequest(
        connection, generation, key, SignatureScheme.ECDSA_SHA256, content);
  }

  private static Message alive(boolean gate) {
    return gate ? new GateMessage.Pong() : new SessionMessage.Pong(true);
  }

  private static Message said() {
    return new SessionReport.Deleted(true, new byte[] {'/'});
  }

  private static byte[] changed(byte[] frame, int at, int value) {
    byte[] b = frame.clone();
    b[at] = (byte) value;
    return b;
  }

  private static byte[] longer(byte[] frame) {
    return changed(Arrays.copyOf(frame, frame.length + 1), 3, frame.length - 3);
  }

  private static byte[] twice(byte[] frame) {
    byte[] b = Arrays.copyOf(frame, 2 * frame.length);
    System.arraycopy(frame, 0, b, frame.length, frame.length);
    return b;
  }

  private static byte[] many(byte[] frame) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < 10_000; i++) {
      all.write(frame);
    }
    return all.toByteArray();
  }
}
