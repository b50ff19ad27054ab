package org.twoftpd.shared.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.twoftpd.shared.os.Endpoint;

/**
 * Everything that an administrator has set, checked, in records for those who need it. {@link
 * SettingsReader} makes it.
 *
 * @param gateUser the account that the gate runs as
 * @param anonymous present when there is an anonymous service
 * @param sessions what sessions are told, for every table
 * @param pasvAddresses what PASV tells, by the client's address; the first that fits; may be none
 * @param transferLog where transfers are logged, an absolute path
 * @param logSyscalls whether system calls are logged that the kernel refuses the gate or a session
 */
public record Settings(
    ListenSettings listen,
    LimitSettings limits,
    CvmSettings cvm,
    GateUser gateUser,
    TlsSettings tls,
    LoginSettings login,
    TableSettings tables,
    Optional<AnonymousSettings> anonymous,
    Map<Table, SessionOptions> sessions,
    List<PasvAddress> pasvAddresses,
    Optional<String> transferLog,
    boolean logSyscalls) {

  /**
   * An account by its numbers.
   *
   * @param uid 1 to 2147483647
   * @param gid 1 to 2147483647
   */
  public record GateUser(int uid, int gid) {}

  /** Who gets the anonymous service. */
  public AnonymousMode anonymousMode() {
    return anonymous.map(AnonymousSettings::mode).orElse(AnonymousMode.OFF);
  }

  /** What sessions of a table are told, before it is known who the client is. */
  public SessionOptions session(Table table) {
    return sessions.get(table);
  }

  /** What PASV tells a client: four bytes of address, or none for the local one. */
  public byte[] pasvAddress(Endpoint client) {
    for (PasvAddress a : pasvAddresses) {
      if (a.clients().contains(client)) {
        return a.told().clone();
      }
    }
    return new byte[0];
  }
}
