/*
 * Trusted with what a gate may say at all, and when.  It ends the gate that says anything else.
 */
package org.twoftpd.monitor.gate;

import java.util.EnumSet;
import org.twoftpd.monitor.process.RequestTable;
import org.twoftpd.shared.wire.GateMessage;
import org.twoftpd.shared.wire.MessageType;
import org.twoftpd.shared.wire.TlsMessage;

/** The messages of a gate, with the state in which each is allowed and what answers it. */
final class GateRequests {
  private static final EnumSet<GateKeeper.State> STARTING = EnumSet.of(GateKeeper.State.STARTING);
  private static final EnumSet<GateKeeper.State> READY = EnumSet.of(GateKeeper.State.READY);

  private GateRequests() {}

  static RequestTable<GateKeeper.State> makeTable(
      GateKeeper keeper, GateDialogues dialogues, GateTls tls) {
    return new RequestTable<GateKeeper.State>()
        .row(MessageType.GATE_READY, STARTING, _ -> keeper.handleReady())
        .row(MessageType.GATE_PONG, READY, _ -> keeper.handlePong())
        .row(
            MessageType.LOGIN_REQUEST,
            READY,
            m -> dialogues.handleLoginRequest((GateMessage.LoginRequest) m))
        .row(
            MessageType.ANONYMOUS_REQUEST,
            READY,
            m -> dialogues.handleAnonymousRequest((GateMessage.AnonymousRequest) m))
        .row(
            MessageType.GATE_REQUEST_LINE,
            READY,
            m -> dialogues.handleRequestLine((GateMessage.RequestLine) m))
        .row(
            MessageType.GATE_REPLY_LINE,
            READY,
            m -> dialogues.handleReplyLine((GateMessage.ReplyLine) m))
        .row(MessageType.HUNG_UP, READY, m -> dialogues.handleHungUp((GateMessage.HungUp) m))
        .row(
            MessageType.SIGN_REQUEST,
            READY,
            m -> tls.handleSignRequest((TlsMessage.SignRequest) m, dialogues))
        .row(
            MessageType.TLS_STARTED,
            READY,
            m -> tls.handleStarted((TlsMessage.TlsStarted) m, dialogues))
        .row(
            MessageType.TLS_FAILED,
            READY,
            m -> tls.handleFailed((TlsMessage.TlsFailed) m, dialogues))
        .row(
            MessageType.DATA_HANDSHAKE,
            READY,
            m -> tls.handleDataHandshake((TlsMessage.DataHandshake) m))
        .row(
            MessageType.DATA_PROTECTION,
            READY,
            m -> tls.handleProtection((TlsMessage.DataProtection) m, dialogues));
  }
}
