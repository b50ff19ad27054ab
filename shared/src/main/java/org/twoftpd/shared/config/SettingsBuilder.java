/*
 * Trusted with what holds between settings: the records that the rest of the program sees are made here, and only here.
 */
package org.twoftpd.shared.config;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes {@link Settings} of single values, and complains about those that do not go together. */
final class SettingsBuilder {
  private static final Settings.GateUser NOBODY = new Settings.GateUser(65534, 65534);

  private final SettingsReader values;
  private final PasswdFile passwd;

  SettingsBuilder(SettingsReader values, PasswdFile passwd) {
    this.values = values;
    this.passwd = passwd;
  }

  Settings build() {
    Settings.GateUser gate = gateUser();
    return new Settings(
        new ListenSettings(values.get(SettingsTable.LISTEN)),
        limits(),
        cvm(),
        gate,
        login(),
        tables(),
        values.get(SettingsTable.ANONYMOUS) == AnonymousMode.OFF
            ? Optional.empty()
            : anonymous(gate),
        session(Table.XFER),
        session(Table.ANON),
        session(Table.DROP),
        values.get(SettingsTable.XFERLOG),
        values.get(SettingsTable.LOGSYSCALLS));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private LimitSettings limits() {
    int[] spares = values.get(SettingsTable.SPARES);
    return new LimitSettings(
        values.get(SettingsTable.MAX_CLIENTS),
        values.get(SettingsTable.MAX_PER_IP),
        values.get(SettingsTable.MAX_PER_USER),
        values.get(SettingsTable.PENALTY_FAILURES),
        values.get(SettingsTable.PENALTY_TIME),
        values.get(SettingsTable.PENALTY_EXEMPT).orElse(List.of()),
        spares[0],
        spares[1],
        values.get(SettingsTable.SPAWN_RATE).orElse(0));
  }

  private CvmSettings cvm() {
    return new CvmSettings(
        values.get(SettingsTable.CVM),
        values.get(SettingsTable.SERVICE),
        values.get(SettingsTable.CVM_LOOKUP_SECRET),
        values.get(SettingsTable.CVM_ACCOUNT_SPLIT_CHARS),
        values.get(SettingsTable.CVM_RANDOM_BYTES),
        Map.copyOf(values.passedThrough()));
  }

  private LoginSettings login() {
    return new LoginSettings(
        bytes(values.get(SettingsTable.LOGINBANNER)),
        values.get(SettingsTable.TIMEOUT),
        values.get(SettingsTable.AUTH_TIMEOUT),
        values.get(SettingsTable.AUTH_ATTEMPTS),
        values.get(SettingsTable.LOGREQUESTS),
        values.get(SettingsTable.LOGRESPONSES));
  }

  private TableSettings tables() {
    Optional<String> writeOnly = values.get(SettingsTable.SHELL_WRITEONLY);
    Optional<String> readOnly = values.get(SettingsTable.SHELL_READONLY);
    if (writeOnly.isPresent() && writeOnly.equals(readOnly)) {
      values.complain(
          SettingsTable.SHELL_READONLY,
          "SHELL_READONLY and SHELL_WRITEONLY are the same: one shell cannot mean two tables");
    }
    return new TableSettings(values.get(SettingsTable.TABLE), writeOnly, readOnly);
  }

  private SessionSettings session(Table table) {
    boolean drop = table == Table.DROP;
    int timeout = values.get(SettingsTable.TIMEOUT);
    return new SessionSettings(
        root(),
        timeout,
        values.get(SettingsTable.CONNECT_TIMEOUT).orElse(timeout),
        values.get(SettingsTable.SESSION_TIMEOUT).orElse(0),
        bytes(values.get(SettingsTable.BANNER)),
        bytes(values.get(SettingsTable.MESSAGEFILE).orElse("")),
        values.get(SettingsTable.NODOTFILES),
        values.get(SettingsTable.LOGREQUESTS),
        values.get(SettingsTable.LOGRESPONSES),
        values.get(SettingsTable.UMASK).orElse(drop ? 077 : 022),
        values.get(SettingsTable.ATOMIC_STORE).orElse(drop),
        values.get(SettingsTable.SYNC_STORE).orElse(drop),
        values.get(SettingsTable.MAX_FILE_SIZE).orElse(0L),
        values.get(SettingsTable.PASV_ADDRESS).orElse(List.of()),
        values
            .get(SettingsTable.PASV_PORTS)
            .map(range -> new SessionSettings.PortRange(range[0], range[1])),
        values.get(SettingsTable.BIND_PORT).isPresent());
  }

  /** Of those that are asked for, the one that keeps a session in best, as in the original. */
  private RootKind root() {
    boolean chroot = values.get(SettingsTable.CHROOT);
    if (chroot && values.isGiven(SettingsTable.CHROOT)) {
      return RootKind.CHROOT;
    }
    if (values.get(SettingsTable.SOFTCHROOT)) {
      return RootKind.SOFTCHROOT;
    }
    if (values.get(SettingsTable.LOCKHOME)) {
      return RootKind.LOCKHOME;
    }
    return chroot ? RootKind.CHROOT : RootKind.NONE;
  }

  private Settings.GateUser gateUser() {
    Setting<String> setting = SettingsTable.GATE_USER;
    String user = values.get(setting);
    int colon = user.indexOf(':');
    if (colon > 0) {
      return new Settings.GateUser(
          Integer.parseInt(user.substring(0, colon)), Integer.parseInt(user.substring(colon + 1)));
    }
    Optional<PasswdFile.Account> account = passwd.find(user);
    if (account.isEmpty()) {
      values.complain(
          setting,
          "GATE_USER=" + user + ": must be a user of /etc/passwd, or UID:GID; there is no " + user);
      return NOBODY;
    }
    refuseRoot(setting, user, account.get());
    return new Settings.GateUser(account.get().uid(), account.get().gid());
  }

  private void refuseRoot(Setting<?> setting, String user, PasswdFile.Account account) {
    if (account.uid() == 0 || account.gid() == 0) {
      values.complain(
          setting,
          setting.name()
              + "="
              + user
              + ": must be neither uid 0 nor gid 0, which /etc/passwd says");
    }
  }

  private Optional<AnonymousSettings> anonymous(Settings.GateUser gate) {
    Optional<String> home = values.get(SettingsTable.ANON_HOME);
    Optional<String> sameHome = values.get(SettingsTable.HOME);
    if (home.isPresent() && sameHome.isPresent() && !home.equals(sameHome)) {
      values.complain(SettingsTable.HOME, "HOME and ANON_HOME are two names of one setting");
    }
    Optional<PasswdFile.Account> account = account(home.or(() -> sameHome));
    if (account.isEmpty()) {
      return Optional.empty();
    }
    PasswdFile.Account a = account.get();
    if (a.uid() == gate.uid()) {
      values.complain(
          SettingsTable.ANONYMOUS,
          "ANONYMOUS: must have another account than GATE_USER, not uid " + a.uid() + " too");
    }
    return Optional.of(
        new AnonymousSettings(
            values.get(SettingsTable.ANONYMOUS),
            values.get(SettingsTable.USER).orElse(values.get(SettingsTable.ANON_USER)),
            a.uid(),
            a.gid(),
            values.get(SettingsTable.GIDS).orElse(List.of()),
            a.home(),
            values.get(SettingsTable.GROUP),
            values.get(SettingsTable.ANON_TABLE)));
  }

  /** From UID, GID and HOME, which go together as in the original, or from /etc/passwd. */
  private Optional<PasswdFile.Account> account(Optional<String> home) {
    Optional<Integer> uid = values.get(SettingsTable.UID);
    Optional<Integer> gid = values.get(SettingsTable.GID);
    if (uid.isPresent() || gid.isPresent()) {
      if (uid.isEmpty() || gid.isEmpty() || home.isEmpty()) {
        values.complain(
            SettingsTable.ANONYMOUS, "ANONYMOUS: UID, GID and HOME must be set together");
        return Optional.empty();
      }
      return Optional.of(new PasswdFile.Account(uid.get(), gid.get(), home.get()));
    }
    String user = values.get(SettingsTable.ANON_USER);
    Optional<PasswdFile.Account> found = passwd.find(user);
    if (found.isEmpty()) {
      values.complain(
          SettingsTable.ANONYMOUS,
          "ANONYMOUS: must have an account, which is ANON_USER of /etc/passwd (there is no "
              + user
              + ") or UID, GID and HOME");
      return Optional.empty();
    }
    refuseRoot(SettingsTable.ANON_USER, user, found.get());
    String directory = home.orElse(found.get().home());
    if (!directory.startsWith("/")) {
      values.complain(
          SettingsTable.ANON_USER, "ANON_USER=" + user + ": must have an absolute home directory");
    }
    return Optional.of(new PasswdFile.Account(found.get().uid(), found.get().gid(), directory));
  }
}
