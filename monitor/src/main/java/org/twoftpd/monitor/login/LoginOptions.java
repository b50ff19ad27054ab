/*
 * Trusted to choose the table and the settings of a login: what the administrator has decided, applied to one account
 * and one client.
 */
package org.twoftpd.monitor.login;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.twoftpd.monitor.client.Connection;
import org.twoftpd.shared.config.AnonymousMode;
import org.twoftpd.shared.config.AnonymousSettings;
import org.twoftpd.shared.config.PortRange;
import org.twoftpd.shared.config.SessionOption;
import org.twoftpd.shared.config.SessionOptions;
import org.twoftpd.shared.config.Settings;
import org.twoftpd.shared.config.Table;
import org.twoftpd.shared.config.TableSettings;

/** Makes of the settings what one session is told. */
public final class LoginOptions {
  private static final byte[] NONE = {};

  private final Settings settings;
  private final PortRange localPorts = LocalPorts.ofKernel();

  /**
   * @param settings all of them
   */
  public LoginOptions(Settings settings) {
    this.settings = settings;
  }

  /** Makes the login of an account whose credentials are right. */
  Login loginOf(Account account, Connection c, long asked) {
    return login(account, table(account), c, true, false, asked);
  }

  /** True when there is an anonymous service. */
  boolean offersAnonymous() {
    return settings.anonymous().isPresent();
  }

  /** Makes the login of somebody without credentials; there must be an anonymous service. */
  Login anonymousLogin(Connection c, boolean answersPassword, long asked) {
    AnonymousSettings a = settings.anonymous().orElseThrow();
    Account account =
        new Account(
            bytes(a.user()),
            bytes(a.group()),
            a.uid(),
            a.gid(),
            a.gids().stream().mapToInt(Integer::intValue).toArray(),
            bytes(a.home()),
            NONE);
    return login(account, a.table(), c, answersPassword, true, asked);
  }

  private Table table(Account account) {
    TableSettings t = settings.tables();
    if (t.forEverybody().isPresent()) {
      return t.forEverybody().get();
    }
    if (is(t.shellWriteOnly(), account.shell())) {
      return Table.DROP;
    }
    return is(t.shellReadOnly(), account.shell()) ? Table.ANON : Table.XFER;
  }

  private static boolean is(Optional<String> wanted, byte[] shell) {
    return wanted.isPresent() && Arrays.equals(bytes(wanted.get()), shell);
  }

  private Login login(
      Account account,
      Table table,
      Connection c,
      boolean answersPassword,
      boolean anonymous,
      long asked) {
    SessionOptions options =
        settings
            .session(table)
            .with(SessionOption.PASV_ADDRESS, settings.pasvAddress(c.peer()))
            .with(
                SessionOption.ANONYMOUS, anonymous ? settings.anonymousMode() : AnonymousMode.OFF);
    if (options.get(SessionOption.PASV_PORTS).equals(PortRange.ANY)) {
      options = options.with(SessionOption.PASV_PORTS, localPorts);
    }
    return new Login(c, account, table, options, answersPassword, anonymous, asked);
  }

  private static byte[] bytes(String s) {
    return s.getBytes(StandardCharsets.UTF_8);
  }
}
