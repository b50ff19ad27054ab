/*
 * Trusted with TLS as far as it is not one client's: what the monitor offers, who signs, and who relays.
 */
package org.twoftpd.session.gate;

import java.nio.charset.StandardCharsets;
import org.twoftpd.session.tls.BufferPool;
import org.twoftpd.session.tls.Relay;
import org.twoftpd.session.tls.RemoteSignature;
import org.twoftpd.session.tls.TlsFailed;
import org.twoftpd.session.tls.TlsTerms;
import org.twoftpd.shared.config.TlsMode;
import org.twoftpd.shared.fd.ChannelToMonitor;
import org.twoftpd.shared.wire.TlsMessage;

/** The gate's TLS. */
final class GateTls {
  private static final int BUFFERS_KEPT = 16;

  private final Turns turns = new Turns();
  private final BufferPool pool = new BufferPool(2 * BufferPool.RECORD, BUFFERS_KEPT);
  private final SigningDesk desk;
  private final Relay relay;
  private volatile Offer offer;

  /** What clients that come now are offered, for as long as they stay. */
  record Offer(TlsMessage.TlsTerms message, TlsTerms terms) {
    boolean isRequired() {
      return message.mode() == TlsMode.REQUIRED;
    }
  }

  GateTls(ChannelToMonitor monitor) {
    RemoteSignature.install();
    desk = new SigningDesk(monitor, turns);
    relay =
        Relay.start(pool, (c, served, reason) -> reportDataHandshake(monitor, c, served, reason));
  }

  private static void reportDataHandshake(
      ChannelToMonitor monitor, long connection, boolean served, String reason) {
    byte[] text = reason.getBytes(StandardCharsets.US_ASCII);
    GateMain.tellMonitor(monitor, new TlsMessage.DataHandshake(connection, served, text));
  }

  /** From now on that is offered. */
  void setOffer(TlsMessage.TlsTerms m) throws TlsFailed {
    offer = m.mode() == TlsMode.OFF ? null : new Offer(m, new TlsTerms(m));
  }

  /** What is offered now; null for nothing. */
  Offer currentOffer() {
    return offer;
  }

  Turns turns() {
    return turns;
  }

  BufferPool pool() {
    return pool;
  }

  SigningDesk desk() {
    return desk;
  }

  Relay relay() {
    return relay;
  }
}
