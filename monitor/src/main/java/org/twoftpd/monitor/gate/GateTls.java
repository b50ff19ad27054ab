/*
 * Trusted with what a gate may ask for about TLS: signatures for connections that it has, one for each, and never for one
 * that is not its business.  A gate that asks for anything else is ended.
 */
package org.twoftpd.monitor.gate;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.function.ObjIntConsumer;
import org.twoftpd.monitor.client.Connection;
import org.twoftpd.monitor.client.ConnectionTls;
import org.twoftpd.monitor.client.UnauthenticatedLog;
import org.twoftpd.monitor.login.Login;
import org.twoftpd.monitor.loop.EventLoop;
import org.twoftpd.monitor.tls.Signer;
import org.twoftpd.monitor.tls.TlsOffer;
import org.twoftpd.shared.log.SessionEvent;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.wire.Message;
import org.twoftpd.shared.wire.ProtocolViolation;
import org.twoftpd.shared.wire.TlsMessage;

/** TLS between the gate's clients and the gate, as far as it is the monitor's to decide. */
final class GateTls {
  /**
   * So many sessions are remembered behind their end, since requests for them may be on the way.
   */
  private static final int MOST_ENDED = 1024;

  private static final int NO_DESCRIPTOR = -1;
  private static final byte[] NOTHING = {};

  private final EventLoop loop;
  private final Signer signer;
  private final UnauthenticatedLog log;
  private final ObjIntConsumer<Message> gate;

  /** Those who have logged in over TLS, and whose bytes the gate goes on relaying. */
  private final Map<Long, Login> relayed = new HashMap<>();

  private final LinkedHashSet<Long> ended = new LinkedHashSet<>();
  private TlsOffer offer;

  /**
   * @param gate sends a message to the gate that there is just now, with a descriptor or -1
   */
  GateTls(
      EventLoop loop,
      TlsOffer offer,
      Signer signer,
      UnauthenticatedLog log,
      ObjIntConsumer<Message> gate) {
    this.loop = loop;
    this.offer = offer;
    this.signer = signer;
    this.log = log;
    this.gate = gate;
  }

  /** Tells the gate what is offered, which it must know before the first client. */
  void tellOffer() {
    gate.accept(offer.terms(), NO_DESCRIPTOR);
  }

  boolean isOffered() {
    return offer.isOn();
  }

  /** Offers something else to the clients that come from now on. */
  void use(TlsOffer newOffer) {
    offer = newOffer;
  }

  /** Offers TLS to a client that the gate is about to be given. */
  void offerTo(Connection c) {
    c.offer(new ConnectionTls(offer));
  }

  /** True when there are sessions whose bytes the gate relays. */
  boolean isRelaying() {
    return !relayed.isEmpty();
  }

  /**
   * Puts the gate between a client over TLS and the session that it is to have: makes both pairs of
   * sockets that lead from one to the other, and gives the gate its ends. Does nothing for a client
   * without TLS.
   *
   * @return false when there are no descriptors left
   */
  boolean prepareRelay(Login login) {
    Connection c = login.connection();
    if (!c.tls().isSecure()) {
      return true;
    }
    int[] control = new int[2];
    int[] line = new int[2];
    // As the sockets of clients are, no end of these blocks.
    if (Native.dataPair(control) < 0) {
      return false;
    }
    if (Native.dataPair(line) < 0) {
      Native.close(control[0]);
      Native.close(control[1]);
      return false;
    }
    gate.accept(new TlsMessage.RelayControl(c.id()), control[0]);
    gate.accept(new TlsMessage.RelayLine(c.id()), line[0]);
    loop.closer().close(control[0]);
    loop.closer().close(line[0]);
    c.relayBy(control[1], line[1]);
    c.tls().right().loggedIn();
    relayed.put(c.id(), login);
    return true;
  }

  /** A client has gone, with its session or before it had one. */
  void forget(Connection c) {
    c.tls().right().end();
    if (relayed.remove(c.id()) != null) {
      ended.add(c.id());
      while (ended.size() > MOST_ENDED) {
        ended.removeFirst();
      }
    }
  }

  /** The gate is gone, and with it every session over TLS: their clients hear no more. */
  void loseAll() {
    relayed.values().forEach(l -> l.connection().tls().right().end());
    relayed.clear();
    ended.clear();
  }

  /**
   * A handshake needs a signature.
   *
   * @param talking finds a client that has not logged in
   */
  void handleSignRequest(TlsMessage.SignRequest m, GateDialogues talking) throws ProtocolViolation {
    Login session = relayed.get(m.connection());
    if (session == null && ended.contains(m.connection())) {
      gate.accept(new TlsMessage.Signed(m.connection(), NOTHING), NO_DESCRIPTOR);
      return;
    }
    Connection c = session != null ? session.connection() : talking.findTalking(m.connection());
    signer.sign(
        c.tls().right(),
        c.peer(),
        m.generation(),
        m.chain(),
        m.scheme(),
        m.content(),
        new Signer.Answer() {
          @Override
          public void signed(byte[] signature) {
            gate.accept(new TlsMessage.Signed(c.id(), signature), NO_DESCRIPTOR);
          }

          @Override
          public void refused(String reason) {
            log.handshakeFailed(c.peer(), reason);
            gate.accept(new TlsMessage.Signed(c.id(), NOTHING), NO_DESCRIPTOR);
          }
        });
  }

  /** A client talks over TLS from now on. */
  void handleStarted(TlsMessage.TlsStarted m, GateDialogues talking) throws ProtocolViolation {
    talking.findTalking(m.connection()).tls().start(m);
  }

  /** A client's handshake has failed. */
  void handleFailed(TlsMessage.TlsFailed m, GateDialogues talking) throws ProtocolViolation {
    Connection c = talking.findTalking(m.connection());
    c.tls().fail();
    log.handshakeFailed(c.peer(), m.reason());
  }

  /** A data connection's handshake was not as it should be; only those of sessions have any. */
  void handleDataHandshake(TlsMessage.DataHandshake m) throws ProtocolViolation {
    Login l = relayed.get(m.connection());
    if (l != null) {
      log.noticeDataHandshake(
          l.share(),
          new SessionEvent.DataHandshake(
              l.account().user(), l.connection().peer(), m.served(), m.reason()));
    } else if (!ended.contains(m.connection())) {
      throw new ProtocolViolation("speaks of data connections of a client that it does not relay");
    }
  }

  /** A client has chosen how its data connections are to be. */
  void handleProtection(TlsMessage.DataProtection m, GateDialogues talking)
      throws ProtocolViolation {
    talking.findTalking(m.connection()).tls().protectData(m.isPrivate());
  }
}
