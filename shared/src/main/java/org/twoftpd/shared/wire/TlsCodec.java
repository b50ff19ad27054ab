/*
 * Trusted as Codec is, with what a monitor and its gate say about TLS: no session loads this.
 */
package org.twoftpd.shared.wire;

import org.twoftpd.shared.config.ClientCertificates;
import org.twoftpd.shared.config.TlsMode;
import org.twoftpd.shared.config.TlsReuse;
import org.twoftpd.shared.tls.SignatureScheme;
import org.twoftpd.shared.wire.MessageType.Limits;

/** The bodies of messages about TLS. */
final class TlsCodec {
  /** Far more than a service has: each costs little, and none is allocated before it has come. */
  private static final int MOST = 256;

  private static final TlsMode[] MODES = TlsMode.values();
  private static final TlsReuse[] REUSES = TlsReuse.values();
  private static final ClientCertificates[] CLIENTS = ClientCertificates.values();
  private static final SignatureScheme[] SCHEMES = SignatureScheme.values();

  private TlsCodec() {}

  /** Writes the body of a message; one that has no fields, or is not about TLS, has none here. */
  static void put(BodyWriter b, TlsMessage message) {
    switch (message) {
      case TlsMessage.TlsTerms m -> putTerms(b, m);
      case TlsMessage.SignRequest m -> {
        b.putLong(m.connection());
        b.putInt(m.generation());
        b.putInt(m.chain());
        b.putOneOf(m.scheme());
        b.putBytes(m.content());
      }
      case TlsMessage.Signed m -> {
        b.putLong(m.connection());
        b.putBytes(m.signature());
      }
      case TlsMessage.TlsStarted m -> {
        b.putLong(m.connection());
        b.putBytes(m.protocol());
        b.putBytes(m.suite());
        b.putBytes(m.subject());
      }
      case TlsMessage.TlsFailed m -> {
        b.putLong(m.connection());
        b.putBytes(m.reason());
      }
      case TlsMessage.DataHandshake m -> {
        b.putLong(m.connection());
        b.putBoolean(m.served());
        b.putBytes(m.reason());
      }
      case TlsMessage.DataProtection m -> {
        b.putLong(m.connection());
        b.putBoolean(m.isPrivate());
      }
      case TlsMessage.RelayControl m -> b.putLong(m.connection());
      case TlsMessage.RelayLine m -> b.putLong(m.connection());
    }
  }

  /** Reads the body of a message about TLS. */
  static TlsMessage get(MessageType type, BodyReader b) throws ProtocolViolation {
    return switch (type) {
      case TLS_TERMS -> getTerms(b);
      case SIGN_REQUEST ->
          new TlsMessage.SignRequest(
              b.getLong(),
              b.getInt(),
              b.getInt(),
              b.getOneOf(SCHEMES),
              b.getBytes(Limits.SIGNED_BYTES));
      case SIGNED -> new TlsMessage.Signed(b.getLong(), b.getBytes(Limits.SIGNED_BYTES));
      case TLS_STARTED ->
          new TlsMessage.TlsStarted(
              b.getLong(),
              b.getBytes(Limits.REASON),
              b.getBytes(Limits.REASON),
              b.getBytes(Limits.REASON));
      case TLS_FAILED -> new TlsMessage.TlsFailed(b.getLong(), b.getBytes(Limits.REASON));
      case DATA_HANDSHAKE ->
          new TlsMessage.DataHandshake(b.getLong(), b.getBoolean(), b.getBytes(Limits.REASON));
      case DATA_PROTECTION -> new TlsMessage.DataProtection(b.getLong(), b.getBoolean());
      case RELAY_CONTROL -> new TlsMessage.RelayControl(b.getLong());
      case RELAY_LINE -> new TlsMessage.RelayLine(b.getLong());
      default -> throw new ProtocolViolation(type + " is not about TLS");
    };
  }

  private static void putTerms(BodyWriter b, TlsMessage.TlsTerms m) {
    b.putInt(m.generation());
    b.putOneOf(m.mode());
    b.putOneOf(m.reuse());
    b.putBoolean(m.dataRequired());
    b.putOneOf(m.clients());
    b.putBytes(m.protocols());
    b.putBytes(m.suites());
    b.putInt(m.chains().length);
    for (byte[][] chain : m.chains()) {
      putAll(b, chain);
    }
    putAll(b, m.authorities());
  }

  private static void putAll(BodyWriter b, byte[][] certificates) {
    b.putInt(certificates.length);
    for (byte[] c : certificates) {
      b.putBytes(c);
    }
  }

  private static TlsMessage getTerms(BodyReader b) throws ProtocolViolation {
    int generation = b.getInt();
    TlsMode mode = b.getOneOf(MODES);
    TlsReuse reuse = b.getOneOf(REUSES);
    boolean dataRequired = b.getBoolean();
    ClientCertificates clients = b.getOneOf(CLIENTS);
    byte[] protocols = b.getBytes(Limits.LINE);
    byte[] suites = b.getBytes(Limits.LINE);
    byte[][][] chains = new byte[count(b)][][];
    for (int i = 0; i < chains.length; i++) {
      chains[i] = getAll(b);
    }
    return new TlsMessage.TlsTerms(
        generation, mode, reuse, dataRequired, clients, protocols, suites, chains, getAll(b));
  }

  private static byte[][] getAll(BodyReader b) throws ProtocolViolation {
    byte[][] all = new byte[count(b)][];
    for (int i = 0; i < all.length; i++) {
      all[i] = b.getBytes(Limits.CERTIFICATES);
    }
    return all;
  }

  private static int count(BodyReader b) throws ProtocolViolation {
    int n = b.getInt();
    if (n < 0 || n > MOST) {
      throw new ProtocolViolation("a list in a message is longer than allowed");
    }
    return n;
  }
}
