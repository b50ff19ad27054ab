/*
 * Trusted to choose the accounts that the gate and the anonymous service run as: never root's.
 */
package org.twoftpd.shared.config;

import java.util.List;
import java.util.Optional;

/** The accounts that settings name, found in /etc/passwd where they are not numbers. */
final class ServiceAccounts {
  private static final Settings.GateUser NOBODY = new Settings.GateUser(65534, 65534);

  private final GivenSettings values;
  private final PasswdFile passwd;

  ServiceAccounts(GivenSettings values, PasswdFile passwd) {
    this.values = values;
    this.passwd = passwd;
  }

  /** The account of GATE_USER; a harmless one when it is refused. */
  Settings.GateUser findGateUser() {
    Setting<String> setting = ServiceRows.GATE_USER;
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
              + ": must be an account with neither uid 0 nor gid 0; /etc/passwd gives it one of them");
    }
  }

  /** The anonymous service with its account; none when that is refused. */
  Optional<AnonymousSettings> findAnonymous(Settings.GateUser gate) {
    Optional<String> home = values.get(AnonymousRows.ANON_HOME);
    Optional<String> sameHome = values.get(AnonymousRows.HOME);
    if (home.isPresent() && sameHome.isPresent() && !home.equals(sameHome)) {
      values.complain(
          AnonymousRows.HOME,
          "HOME="
              + EnvironmentFile.clip(sameHome.get())
              + ": must be the same as ANON_HOME="
              + EnvironmentFile.clip(home.get())
              + ", or only one of them be set, since they are two names of one setting");
    }
    Optional<PasswdFile.Account> account = findAnonymousAccount(home.or(() -> sameHome));
    if (account.isEmpty()) {
      return Optional.empty();
    }
    PasswdFile.Account a = account.get();
    if (a.uid() == gate.uid()) {
      values.complain(
          AnonymousRows.ANONYMOUS,
          "ANONYMOUS: must have another account than GATE_USER, and both have the uid " + a.uid());
    }
    return Optional.of(
        new AnonymousSettings(
            values.get(AnonymousRows.ANONYMOUS),
            values.get(AnonymousRows.USER).orElse(values.get(AnonymousRows.ANON_USER)),
            a.uid(),
            a.gid(),
            values.get(AnonymousRows.GIDS).orElse(List.of()),
            a.home(),
            values.get(AnonymousRows.GROUP),
            values.get(AnonymousRows.ANON_TABLE)));
  }

  /** The account by UID, GID and HOME, which go together as in the original, or by its name. */
  private Optional<PasswdFile.Account> findAnonymousAccount(Optional<String> home) {
    Optional<Integer> uid = values.get(AnonymousRows.UID);
    Optional<Integer> gid = values.get(AnonymousRows.GID);
    if (uid.isPresent() || gid.isPresent()) {
      if (uid.isEmpty() || gid.isEmpty() || home.isEmpty()) {
        values.complain(
            AnonymousRows.ANONYMOUS, "ANONYMOUS: UID, GID and HOME must be set together");
        return Optional.empty();
      }
      return Optional.of(new PasswdFile.Account(uid.get(), gid.get(), home.get()));
    }
    String user = values.get(AnonymousRows.ANON_USER);
    Optional<PasswdFile.Account> found = passwd.find(user);
    if (found.isEmpty()) {
      values.complain(
          AnonymousRows.ANONYMOUS,
          "ANONYMOUS: must have an account; set ANON_USER to a user of /etc/passwd (there is no "
              + user
              + "), or set UID, GID and HOME");
      return Optional.empty();
    }
    refuseRoot(AnonymousRows.ANON_USER, user, found.get());
    String directory = home.orElse(found.get().home());
    if (!directory.startsWith("/")) {
      values.complain(
          AnonymousRows.ANON_USER, "ANON_USER=" + user + ": must have an absolute home directory");
    }
    return Optional.of(new PasswdFile.Account(found.get().uid(), found.get().gid(), directory));
  }
}
