/*
 * Trusted to know what a client's TLS is worth as far as the gate tells it: a gate that somebody has taken over can say what
 * it likes of its own connections, once for each.
 */
package org.twoftpd.monitor.client;

import org.twoftpd.monitor.tls.SigningRight;
import org.twoftpd.monitor.tls.TlsOffer;
import org.twoftpd.shared.wire.ProtocolViolation;
import org.twoftpd.shared.wire.TlsMessage;
import org.twoftpd.shared.wire.TransferLine;

/** TLS on one control connection: what it is offered, and what has come of it. */
public final class ConnectionTls {
  private final TlsOffer offer;
  private final SigningRight right;
  private TlsMessage.TlsStarted started;
  private boolean failed;
  private boolean isPrivate;

  /** That of a client which comes while this is offered. */
  public ConnectionTls(TlsOffer offer) {
    this.offer = offer;
    this.right = new SigningRight(offer);
  }

  /** Which signatures it may have. */
  public SigningRight right() {
    return right;
  }

  /** The control connection is over TLS from here on. */
  public void start(TlsMessage.TlsStarted m) throws ProtocolViolation {
    checkFirst("begins TLS");
    started = m;
  }

  /** The handshake has failed. */
  public void fail() throws ProtocolViolation {
    checkFirst("fails with TLS");
    failed = true;
  }

  private void checkFirst(String what) throws ProtocolViolation {
    if (!offer.isOn() || started != null || failed) {
      throw new ProtocolViolation(what + " where there is none, or a second time");
    }
  }

  /** The client has chosen PROT P or PROT C. */
  public void protectData(boolean privately) throws ProtocolViolation {
    if (started == null || !privately && offer.protectsData()) {
      throw new ProtocolViolation("lets a client choose what it may not");
    }
    isPrivate = privately;
  }

  /** True when the client talks over TLS. */
  public boolean isSecure() {
    return started != null;
  }

  /** True when it may not log in as it is. */
  public boolean isMissing() {
    return started == null && offer.isRequired();
  }

  /** Protocol, suite and the subject of the client's certificate; null without TLS. */
  public TlsMessage.TlsStarted started() {
    return started;
  }

  /** What a session is told, as bits of {@link TransferLine}; 0 without TLS. */
  public int bits() {
    if (started == null) {
      return 0;
    }
    return TransferLine.SECURE
        | (isPrivate ? TransferLine.PRIVATE : 0)
        | (offer.protectsData() ? TransferLine.DATA_REQUIRED : 0)
        | (offer.isStrictAboutEnds() ? TransferLine.STRICT_EOF : 0)
        | (offer.signsForData() ? 0 : TransferLine.RESUMES);
  }
}
