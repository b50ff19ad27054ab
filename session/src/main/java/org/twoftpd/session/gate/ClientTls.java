/*
 * Trusted with the step from clear to TLS: nothing that was sent in clear is taken for something that came over TLS.
 */
package org.twoftpd.session.gate;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.twoftpd.session.command.ProtectionCommands;
import org.twoftpd.session.control.ConnectionEnded;
import org.twoftpd.session.control.ControlConnection;
import org.twoftpd.session.text.Ascii;
import org.twoftpd.session.tls.TlsClient;
import org.twoftpd.session.tls.TlsConnection;
import org.twoftpd.session.tls.TlsControl;
import org.twoftpd.session.tls.TlsFailed;
import org.twoftpd.shared.fd.ChannelToMonitor;
import org.twoftpd.shared.wire.EndReason;
import org.twoftpd.shared.wire.MessageType.Limits;
import org.twoftpd.shared.wire.TlsMessage;

/** One client's TLS, before it has logged in. */
final class ClientTls extends ProtectionCommands {
  private static final byte[] NONE = {};

  private final GateTls tls;
  private final GateTls.Offer offer;
  private final ChannelToMonitor monitor;
  private final Client client;
  private final Pace pace;
  private TlsConnection connection;
  private TlsClient peer;
  private boolean isPrivate;

  /**
   * @param tls null where there is none
   */
  ClientTls(GateTls tls, ChannelToMonitor monitor, Client client, Pace pace) {
    super("Begin TLS with AUTH first.");
    this.tls = tls;
    this.offer = tls == null ? null : tls.currentOffer();
    this.monitor = monitor;
    this.client = client;
    this.pace = pace;
  }

  boolean isOffered() {
    return offer != null;
  }

  @Override
  protected boolean isSecure() {
    return connection != null;
  }

  @Override
  protected boolean isDataRequired() {
    return offer.message().dataRequired();
  }

  @Override
  protected void setPrivate(boolean privately) {
    if (isPrivate != privately) {
      isPrivate = privately;
      GateMain.tellMonitor(monitor, new TlsMessage.DataProtection(client.connection(), privately));
    }
  }

  /** True when the client has to begin TLS before it may log in. */
  boolean isMissing() {
    return offer != null && offer.isRequired() && !isSecure();
  }

  /**
   * AUTH (RFC 4217, 4): whether TLS is to begin now, behind the reply that this has given.
   *
   * @param mechanism as the client has it
   */
  boolean authenticate(ControlConnection control, byte[] mechanism) throws ConnectionEnded {
    boolean withData =
        Ascii.equalsIgnoreCase(mechanism, "SSL") || Ascii.equalsIgnoreCase(mechanism, "TLS-P");
    if (isSecure()) {
      refuseAgain(control);
      return false;
    }
    if (!withData
        && !Ascii.equalsIgnoreCase(mechanism, "TLS")
        && !Ascii.equalsIgnoreCase(mechanism, "TLS-C")) {
      control.reply(504, "Known are TLS, TLS-C, TLS-P and SSL.");
      return false;
    }
    control.reply(234, "Begin TLS.");
    control.flush();
    if (control.copyUnread().length > 0) {
      // What was sent in clear behind AUTH would be carried out as though it had come over TLS.
      throw new ConnectionEnded(EndReason.NOT_FTP);
    }
    isPrivate = withData;
    return true;
  }

  /**
   * Does the handshake.
   *
   * @param deadline on System.nanoTime's clock
   * @return the control connection that is inside of it
   */
  ControlConnection startTls(long deadline, int idleSeconds) throws ConnectionEnded {
    TlsConnection c = null;
    try {
      peer = new TlsClient(offer.terms(), tls.desk(), client.connection());
      c = peer.control(client.fd(), tls.pool());
      shakeHands(c, deadline);
      peer.remember(c.session());
    } catch (TlsFailed e) {
      if (c != null) {
        c.alert();
        c.release();
      }
      GateMain.tellMonitor(
          monitor, new TlsMessage.TlsFailed(client.connection(), encode(e.getMessage())));
      throw new ConnectionEnded(EndReason.TLS_FAILED);
    }
    connection = c;
    reportStarted(c.session());
    return new TlsControl(c, pace, idleSeconds);
  }

  private void shakeHands(TlsConnection c, long deadline) throws TlsFailed {
    for (int step = c.handshake(); step != TlsConnection.DONE; step = c.handshake()) {
      if (step == TlsConnection.TASK) {
        tls.turns().runInTurn(c::compute);
      } else if (!pace.await(client.fd(), (short) step, deadline)) {
        throw new TlsFailed("not within the time allowed");
      }
    }
  }

  private void reportStarted(SSLSession s) {
    byte[] subject = NONE;
    try {
      if (s.getPeerCertificates()[0] instanceof X509Certificate c) {
        subject = encode(c.getSubjectX500Principal().getName());
      }
    } catch (SSLPeerUnverifiedException e) {
      // Clients need none.
    }
    byte[] protocol = encode(s.getProtocol());
    byte[] suite = encode(s.getCipherSuite());
    GateMain.tellMonitor(
        monitor, new TlsMessage.TlsStarted(client.connection(), protocol, suite, subject));
    if (isPrivate) {
      GateMain.tellMonitor(monitor, new TlsMessage.DataProtection(client.connection(), true));
    }
  }

  private static byte[] encode(String s) {
    byte[] b = s.getBytes(StandardCharsets.UTF_8);
    return b.length > Limits.REASON ? Arrays.copyOf(b, Limits.REASON) : b;
  }

  /** From the first byte on, without AUTH; data connections are private then. */
  void beginImplicitly() {
    isPrivate = true;
  }

  /** The client has logged in: the relay has it from here on. */
  void handToRelay() {
    tls.relay().add(connection, peer, client.takeControl(), client.takeLine());
  }

  /** The client has gone: gives back what its TLS has taken. */
  void releaseBuffers() {
    if (connection != null) {
      connection.release();
    }
  }
}
