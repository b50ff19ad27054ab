package org.twoftpd.shared.config;

import java.util.List;
import java.util.Optional;

/**
 * The settings of the service as a whole: where it listens, how much it takes on, whom it lets in.
 */
final class ServiceRows {
  private static final int DAY = 86_400;
  private static final int MANY = 100_000;

  private static final SettingGroup LIMITS = new SettingGroup("Listening and limits");
  private static final SettingGroup GUESSING = new SettingGroup("Guessing of passwords");
  private static final SettingGroup PROCESSES = new SettingGroup("Processes");
  private static final SettingGroup CREDENTIALS = new SettingGroup("Credentials");
  private static final SettingGroup LOGINS = new SettingGroup("What a login may do");

  static final Setting<List<ListenAddress>> LISTEN =
      LIMITS.add(
          "LISTEN",
          ValueType.list(
              "ADDRESS:PORT with an IPv6 address in brackets, or tls: and that",
              ListenAddress::parse),
          "0.0.0.0:21,[::]:21",
          "where to listen when systemd passes no socket; port 0 takes any; with tls: in front, TLS"
              + " begins before the greeting (implicit TLS, port 990)");
  static final Setting<Integer> MAX_CLIENTS =
      LIMITS.add(
          "MAX_CLIENTS",
          NumberTypes.number(1, MANY),
          "200",
          "the largest number of connections at one time");
  static final Setting<Integer> MAX_PER_IP =
      LIMITS.add(
          "MAX_PER_IP",
          NumberTypes.number(1, MANY),
          "32",
          "the largest number of connections at one time from one address");
  static final Setting<Integer> MAX_PER_USER =
      LIMITS.add(
          "MAX_PER_USER",
          NumberTypes.number(1, MANY),
          "32",
          "the largest number of sessions at one time of one user");

  static final Setting<Integer> PENALTY_FAILURES =
      GUESSING.add(
          "PENALTY_FAILURES",
          NumberTypes.number(0, 10_000),
          "20",
          "how many wrong passwords get an address turned away; 0 turns none away");
  static final Setting<Integer> PENALTY_TIME =
      GUESSING.add(
          "PENALTY_TIME",
          NumberTypes.seconds(1, DAY),
          "600",
          "how long an address is turned away, and how long its wrong passwords are remembered");
  static final Setting<Optional<List<IpNetwork>>> PENALTY_EXEMPT =
      GUESSING.add(
          "PENALTY_EXEMPT",
          ValueType.optional(
              ValueType.list("ADDRESS or NETWORK/BITS", AddressParser::parseNetwork)),
          "none",
          "addresses that are never turned away for wrong passwords");

  static final Setting<int[]> SPARES =
      PROCESSES.add(
          "SPARES",
          NumberTypes.range(0, 256, true),
          "2-8",
          "how many session processes are kept ready: as many as there are processors, within this"
              + " range");
  static final Setting<Optional<Integer>> SPAWN_RATE =
      PROCESSES.add(
          "SPAWN_RATE",
          ValueType.optional(NumberTypes.number(1, 10_000)),
          "what takes three quarters of the processors, as measured",
          "how many session processes are started in a second, at most");
  static final Setting<String> GATE_USER =
      PROCESSES.add(
          "GATE_USER",
          TextTypes.account(),
          "twoftpd",
          "the account of the process that talks to clients before they have logged in");

  static final Setting<List<CvmSettings.Module>> CVM =
      CREDENTIALS.add(
          "CVM",
          ValueType.list(
              "cvm-local:PATH, cvm-udp:ADDRESS:PORT, cvm-command:PATH or an absolute PATH",
              CvmSettings::parseModule),
          "cvm-local:/run/twoftpd/cvm",
          "the credential modules; when one says that an account is not its own, the next one is"
              + " asked");
  static final Setting<String> SERVICE =
      CREDENTIALS.add(
          "SERVICE",
          TextTypes.text(64),
          "ftp",
          "the name of the service that credential modules are told");
  static final Setting<Optional<Secret>> CVM_LOOKUP_SECRET =
      CREDENTIALS.add(
          "CVM_LOOKUP_SECRET",
          ValueType.optional(TextTypes.secret(200)),
          "none",
          "a secret that credential modules want to see before they answer");
  static final Setting<String> CVM_ACCOUNT_SPLIT_CHARS =
      CREDENTIALS.add(
          "CVM_ACCOUNT_SPLIT_CHARS",
          TextTypes.shortText(16),
          "@",
          "the characters between account and domain, for command modules; empty for none");
  static final Setting<Integer> CVM_RANDOM_BYTES =
      CREDENTIALS.add(
          "CVM_RANDOM_BYTES",
          NumberTypes.number(1, 128),
          "8",
          "how many random bytes a request has, which a forged answer would have to guess");

  static final Setting<Optional<Table>> TABLE =
      LOGINS.add(
          "TABLE",
          ValueType.optional(ChoiceTypes.table()),
          "chosen by the user's shell",
          "the table of all accounts, whatever their shells are: xfer, anon or drop");
  static final Setting<Optional<String>> SHELL_WRITEONLY =
      LOGINS.add(
          "SHELL_WRITEONLY",
          ValueType.optional(TextTypes.absolutePath()),
          "none",
          "users with this shell get the table drop");
  static final Setting<Optional<String>> SHELL_READONLY =
      LOGINS.add(
          "SHELL_READONLY",
          ValueType.optional(TextTypes.absolutePath()),
          "none",
          "users with this shell get the table anon");

  /** The groups of these settings, in the order of the manual. */
  static final List<SettingGroup> GROUPS =
      List.of(LIMITS, GUESSING, PROCESSES, CREDENTIALS, LOGINS);

  private ServiceRows() {}
}
