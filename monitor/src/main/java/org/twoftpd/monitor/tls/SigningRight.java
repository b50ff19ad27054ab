/*
 * Trusted to say what one client's connection may have signed: a gate that somebody has taken over can neither sign ahead
 * nor sign anything but a handshake.
 */
package org.twoftpd.monitor.tls;

import java.util.ArrayDeque;
import org.twoftpd.shared.tls.SignatureScheme;
import org.twoftpd.shared.wire.ProtocolViolation;

/**
 * The signatures of one control connection and of its data connections, by the certificates and the
 * settings that held when the client came.
 */
public final class SigningRight {
  /** A client that gives up data connections and begins others has no more than this at a time. */
  static final int MOST_LATER = 8;

  private final TlsOffer offer;
  private boolean used;
  private boolean loggedIn;
  private boolean gone;
  private final ArrayDeque<Runnable> later = new ArrayDeque<>();
  private boolean pending;

  /** The right of a client that comes while this is offered. */
  public SigningRight(TlsOffer offer) {
    this.offer = offer;
  }

  /** The client has logged in: what is signed from now on is for its data connections. */
  public void loggedIn() {
    loggedIn = true;
  }

  /** The client has gone: nothing that waits need be signed any more. */
  public void end() {
    gone = true;
  }

  /**
   * Takes a signature, when the gate may ask for it.
   *
   * @param generation of the offer that the gate thinks the connection has
   * @param place of the certificate whose key is to sign
   * @throws ProtocolViolation when it may not
   */
  void take(int generation, int place, SignatureScheme scheme, byte[] content)
      throws ProtocolViolation {
    if (loggedIn ? !offer.signsForData() : used) {
      throw new ProtocolViolation(
          loggedIn
              ? "wants a signature for a data connection, which TLS_REUSE forbids"
              : "wants a second signature for one connection");
    }
    CertificateSet certificates = offer.certificates();
    if (generation != offer.generation() || place < 0 || place >= certificates.size()) {
      throw new ProtocolViolation("wants a signature of a key that there is not");
    }
    if (!scheme.keyAlgorithm().equals(certificates.key(place).algorithm())) {
      throw new ProtocolViolation("wants a signature of a kind that the key is not for");
    }
    if (!isHandshake(scheme, content)) {
      throw new ProtocolViolation("wants a signature of what is no handshake");
    }
    used = true;
  }

  private boolean isHandshake(SignatureScheme scheme, byte[] content) {
    if (HandshakeContent.isTls13(content)) {
      return scheme.isForTls13() && offer.protocols().contains("TLSv1.3");
    }
    return HandshakeContent.isTls12(content) && offer.protocols().contains("TLSv1.2");
  }

  ServerKey key(int place) {
    return offer.certificates().key(place);
  }

  boolean isGone() {
    return gone;
  }

  /**
   * Has something wait until what was asked for before is signed, so that answers come in order.
   *
   * @return true when nothing was asked for before
   */
  boolean begin(Runnable what) throws ProtocolViolation {
    if (!pending) {
      pending = true;
      return true;
    }
    if (later.size() == MOST_LATER) {
      throw new ProtocolViolation("wants more signatures for one connection than it can use");
    }
    later.add(what);
    return false;
  }

  /** One has been answered: the next has its turn. */
  void endPending() {
    Runnable next = later.poll();
    pending = next != null;
    if (pending) {
      next.run();
    }
  }
}
