/*
 * Trusted with all that an administrator has decided.  Values only; whoever needs some gets the record that holds them.
 */
package org.twoftpd.shared.config;

import java.util.Optional;

/**
 * Everything that can be set, checked, grouped by who needs it. {@link SettingsReader} makes it.
 *
 * @param gateUser the account that the gate runs as
 * @param anonymous present when there is an anonymous service
 * @param xfer what holds for sessions of {@link Table#XFER}; {@code anon} and {@code drop} alike
 * @param transferLog where transfers are logged, an absolute path
 * @param logSyscalls log every system call that the kernel refuses the gate or a session
 */
public record Settings(
    ListenSettings listen,
    LimitSettings limits,
    CvmSettings cvm,
    GateUser gateUser,
    LoginSettings login,
    TableSettings tables,
    Optional<AnonymousSettings> anonymous,
    SessionSettings xfer,
    SessionSettings anon,
    SessionSettings drop,
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

  /** What holds for a session of a table. */
  public SessionSettings session(Table table) {
    return switch (table) {
      case XFER -> xfer;
      case ANON -> anon;
      case DROP -> drop;
    };
  }
}
