package org.twoftpd.monitor.tls;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.twoftpd.shared.config.TlsMode;
import org.twoftpd.shared.config.TlsReuse;
import org.twoftpd.shared.config.TlsSettings;
import org.twoftpd.shared.wire.TlsMessage;

/**
 * What clients that come from now on are offered: the settings, and the certificates with their
 * keys.
 */
public final class TlsOffer {
  /** There is no TLS. */
  public static final TlsOffer NONE = new TlsOffer(TlsSettings.NONE, CertificateSet.NONE, 0);

  private final TlsSettings settings;
  private final CertificateSet certificates;
  private final int generation;

  /**
   * @param generation differs from that of every offer before
   */
  public TlsOffer(TlsSettings settings, CertificateSet certificates, int generation) {
    this.settings = settings;
    this.certificates = certificates;
    this.generation = generation;
  }

  /** What the gate is told of it. */
  public TlsMessage.TlsTerms terms() {
    return new TlsMessage.TlsTerms(
        generation,
        settings.mode(),
        settings.reuse(),
        settings.dataProtected(),
        settings.clientCertificates(),
        words(settings.protocols()),
        words(settings.ciphers()),
        certificates.chains().stream()
            .map(chain -> chain.toArray(byte[][]::new))
            .toArray(byte[][][]::new),
        certificates.clientCa().toArray(byte[][]::new));
  }

  private static byte[] words(List<String> names) {
    return String.join(" ", names).getBytes(StandardCharsets.US_ASCII);
  }

  /** A line for each certificate that had run out, or was not good yet, when it was read. */
  public List<String> outOfTime() {
    return certificates.outOfTime();
  }

  /** A line for each certificate that is not good then, or not any more within 14 days. */
  public List<String> expiring(Instant now) {
    return certificates.expiring(now);
  }

  /** By which a request for a signature names it. */
  int generation() {
    return generation;
  }

  List<String> protocols() {
    return settings.protocols();
  }

  /** Whether data connections may begin TLS sessions of their own, which need signatures. */
  public boolean signsForData() {
    return settings.reuse() != TlsReuse.REQUIRED;
  }

  CertificateSet certificates() {
    return certificates;
  }

  /** False when there is no TLS. */
  public boolean isOn() {
    return settings.isOn();
  }

  /** True when nobody may log in without TLS. */
  public boolean isRequired() {
    return settings.mode() == TlsMode.REQUIRED;
  }

  /** Whether data connections must be protected where the control connection is. */
  public boolean protectsData() {
    return settings.dataProtected();
  }

  /** Whether an upload without the client's closing alert has failed. */
  public boolean isStrictAboutEnds() {
    return settings.strictEnd();
  }
}
