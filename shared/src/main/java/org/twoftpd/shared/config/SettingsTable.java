/*
 * Every setting there is, once.  The reader, the manual and the commented configuration file are made from these rows.
 */
package org.twoftpd.shared.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.twoftpd.shared.os.Endpoint;

/** The settings, by the names of the original twoftpd where it had them. */
public final class SettingsTable {
  private static final int DAY = 86_400;
  private static final int YEAR = 365 * DAY;
  private static final int MANY = 100_000;

  private static final List<Setting<?>> ROWS = new ArrayList<>();

  /** What the rows that follow are for. */
  private static String group = "";

  static {
    group("Listening and limits");
  }

  static final Setting<List<Endpoint>> LISTEN =
      row(
          "LISTEN",
          ValueType.list(
              "ADDRESS:PORT with an IPv6 address in brackets", s -> Parsers.endpoint(s, 0)),
          "0.0.0.0:21,[::]:21",
          "where to listen when systemd passes no socket; port 0 takes any");
  static final Setting<Integer> MAX_CLIENTS =
      row("MAX_CLIENTS", ValueType.number(1, MANY), "200", "connections at a time");
  static final Setting<Integer> MAX_PER_IP =
      row("MAX_PER_IP", ValueType.number(1, MANY), "32", "connections at a time from one address");
  static final Setting<Integer> MAX_PER_USER =
      row("MAX_PER_USER", ValueType.number(1, MANY), "32", "sessions at a time of one user");

  static {
    group("Guessing of passwords");
  }

  static final Setting<Integer> PENALTY_FAILURES =
      row(
          "PENALTY_FAILURES",
          ValueType.number(0, 10_000),
          "20",
          "wrong passwords from one address until it is sent away; 0 is never");
  static final Setting<Integer> PENALTY_TIME =
      row(
          "PENALTY_TIME",
          ValueType.seconds(1, DAY),
          "600",
          "for how long it is sent away, and in which wrong passwords are forgotten");
  static final Setting<Optional<List<IpNetwork>>> PENALTY_EXEMPT =
      row(
          "PENALTY_EXEMPT",
          ValueType.optional(ValueType.list("ADDRESS or NETWORK/BITS", Parsers::network)),
          "none",
          "addresses that are never sent away for wrong passwords");

  static {
    group("Processes");
  }

  static final Setting<int[]> SPARES =
      row(
          "SPARES",
          ValueType.range(0, 256, true),
          "2-8",
          "session processes kept ready: as many as there are processors, within these bounds");
  static final Setting<Optional<Integer>> SPAWN_RATE =
      row(
          "SPAWN_RATE",
          ValueType.optional(ValueType.number(1, 10_000)),
          "what takes three quarters of the processors, as measured",
          "session processes started in a second, at most");
  static final Setting<String> GATE_USER =
      row(
          "GATE_USER",
          ValueType.account(),
          "twoftpd",
          "who the process runs as that talks to clients before login");

  static {
    group("Credentials");
  }

  static final Setting<List<CvmSettings.Module>> CVM =
      row(
          "CVM",
          ValueType.list(
              "cvm-local:PATH, cvm-udp:ADDRESS:PORT, cvm-command:PATH or an absolute PATH",
              Parsers::cvmModule),
          "cvm-local:/run/twoftpd/cvm",
          "the credential modules; the next is asked when one says that the account is none of its own");
  static final Setting<String> SERVICE =
      row("SERVICE", ValueType.text(64), "ftp", "the service that modules are told");
  static final Setting<Optional<Secret>> CVM_LOOKUP_SECRET =
      row(
          "CVM_LOOKUP_SECRET",
          ValueType.optional(ValueType.secret(200)),
          "none",
          "a secret that modules ask for before they answer");
  static final Setting<String> CVM_ACCOUNT_SPLIT_CHARS =
      row(
          "CVM_ACCOUNT_SPLIT_CHARS",
          ValueType.shortText(16),
          "@",
          "told to command modules: what parts account and domain; none when empty");
  static final Setting<Integer> CVM_RANDOM_BYTES =
      row(
          "CVM_RANDOM_BYTES",
          ValueType.number(1, 128),
          "8",
          "random bytes in a request, against forged answers");

  static {
    group("What a login may do");
  }

  static final Setting<Optional<Table>> TABLE =
      row(
          "TABLE",
          ValueType.optional(ValueType.table()),
          "by the user's shell",
          "the table of all accounts, whatever their shells: xfer, anon or drop");
  static final Setting<Optional<String>> SHELL_WRITEONLY =
      row(
          "SHELL_WRITEONLY",
          ValueType.optional(ValueType.absolutePath()),
          "none",
          "users with this shell get the table drop");
  static final Setting<Optional<String>> SHELL_READONLY =
      row(
          "SHELL_READONLY",
          ValueType.optional(ValueType.absolutePath()),
          "none",
          "users with this shell get the table anon");

  static {
    group("What a session sees");
  }

  static final Setting<Boolean> CHROOT =
      row(
          "CHROOT",
          ValueType.onOff(),
          "on",
          "the kernel keeps a session in its home; on wins over the next two when it is written");
  static final Setting<Boolean> SOFTCHROOT =
      row(
          "SOFTCHROOT",
          ValueType.onOff(),
          "off",
          "the same view without the kernel, so that symbolic links lead out; then CHROOT is off");
  static final Setting<Boolean> LOCKHOME =
      row(
          "LOCKHOME",
          ValueType.onOff(),
          "off",
          "real paths, and everything outside the home refused; then CHROOT is off");
  static final Setting<Boolean> NODOTFILES =
      row(
          "NODOTFILES",
          ValueType.onOff(),
          "off",
          "names that begin with a dot are neither shown nor served");

  static {
    group("Time");
  }

  static final Setting<Integer> TIMEOUT =
      row(
          "TIMEOUT",
          ValueType.seconds(1, DAY),
          "900",
          "without a command, or without a byte in a transfer");
  static final Setting<Optional<Integer>> CONNECT_TIMEOUT =
      row(
          "CONNECT_TIMEOUT",
          ValueType.optional(ValueType.seconds(1, DAY)),
          "the value of TIMEOUT",
          "until a data connection is there");
  static final Setting<Integer> AUTH_TIMEOUT =
      row("AUTH_TIMEOUT", ValueType.seconds(1, DAY), "120", "until somebody has logged in");
  static final Setting<Optional<Integer>> SESSION_TIMEOUT =
      row(
          "SESSION_TIMEOUT",
          ValueType.optional(ValueType.seconds(0, YEAR)),
          "none",
          "for a whole session; 0 is none");
  static final Setting<Integer> AUTH_ATTEMPTS =
      row(
          "AUTH_ATTEMPTS",
          ValueType.number(1, 1000),
          "3",
          "refused logins until the connection is closed");

  static {
    group("Words for clients");
  }

  static final Setting<String> LOGINBANNER =
      row("LOGINBANNER", ValueType.lines(), "none", "lines shown before login");
  static final Setting<String> BANNER =
      row("BANNER", ValueType.lines(), "none", "lines shown at login");
  static final Setting<Optional<String>> MESSAGEFILE =
      row(
          "MESSAGEFILE",
          ValueType.optional(ValueType.fileName()),
          "none",
          "a file that is shown when its directory is entered; never in the table drop, "
              + "which reads no file");

  static {
    group("Log");
  }

  static final Setting<Boolean> LOGREQUESTS =
      row("LOGREQUESTS", ValueType.onOff(), "off", "log every command");
  static final Setting<Boolean> LOGRESPONSES =
      row("LOGRESPONSES", ValueType.onOff(), "off", "log every reply");
  static final Setting<Optional<String>> XFERLOG =
      row(
          "XFERLOG",
          ValueType.optional(ValueType.absolutePath()),
          "none",
          "a file that gets a line for each transfer, as xferlog(5) has it");
  static final Setting<Boolean> LOGSYSCALLS =
      row(
          "LOGSYSCALLS",
          ValueType.onOff(),
          "off",
          "log every system call that the kernel refuses the gate or a session");

  static {
    group("Storing");
  }

  static final Setting<Optional<Integer>> UMASK =
      row(
          "UMASK",
          ValueType.optional(ValueType.octalMode()),
          "022, and 077 in the table drop",
          "permissions that stored files and new directories do not get");
  static final Setting<Optional<Boolean>> ATOMIC_STORE =
      row(
          "ATOMIC_STORE",
          ValueType.optional(ValueType.onOff()),
          "on in the table drop, else off",
          "a stored file gets its name when it is whole; in the table drop a broken "
              + "upload leaves an empty `.in.NAME.`");
  static final Setting<Optional<Boolean>> SYNC_STORE =
      row(
          "SYNC_STORE",
          ValueType.optional(ValueType.onOff()),
          "on in the table drop, else off",
          "a stored file is on disk before it is acknowledged");
  static final Setting<Optional<Long>> MAX_FILE_SIZE =
      row(
          "MAX_FILE_SIZE",
          ValueType.optional(ValueType.bytes()),
          "none",
          "bytes that a stored file may have; 0 is no limit");

  static {
    group("Data connections");
  }

  static final Setting<Optional<List<SessionSettings.PasvAddress>>> PASV_ADDRESS =
      row(
          "PASV_ADDRESS",
          ValueType.optional(
              ValueType.list(
                  "an IPv4 ADDRESS, or NETWORK/BITS=ADDRESS by the client's address",
                  Parsers::pasvAddress)),
          "the address that the client connected to",
          "the address that PASV tells: the first that fits the client");
  static final Setting<Optional<int[]>> PASV_PORTS =
      row(
          "PASV_PORTS",
          ValueType.optional(ValueType.range(1024, 65535, false)),
          "net.ipv4.ip_local_port_range",
          "the ports that passive data connections use");
  static final Setting<Optional<Integer>> BIND_PORT =
      row(
          "BIND_PORT",
          ValueType.optional(ValueType.ftpDataPort()),
          "any",
          "the port that active data connections come from");

  static {
    group("Anonymous service");
  }

  static final Setting<AnonymousMode> ANONYMOUS =
      row(
          "ANONYMOUS",
          ValueType.anonymousMode(),
          "off",
          "on serves everybody without a password; also serves the users anonymous and "
              + "ftp that way,"
              + " beside those with accounts");
  static final Setting<String> ANON_USER =
      row("ANON_USER", ValueType.userName(), "ftp", "the account of the anonymous service");
  static final Setting<Optional<String>> ANON_HOME =
      row(
          "ANON_HOME",
          ValueType.optional(ValueType.absolutePath()),
          "the home of ANON_USER",
          "the directory of the anonymous service");
  static final Setting<Table> ANON_TABLE =
      row("ANON_TABLE", ValueType.table(), "anon", "what the anonymous service may do");
  static final Setting<Optional<Integer>> UID =
      row("UID", id(), "that of ANON_USER", "user id of the anonymous service, with GID and HOME");
  static final Setting<Optional<Integer>> GID =
      row("GID", id(), "that of ANON_USER", "group id of the anonymous service");
  static final Setting<Optional<List<Integer>>> GIDS =
      row(
          "GIDS",
          ValueType.optional(
              ValueType.list(
                  "numbers from 1 to " + Integer.MAX_VALUE,
                  s -> (int) ValueType.decimal(s, 1, Integer.MAX_VALUE))),
          "none",
          "supplementary group ids of the anonymous service");
  static final Setting<Optional<String>> HOME =
      row(
          "HOME",
          ValueType.optional(ValueType.absolutePath()),
          "ANON_HOME",
          "another name of ANON_HOME; from the environment only beside UID");
  static final Setting<Optional<String>> USER =
      row(
          "USER",
          ValueType.optional(ValueType.userName()),
          "ANON_USER",
          "the owner that anonymous listings show; from the environment only beside UID");
  static final Setting<String> GROUP =
      row(
          "GROUP",
          ValueType.userName(),
          "mygroup",
          "the group that anonymous listings show; from the environment only beside UID");

  private SettingsTable() {}

  private static void group(String purpose) {
    group = purpose;
  }

  private static <T> Setting<T> row(
      String name, ValueType<T> type, String otherwise, String description) {
    Setting<T> setting = new Setting<>(group, name, type, otherwise, description);
    ROWS.add(setting);
    return setting;
  }

  private static ValueType<Optional<Integer>> id() {
    return ValueType.optional(ValueType.number(1, Integer.MAX_VALUE));
  }

  /** Every setting, in the order in which a reader would want to meet them. */
  public static List<Setting<?>> rows() {
    return List.copyOf(ROWS);
  }
}
