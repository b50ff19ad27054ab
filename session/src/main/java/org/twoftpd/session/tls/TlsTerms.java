/*
 * Trusted to be how the administrator wants TLS: what the monitor says becomes what JSSE is told, and nothing weaker.
 */
package org.twoftpd.session.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.twoftpd.shared.config.TlsReuse;
import org.twoftpd.shared.wire.TlsMessage;

/** What all connections that come under the same settings have in common. */
public final class TlsTerms {
  private static final int DNS_NAME = 2;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final TlsMessage.TlsTerms message;
  private final List<X509Certificate[]> chains = new ArrayList<>();
  private final List<List<String>> names = new ArrayList<>();
  private final TrustManager[] trust;
  private final String[] protocols;
  private final String[] suites;
  private final String[] groups;

  /**
   * @throws TlsFailed when a certificate is none, or JSSE does not know a protocol or a suite
   */
  public TlsTerms(TlsMessage.TlsTerms message) throws TlsFailed {
    this.message = message;
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (byte[][] chain : message.chains()) {
        X509Certificate[] c = parseCertificates(factory, chain);
        chains.add(c);
        names.add(namesOf(c[0]));
      }
      trust = makeTrust(parseCertificates(factory, message.authorities()));
      protocols = splitWords(message.protocols());
      SSLParameters defaults = readDefaults();
      suites = chooseSuites(splitWords(message.suites()), defaults);
      groups = chooseGroups(defaults);
    } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
      throw new TlsFailed(e.getMessage());
    }
  }

  /** Of a context without the system's trusted certificates, which lie in a file. */
  private static SSLParameters readDefaults() throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[0], RANDOM);
    return context.getDefaultSSLParameters();
  }

  private static X509Certificate[] parseCertificates(CertificateFactory factory, byte[][] ders)
      throws GeneralSecurityException {
    X509Certificate[] all = new X509Certificate[ders.length];
    for (int i = 0; i < ders.length; i++) {
      all[i] = (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(ders[i]));
    }
    return all;
  }

  /** Without authorities none, which is not the same as the default ones of JSSE. */
  private static TrustManager[] makeTrust(X509Certificate[] authorities)
      throws GeneralSecurityException, IOException {
    if (authorities.length == 0) {
      return new TrustManager[0];
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (int i = 0; i < authorities.length; i++) {
      store.setCertificateEntry(Integer.toString(i), authorities[i]);
    }
    TrustManagerFactory f = TrustManagerFactory.getInstance("PKIX");
    f.init(store);
    return f.getTrustManagers();
  }

  private static String[] splitWords(byte[] text) {
    String s = new String(text, StandardCharsets.US_ASCII).trim();
    return s.isEmpty() ? new String[0] : s.split(" +");
  }

  /**
   * Those that were asked for, or JSSE's own without any whose secret the certificate's key alone
   * protects, or whose key agreement is over numbers: the key's holder signs for curves only.
   */
  private static String[] chooseSuites(String[] wanted, SSLParameters defaults) {
    List<String> chosen = new ArrayList<>();
    for (String s : wanted.length > 0 ? wanted : defaults.getCipherSuites()) {
      boolean tls13 = s.startsWith("TLS_AES_") || s.startsWith("TLS_CHACHA20_");
      if (tls13 || s.startsWith("TLS_ECDHE_")) {
        chosen.add(s);
      }
    }
    return chosen.toArray(new String[0]);
  }

  /**
   * JSSE's own key exchanges without those over numbers (RFC 7919): the shortest is weaker than all
   * curves, and the longest costs so much that each hello that asks for it would be an attack.
   */
  private static String[] chooseGroups(SSLParameters defaults) {
    List<String> chosen = new ArrayList<>();
    for (String g : defaults.getNamedGroups()) {
      if (!g.startsWith("ffdhe")) {
        chosen.add(g);
      }
    }
    return chosen.toArray(new String[0]);
  }

  private static List<String> namesOf(X509Certificate c) throws CertificateParsingException {
    List<String> all = new ArrayList<>();
    Collection<List<?>> alternatives = c.getSubjectAlternativeNames();
    if (alternatives != null) {
      for (List<?> n : alternatives) {
        if (n.get(0) instanceof Integer kind && kind == DNS_NAME) {
          all.add(n.get(1).toString().toLowerCase(Locale.ROOT));
        }
      }
    }
    return all;
  }

  /**
   * The place of the chain to prove oneself with, or -1.
   *
   * @param keyType as the algorithm of the key has it
   * @param host that the client wants to talk to, or null
   */
  int chooseChain(String keyType, String host) {
    int first = -1;
    for (int i = 0; i < chains.size(); i++) {
      if (chains.get(i)[0].getPublicKey().getAlgorithm().equals(keyType)) {
        if (host != null && isFor(names.get(i), host.toLowerCase(Locale.ROOT))) {
          return i;
        }
        first = first < 0 ? i : first;
      }
    }
    return first;
  }

  private static boolean isFor(List<String> names, String host) {
    int dot = host.indexOf('.');
    return names.contains(host) || dot > 0 && names.contains("*" + host.substring(dot));
  }

  /** The chain at that place. */
  X509Certificate[] chain(int place) {
    return chains.get(place);
  }

  int generation() {
    return message.generation();
  }

  TlsReuse reuse() {
    return message.reuse();
  }

  /** A context whose sessions no other context knows. */
  SSLContext newContext(ServerKeys keys) throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(new ServerKeys[] {keys}, trust, RANDOM);
    context.getServerSessionContext().setSessionTimeout(TlsClient.SESSION_SECONDS);
    return context;
  }

  /** What an engine is told. */
  SSLParameters newParameters() {
    SSLParameters p = new SSLParameters(suites, protocols);
    p.setUseCipherSuitesOrder(true);
    p.setNamedGroups(groups);
    switch (message.clients()) {
      case OFF -> {}
      case WANTED -> p.setWantClientAuth(true);
      case REQUIRED -> p.setNeedClientAuth(true);
    }
    return p;
  }
}
