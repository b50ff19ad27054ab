package org.twoftpd.session.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.twoftpd.shared.tls.SignatureScheme;

/**
 * The certificates of one control connection and its data connections. Each full handshake has one
 * signature made by a key, and no resumed one has: it has nothing to prove.
 */
final class ServerKeys extends X509ExtendedKeyManager implements KeyHolder {
  private final TlsTerms terms;
  private final KeyHolder holder;
  private final long connection;
  private volatile boolean signed;

  ServerKeys(TlsTerms terms, KeyHolder holder, long connection) {
    this.terms = terms;
    this.holder = holder;
    this.connection = connection;
  }

  /** Whether a handshake since {@link #forgetSignature} was a full one. */
  boolean hasSigned() {
    return signed;
  }

  void forgetSignature() {
    signed = false;
  }

  @Override
  public byte[] sign(long of, int generation, int chain, SignatureScheme scheme, byte[] content)
      throws SignatureException {
    signed = true;
    return holder.sign(of, generation, chain, scheme, content);
  }

  /** {@inheritDoc} The one for the name that the client gives (SNI), else the first of the type. */
  @Override
  public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
    int found = terms.chooseChain(keyType, hostName(engine));
    return found < 0 ? null : Integer.toString(found);
  }

  private static String hostName(SSLEngine engine) {
    if (engine.getHandshakeSession() instanceof ExtendedSSLSession s) {
      List<SNIServerName> names = s.getRequestedServerNames();
      for (SNIServerName n : names) {
        if (n instanceof SNIHostName host) {
          return host.getAsciiName();
        }
      }
    }
    return null;
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return terms.chain(Integer.parseInt(alias));
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    int chain = Integer.parseInt(alias);
    return RemoteKey.of(
        this, terms.chain(chain)[0].getPublicKey(), connection, terms.generation(), chain);
  }

  @Override
  public String[] getServerAliases(String keyType, Principal[] issuers) {
    return null;
  }

  @Override
  public String[] getClientAliases(String keyType, Principal[] issuers) {
    return null;
  }

  @Override
  public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
    return null;
  }

  @Override
  public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
    return null;
  }
}
