/*
 * Trusted with all private keys of the service: reads them, looks at everything that can be wrong with them, and gives them
 * to nobody.
 */
package org.twoftpd.monitor.tls;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.twoftpd.shared.config.TlsNames;
import org.twoftpd.shared.config.TlsSettings;

/** The certificates of the settings with their keys, and those that sign clients' certificates. */
public final class CertificateSet {
  /** So many days before a certificate runs out it is said every day. */
  private static final long WARNING_DAYS = 14;

  private static final int CLIENT_CA_MOST = 64;
  private static final String TLS12 = "TLSv1.2";

  /** Nothing, where there is no TLS. */
  public static final CertificateSet NONE = new CertificateSet(List.of(), "", List.of(), List.of());

  private final List<ServerKey> keys;
  private final String clientCaFile;
  private final List<X509Certificate> clientCa;
  private final List<String> outOfTime;

  private CertificateSet(
      List<ServerKey> keys,
      String clientCaFile,
      List<X509Certificate> clientCa,
      List<String> outOfTime) {
    this.clientCaFile = clientCaFile;
    this.keys = List.copyOf(keys);
    this.clientCa = List.copyOf(clientCa);
    this.outOfTime = List.copyOf(outOfTime);
  }

  /**
   * Reads what the settings name.
   *
   * @param gateGroup the gid of the gate, which must not be able to read a key
   * @param now for {@link #outOfTime}
   * @param faults gets a line for each thing that is wrong, with its setting and file
   * @return what is good of it; not to be used when there are faults
   */
  public static CertificateSet of(
      TlsSettings settings, int gateGroup, Instant now, List<String> faults) {
    if (!settings.isOn()) {
      return NONE;
    }
    List<ServerKey> keys = new ArrayList<>();
    List<String> outOfTime = new ArrayList<>();
    for (TlsSettings.Files f : settings.certificates()) {
      ServerKey key = read(f, gateGroup, faults);
      if (key != null) {
        keys.add(key);
        checkTime(key, now, outOfTime);
      }
    }
    checkSuites(settings, keys, faults);
    List<X509Certificate> clientCa = new ArrayList<>();
    settings.clientCa().ifPresent(file -> clientCa.addAll(clientCa(file, faults)));
    return new CertificateSet(keys, settings.clientCa().orElse(""), clientCa, outOfTime);
  }

  private static ServerKey read(TlsSettings.Files files, int gateGroup, List<String> faults) {
    String where = "TLS_CERT=" + files.certificate();
    boolean together = files.certificate().equals(files.key());
    List<X509Certificate> chain = null;
    PrivateKey key = null;
    try {
      chain = chain(files.certificate());
    } catch (BadKeyFile e) {
      faults.add(where + " " + e.getMessage() + adviceIfMissing(files.certificate()));
    }
    String whereKey = (together ? "TLS_CERT=" : "TLS_KEY=") + files.key();
    try {
      if (!together || chain != null) {
        key = key(files.key(), gateGroup);
      }
      return chain == null || key == null ? null : ServerKey.of(where, chain, key);
    } catch (BadKeyFile e) {
      faults.add(whereKey + " " + e.getMessage());
      return null;
    }
  }

  private static String adviceIfMissing(String file) {
    return Files.notExists(Path.of(file))
        ? "; make a certificate: twoftpd-monitor --make-certificate " + file + ", or set TLS=off"
        : "";
  }

  /**
   * A suite of TLS 1.2 is for one kind of key, and without one for any of ours there would be no
   * handshake.
   */
  private static void checkSuites(TlsSettings settings, List<ServerKey> keys, List<String> faults) {
    if (!settings.protocols().contains(TLS12) || keys.isEmpty()) {
      return;
    }
    List<String> kinds = keys.stream().map(ServerKey::algorithm).distinct().toList();
    boolean usable =
        settings.ciphers().stream()
            .filter(c -> TlsNames.goTogether(TLS12, c))
            .anyMatch(c -> kinds.stream().anyMatch(k -> TlsNames.isForKey(c, k)));
    if (!usable) {
      faults.add(
          "TLS_CIPHERS: must have a suite of TLSv1.2 for a key of TLS_CERT ("
              + String.join(", ", kinds)
              + "), or TLS_PROTOCOLS must be TLSv1.3 alone");
    }
  }

  private static List<X509Certificate> chain(String file) throws BadKeyFile {
    List<Pem.Part> parts = parts(TrustedBytes.read(file));
    try {
      List<X509Certificate> chain = Certificates.of(parts, Certificates.LONGEST_CHAIN);
      Certificates.checkChain(chain);
      return chain;
    } finally {
      parts.forEach(Pem.Part::wipe);
    }
  }

  private static PrivateKey key(String file, int gateGroup) throws BadKeyFile {
    List<Pem.Part> parts = parts(TrustedBytes.read(file));
    try {
      PrivateKey key = PrivateKeys.of(parts);
      TrustedBytes.checkSecret(file, gateGroup);
      return key;
    } finally {
      parts.forEach(Pem.Part::wipe);
    }
  }

  private static List<Pem.Part> parts(byte[] text) throws BadKeyFile {
    try {
      return Pem.parse(text);
    } finally {
      Arrays.fill(text, (byte) 0);
    }
  }

  private static List<X509Certificate> clientCa(String file, List<String> faults) {
    List<X509Certificate> all = new ArrayList<>();
    try {
      for (X509Certificate c : Certificates.of(parts(TrustedBytes.read(file)), CLIENT_CA_MOST)) {
        if (c.getBasicConstraints() < 0) {
          throw new BadKeyFile(
              "has a certificate that signs no others (" + Certificates.name(c) + ")");
        }
        all.add(c);
      }
    } catch (BadKeyFile e) {
      faults.add("TLS_CLIENT_CA=" + file + " " + e.getMessage());
    }
    return all;
  }

  private static void checkTime(ServerKey key, Instant now, List<String> outOfTime) {
    if (now.isAfter(key.expires())) {
      outOfTime.add(key.where() + " has run out, on " + day(key.expires()));
    } else if (now.isBefore(key.begins())) {
      outOfTime.add(key.where() + " is not good before " + day(key.begins()));
    }
  }

  private static String day(Instant when) {
    return DateTimeFormatter.ISO_LOCAL_DATE.withZone(ZoneOffset.UTC).format(when);
  }

  /**
   * What was no longer or not yet good when it was read. It can be served all the same, since
   * clients look for themselves and a clock can be wrong.
   */
  public List<String> outOfTime() {
    return outOfTime;
  }

  /**
   * A line for each certificate that is not good then, or not any more within 14 days; those that
   * sign the certificates of clients too, without which no client's is believed.
   */
  public List<String> expiring(Instant now) {
    List<String> lines = new ArrayList<>();
    for (ServerKey k : keys) {
      warn(k.where(), k.begins(), k.expires(), now, lines);
    }
    for (X509Certificate c : clientCa) {
      String where = "TLS_CLIENT_CA=" + clientCaFile + " (" + Certificates.name(c) + ")";
      warn(where, c.getNotBefore().toInstant(), c.getNotAfter().toInstant(), now, lines);
    }
    return lines;
  }

  private static void warn(
      String where, Instant begins, Instant expires, Instant now, List<String> lines) {
    long days = ChronoUnit.DAYS.between(now, expires);
    if (now.isAfter(expires)) {
      lines.add(where + " has run out, on " + day(expires));
    } else if (now.isBefore(begins)) {
      lines.add(where + " is not good before " + day(begins));
    } else if (days < WARNING_DAYS) {
      lines.add(where + " runs out on " + day(expires) + ", in " + days + " days");
    }
  }

  /** How many certificates of its own the service has; each is known by its place, from 0. */
  public int size() {
    return keys.size();
  }

  /** The certificates of each place as DER, the server's own first. */
  public List<List<byte[]>> chains() {
    return keys.stream().map(ServerKey::encoded).toList();
  }

  /** The certificates that sign those of clients, as DER. */
  public List<byte[]> clientCa() {
    return clientCa.stream().map(Certificates::encoded).toList();
  }

  /** The key of that place. */
  ServerKey key(int place) {
    return keys.get(place);
  }
}
