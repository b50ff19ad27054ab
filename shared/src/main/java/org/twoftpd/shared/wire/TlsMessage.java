package org.twoftpd.shared.wire;

import org.twoftpd.shared.config.ClientCertificates;
import org.twoftpd.shared.config.TlsMode;
import org.twoftpd.shared.config.TlsReuse;
import org.twoftpd.shared.tls.SignatureScheme;

/** What monitor and gate say to each other about TLS; no session loads this. */
public sealed interface TlsMessage extends Message {
  /**
   * Monitor to gate, before the first {@link GateMessage.Options} and whenever these have changed:
   * how to speak TLS with clients that come from now on.
   *
   * @param generation tells these from earlier ones, in {@link SignRequest}
   * @param dataRequired whether PROT C is refused
   * @param protocols names of JSSE with a blank between them
   * @param suites names of JSSE with a blank between them, in order; empty for JSSE's own choice
   * @param chains of certificates, each in DER and the server's own first
   * @param authorities whose clients' certificates are trusted, in DER
   */
  record TlsTerms(
      int generation,
      TlsMode mode,
      TlsReuse reuse,
      boolean dataRequired,
      ClientCertificates clients,
      byte[] protocols,
      byte[] suites,
      byte[][][] chains,
      byte[][] authorities)
      implements TlsMessage {
    @Override
    public MessageType type() {
      return MessageType.TLS_TERMS;
    }
  }

  /**
   * Gate to monitor: a handshake needs a signature. Once for each control connection, and for its
   * data connections where TLS_REUSE lets them have a session of their own.
   *
   * @param generation of the terms that the connection began under
   * @param chain whose key, by its place in them
   * @param content what is to be signed, before it is hashed
   */
  record SignRequest(
      long connection, int generation, int chain, SignatureScheme scheme, byte[] content)
      implements TlsMessage {
    @Override
    public MessageType type() {
      return MessageType.SIGN_REQUEST;
    }
  }

  /** Monitor to gate: the signature, or nothing when there is none to be had. */
  record Signed(long connection, byte[] signature) implements TlsMessage {
    @Override
    public MessageType type() {
      return MessageType.SIGNED;
    }
  }

  /**
   * Gate to monitor: the control connection is over TLS from here on.
   *
   * @param subject of the client's certificate; empty without one
   */
  record TlsStarted(long connection, byte[] protocol, byte[] suite, byte[] subject)
      implements TlsMessage {
    @Override
    public MessageType type() {
      return MessageType.TLS_STARTED;
    }
  }

  /**
   * Gate to monitor: a control connection's handshake has failed, and {@link GateMessage.HungUp}
   * follows.
   */
  record TlsFailed(long connection, byte[] reason) implements TlsMessage {
    @Override
    public MessageType type() {
      return MessageType.TLS_FAILED;
    }
  }

  /**
   * Gate to monitor, of a client that has logged in: a data connection's handshake failed, or it
   * did not resume the control connection's session and is served nevertheless.
   */
  record DataHandshake(long connection, boolean served, byte[] reason) implements TlsMessage {
    @Override
    public MessageType type() {
      return MessageType.DATA_HANDSHAKE;
    }
  }

  /** Gate to monitor: the client has chosen PROT P, or C, before it has logged in. */
  record DataProtection(long connection, boolean isPrivate) implements TlsMessage {
    @Override
    public MessageType type() {
      return MessageType.DATA_PROTECTION;
    }
  }

  /**
   * Monitor to gate, with a descriptor, before {@link GateMessage.LoginGranted} of a connection
   * over TLS: the session reads there what the client sends and writes there what the client is to
   * read.
   */
  record RelayControl(long connection) implements TlsMessage {
    @Override
    public MessageType type() {
      return MessageType.RELAY_CONTROL;
    }
  }

  /** Monitor to gate, with a descriptor, beside {@link RelayControl}: for {@link TransferLine}. */
  record RelayLine(long connection) implements TlsMessage {
    @Override
    public MessageType type() {
      return MessageType.RELAY_LINE;
    }
  }
}
