/*
 * Trusted to find settings that do not go together: only here are the records made that the rest of the program sees.
 */
package org.twoftpd.shared.config;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes {@link Settings} of single values, and complains about those that do not go together. */
final class SettingsBuilder {
  private final GivenSettings values;
  private final ServiceAccounts accounts;

  SettingsBuilder(GivenSettings values, PasswdFile passwd) {
    this.values = values;
    this.accounts = new ServiceAccounts(values, passwd);
  }

  Settings build() {
    Settings.GateUser gate = accounts.findGateUser();
    return new Settings(
        new ListenSettings(values.get(ServiceRows.LISTEN)),
        makeLimits(),
        makeCvm(),
        gate,
        TlsRows.settings(values),
        makeLogin(),
        makeTables(),
        values.get(AnonymousRows.ANONYMOUS) == AnonymousMode.OFF
            ? Optional.empty()
            : accounts.findAnonymous(gate),
        makeSessions(),
        values.get(SessionRows.PASV_ADDRESS).orElse(List.of()),
        values.get(SessionRows.XFERLOG),
        values.get(SessionRows.LOGSYSCALLS));
  }

  private LimitSettings makeLimits() {
    int[] spares = values.get(ServiceRows.SPARES);
    return new LimitSettings(
        values.get(ServiceRows.MAX_CLIENTS),
        values.get(ServiceRows.MAX_PER_IP),
        values.get(ServiceRows.MAX_PER_USER),
        values.get(ServiceRows.PENALTY_FAILURES),
        values.get(ServiceRows.PENALTY_TIME),
        values.get(ServiceRows.PENALTY_EXEMPT).orElse(List.of()),
        spares[0],
        spares[1],
        values.get(ServiceRows.SPAWN_RATE).orElse(0));
  }

  private CvmSettings makeCvm() {
    return new CvmSettings(
        values.get(ServiceRows.CVM),
        values.get(ServiceRows.SERVICE),
        values.get(ServiceRows.CVM_LOOKUP_SECRET),
        values.get(ServiceRows.CVM_ACCOUNT_SPLIT_CHARS),
        values.get(ServiceRows.CVM_RANDOM_BYTES),
        Map.copyOf(values.passedThrough()));
  }

  private LoginSettings makeLogin() {
    return new LoginSettings(
        values.get(SessionRows.LOGINBANNER),
        values.get(SessionRows.TIMEOUT),
        values.get(SessionRows.AUTH_TIMEOUT),
        values.get(SessionRows.AUTH_ATTEMPTS),
        values.get(SessionRows.LOGREQUESTS),
        values.get(SessionRows.LOGRESPONSES));
  }

  private TableSettings makeTables() {
    Optional<String> writeOnly = values.get(ServiceRows.SHELL_WRITEONLY);
    Optional<String> readOnly = values.get(ServiceRows.SHELL_READONLY);
    if (writeOnly.isPresent() && writeOnly.equals(readOnly)) {
      values.complain(
          ServiceRows.SHELL_READONLY,
          "SHELL_READONLY="
              + EnvironmentFile.clip(readOnly.get())
              + ": must differ from SHELL_WRITEONLY, since one shell cannot choose two tables");
    }
    return new TableSettings(values.get(ServiceRows.TABLE), writeOnly, readOnly);
  }

  private Map<Table, SessionOptions> makeSessions() {
    Map<Table, SessionOptions> sessions = new EnumMap<>(Table.class);
    for (Table table : Table.values()) {
      sessions.put(table, makeSession(table));
    }
    return sessions;
  }

  /**
   * What sessions of a table are told. The rows are applied from the last to the first, so that of
   * several settings that choose one thing the first one wins, as CHROOT does.
   */
  private SessionOptions makeSession(Table table) {
    SessionOptions options = SessionOptions.defaults(table);
    for (Setting<?> setting : SettingsTable.rows().reversed()) {
      if (values.isGiven(setting)) {
        options = apply(setting, options);
      }
    }
    return options;
  }

  private <T> SessionOptions apply(Setting<T> setting, SessionOptions before) {
    return setting.apply(before, values.get(setting));
  }
}
