package org.twoftpd.shared.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The settings of TLS. */
final class TlsRows {
  private static final SettingGroup TLS_GROUP = new SettingGroup("Encryption");

  static final Setting<TlsMode> TLS =
      TLS_GROUP.add(
          "TLS",
          ChoiceTypes.name(TlsMode.values()),
          "on",
          "on encrypts for clients that ask for it; required lets nobody log in without");
  static final Setting<List<String>> TLS_CERT =
      TLS_GROUP.add(
          "TLS_CERT",
          ValueType.list("absolute paths of PEM files", TextTypes::checkPath),
          "/etc/twoftpd/tls/self-signed.pem",
          "the certificates of the service, each followed in its file by those that sign it; of "
              + "those with a kind of key that it knows, a client is shown the one for the name "
              + "that it asks for, or the first");
  static final Setting<Optional<List<String>>> TLS_KEY =
      TLS_GROUP.add(
          "TLS_KEY",
          ValueType.optional(ValueType.list("absolute paths of PEM files", TextTypes::checkPath)),
          "in the files of TLS_CERT",
          "the private keys of the certificates, in the same order; RSA, EC, Ed25519 or Ed448, "
              + "not encrypted, and readable neither by others nor by the group of GATE_USER");
  static final Setting<DataProtection> TLS_DATA =
      TLS_GROUP.add(
          "TLS_DATA",
          ChoiceTypes.name(DataProtection.values()),
          "required",
          "required has files and listings of a login over TLS encrypted; any lets the client have "
              + "them in the clear (PROT C)");
  static final Setting<TlsReuse> TLS_REUSE =
      TLS_GROUP.add(
          "TLS_REUSE",
          ChoiceTypes.name(TlsReuse.values()),
          "required",
          "whether a data connection must resume the TLS session of its control connection, which"
              + " proves that it is the same client's; accepted lets others in and logs them, off"
              + " lets them in");
  static final Setting<List<String>> TLS_PROTOCOLS =
      TLS_GROUP.add(
          "TLS_PROTOCOLS",
          ValueType.list("TLSv1.3 or TLSv1.2", s -> TlsNames.check(TlsNames.PROTOCOLS, s)),
          String.join(",", TlsNames.PROTOCOLS),
          "the versions of TLS");
  static final Setting<Optional<List<String>>> TLS_CIPHERS =
      TLS_GROUP.add(
          "TLS_CIPHERS",
          ValueType.optional(
              ValueType.list(
                  "names of cipher suites that twoftpd.conf(5) lists",
                  s -> TlsNames.check(TlsNames.CIPHERS, s))),
          "all of those, AES-GCM first",
          "the cipher suites, the one preferred first");
  static final Setting<Boolean> TLS_STRICT_EOF =
      TLS_GROUP.add(
          "TLS_STRICT_EOF",
          ChoiceTypes.onOff(),
          "on",
          "refuse an encrypted upload that ends without the client's saying so (close_notify), "
              + "since somebody may have cut it; off is for devices that never say it");
  static final Setting<Optional<String>> TLS_CLIENT_CA =
      TLS_GROUP.add(
          "TLS_CLIENT_CA",
          ValueType.optional(TextTypes.absolutePath()),
          "none",
          "a PEM file of the certificates that sign those of clients");
  static final Setting<ClientCertificates> TLS_CLIENT_CERT =
      TLS_GROUP.add(
          "TLS_CLIENT_CERT",
          ChoiceTypes.name(ClientCertificates.values()),
          "off",
          "whether clients are asked for a certificate of TLS_CLIENT_CA, beside their password; "
              + "wanted logs whose it is, required gives no TLS without one");

  /** Its groups, in the order in which a reader would want to meet them. */
  static final List<SettingGroup> GROUPS = List.of(TLS_GROUP);

  /** The values of TLS_DATA. */
  enum DataProtection {
    ANY,
    REQUIRED
  }

  private TlsRows() {}

  /** What the settings are together, and complaints about those that do not go together. */
  static TlsSettings settings(GivenSettings values) {
    List<String> certificates = values.get(TLS_CERT);
    List<String> keys = values.get(TLS_KEY).orElse(certificates);
    if (keys.size() != certificates.size()) {
      values.complain(
          TLS_KEY,
          "TLS_KEY: must have as many files as TLS_CERT, "
              + certificates.size()
              + ", not "
              + keys.size());
    }
    Optional<String> clientCa = values.get(TLS_CLIENT_CA);
    ClientCertificates clients = values.get(TLS_CLIENT_CERT);
    if (clients != ClientCertificates.OFF && clientCa.isEmpty()) {
      values.complain(
          TLS_CLIENT_CERT,
          "TLS_CLIENT_CERT: must be off without TLS_CLIENT_CA, since no certificate could be "
              + "believed");
    }
    if (values.get(TLS) == TlsMode.OFF
        && values.get(ServiceRows.LISTEN).stream().anyMatch(ListenAddress::overTls)) {
      values.complain(ServiceRows.LISTEN, "LISTEN: must have no tls: where TLS is off");
    }
    List<String> protocols = values.get(TLS_PROTOCOLS);
    List<String> ciphers = values.get(TLS_CIPHERS).orElse(TlsNames.CIPHERS);
    for (String p : protocols) {
      if (ciphers.stream().noneMatch(c -> TlsNames.goTogether(p, c))) {
        values.complain(
            TLS_CIPHERS,
            "TLS_CIPHERS: must have a suite for each of TLS_PROTOCOLS, and none is of " + p);
      }
    }
    return new TlsSettings(
        values.get(TLS),
        values.get(TLS_DATA) == DataProtection.REQUIRED,
        values.get(TLS_REUSE),
        files(certificates, keys),
        protocols,
        ciphers,
        values.get(TLS_STRICT_EOF),
        clientCa,
        clients);
  }

  private static List<TlsSettings.Files> files(List<String> certificates, List<String> keys) {
    int n = Math.min(certificates.size(), keys.size());
    List<TlsSettings.Files> all = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      all.add(new TlsSettings.Files(certificates.get(i), keys.get(i)));
    }
    return List.copyOf(all);
  }
}
