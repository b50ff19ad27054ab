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
import org.twoftpd.shared.config.SessionSettings;
import org.twoftpd.shared.config.Settings;
import org.twoftpd.shared.config.Table;
import org.twoftpd.shared.config.TableSettings;
import org.twoftpd.shared.wire.SessionOptions;

/** From settings to what one session is told. */
public final class LoginOptions {
  private static final byte[] NONE = {};

  private final Settings settings;
  private final SessionSettings.PortRange localPorts = LocalPorts.ofKernel();

  /**
   * @param settings all of them
   */
  public LoginOptions(Settings settings) {
    this.settings = settings;
  }

  /** The login of an account whose credentials are right. */
  Login of(Account account, Connection c, long asked) {
    return login(account, table(account), c, true, false, asked);
  }

  /** True when there is an anonymous service. */
  boolean haveAnonymous() {
    return settings.anonymous().isPresent();
  }

  /** The login of somebody who has given no credentials; there must be an anonymous service. */
  Login anonymous(Connection c, boolean answersPassword, long asked) {
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
    SessionSettings s = settings.session(table);
    SessionSettings.PortRange ports = s.pasvPorts().orElse(localPorts);
    SessionOptions options =
        new SessionOptions(
            s.root(),
            s.timeoutSeconds(),
            s.connectTimeoutSeconds(),
            s.sessionTimeoutSeconds(),
            s.banner(),
            s.messageFile(),
            s.noDotFiles(),
            s.logRequests(),
            s.logResponses(),
            s.umask(),
            s.atomicStore(),
            s.syncStore(),
            s.maxFileSize(),
            s.pasvAddress(c.peer()),
            ports.low(),
            ports.high(),
            s.activeFromPort20(),
            anonymous ? settings.anonymousMode() : AnonymousMode.OFF);
    return new Login(c, account, table, options, answersPassword, anonymous, asked);
  }

  private static byte[] bytes(String s) {
    return s.getBytes(StandardCharsets.UTF_8);
  }
}
