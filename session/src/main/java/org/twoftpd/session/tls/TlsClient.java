/*
 * Trusted to bind data connections to their control connection: the sessions of one client are known to one context, and
 * no other client's can be resumed there.
 */
package org.twoftpd.session.tls;

import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.util.List;
import java.util.function.BiFunction;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.twoftpd.shared.config.TlsReuse;

/** The TLS of one client: its control connection and, one after the other, its data connections. */
public final class TlsClient {
  /** The longest for which a ticket may be good (RFC 8446, 4.6.1): a week. */
  static final int SESSION_SECONDS = 604_800;

  private static final String CONTROL = "ftp";
  private static final String DATA = "ftp-data";

  private final TlsTerms terms;
  private final ServerKeys keys;
  private final SSLContext context;
  private final long connection;
  private Certificate peer;

  public TlsClient(TlsTerms terms, KeyHolder holder, long connection) throws TlsFailed {
    this.terms = terms;
    this.connection = connection;
    this.keys = new ServerKeys(terms, holder, connection);
    try {
      context = terms.newContext(keys);
    } catch (GeneralSecurityException e) {
      throw new TlsFailed(e.getMessage());
    }
  }

  /** The control connection's. */
  public TlsConnection control(int fd, BufferPool pool) throws TlsFailed {
    return new TlsConnection(
        newEngine((_, names) -> names.contains(CONTROL) ? CONTROL : null), fd, pool, false);
  }

  /** To be called when the control connection's handshake is over. */
  public void remember(SSLSession session) {
    peer = peerCertificate(session);
  }

  /**
   * A data connection's. Without the control connection's session its handshake fails, unless the
   * terms have it otherwise.
   *
   * <p>A client that reads gets another ticket with it, since some use each but once. One that
   * uploads gets none, see {@link Handshake}; nor does anybody where data connections may begin
   * sessions, since a stranger's would be taken for the control connection's.
   */
  TlsConnection data(int fd, BufferPool pool, boolean upload) throws TlsFailed {
    boolean bound = terms.reuse() == TlsReuse.REQUIRED;
    SSLEngine e = newEngine((_, names) -> dataProtocol(names));
    e.setEnableSessionCreation(!bound);
    keys.forgetSignature();
    return new TlsConnection(e, fd, pool, upload || !bound);
  }

  /** The monitor's number for it. */
  long connection() {
    return connection;
  }

  /** Whether the log is to tell of data connections that are served and did not resume. */
  boolean tellsOfNewSessions() {
    return terms.reuse() == TlsReuse.ACCEPTED;
  }

  /** Whether the last data connection has resumed the control connection's session. */
  boolean resumed() {
    return !keys.hasSigned();
  }

  /**
   * Whether a data connection is that of another holder of a certificate. One that has resumed is
   * no exception: where data connections may begin sessions, what it has resumed may be the session
   * of a stranger who was refused a moment ago.
   */
  boolean isForeign(SSLSession data) {
    return peer != null && !peer.equals(peerCertificate(data));
  }

  private static Certificate peerCertificate(SSLSession session) {
    try {
      return session.getPeerCertificates()[0];
    } catch (SSLPeerUnverifiedException e) {
      return null;
    }
  }

  private static String dataProtocol(List<String> names) {
    return names.contains(DATA) ? DATA : names.contains(CONTROL) ? CONTROL : null;
  }

  /**
   * A client that names protocols and none of them ours is not one of FTP: it was led here from
   * elsewhere.
   */
  private SSLEngine newEngine(BiFunction<SSLEngine, List<String>, String> protocol) {
    SSLEngine e = context.createSSLEngine();
    e.setUseClientMode(false);
    e.setSSLParameters(terms.newParameters());
    e.setHandshakeApplicationProtocolSelector(protocol);
    return e;
  }
}
