package org.twoftpd.shared.config;

import java.util.List;
import java.util.Optional;

/** The settings of what a client meets: the dialogue before its login, and its session. */
final class SessionRows {
  private static final int DAY = 86_400;
  private static final int YEAR = 365 * DAY;

  private static final SettingGroup VIEW = new SettingGroup("What a session sees");
  private static final SettingGroup TIME = new SettingGroup("Time");
  private static final SettingGroup WORDS = new SettingGroup("Words for clients");
  private static final SettingGroup LOG = new SettingGroup("Log");
  private static final SettingGroup STORING = new SettingGroup("Storing");
  private static final SettingGroup DATA = new SettingGroup("Data connections");

  static final Setting<Boolean> CHROOT =
      VIEW.add(
          "CHROOT",
          ChoiceTypes.onOff(),
          "on",
          "the kernel keeps a session in its home; CHROOT=on wins over SOFTCHROOT and LOCKHOME"
              + " where it is set; else each of these turns it off",
          (o, on) -> choose(o, RootKind.CHROOT, on, RootKind.NONE));
  static final Setting<Boolean> SOFTCHROOT =
      VIEW.add(
          "SOFTCHROOT",
          ChoiceTypes.onOff(),
          "off",
          "a session sees its home as the root, but symbolic links lead out; turns CHROOT off",
          (o, on) -> choose(o, RootKind.SOFTCHROOT, on, RootKind.CHROOT));
  static final Setting<Boolean> LOCKHOME =
      VIEW.add(
          "LOCKHOME",
          ChoiceTypes.onOff(),
          "off",
          "a session sees real paths and is refused what is outside its home; turns CHROOT off",
          (o, on) -> choose(o, RootKind.LOCKHOME, on, RootKind.CHROOT));
  static final Setting<Boolean> NODOTFILES =
      VIEW.add(
          "NODOTFILES",
          ChoiceTypes.onOff(),
          "off",
          "files whose names begin with a dot are neither listed nor served",
          SessionOption.NODOTFILES);

  static final Setting<Integer> TIMEOUT =
      TIME.add(
          "TIMEOUT",
          NumberTypes.seconds(1, DAY),
          "900",
          "how long a client may give no command, or move no byte in a transfer",
          SessionOption.TIMEOUT);
  static final Setting<Optional<Integer>> CONNECT_TIMEOUT =
      TIME.addOptional(
          "CONNECT_TIMEOUT",
          NumberTypes.seconds(1, DAY),
          "the value of TIMEOUT",
          "how long a data connection may take to be made",
          SessionOption.CONNECT_TIMEOUT);
  static final Setting<Integer> AUTH_TIMEOUT =
      TIME.add(
          "AUTH_TIMEOUT",
          NumberTypes.seconds(1, DAY),
          "120",
          "how long a client may take to log in");
  static final Setting<Optional<Integer>> SESSION_TIMEOUT =
      TIME.addOptional(
          "SESSION_TIMEOUT",
          NumberTypes.seconds(0, YEAR),
          "none",
          "how long a session may last; 0 is without limit",
          SessionOption.SESSION_TIMEOUT);
  static final Setting<Integer> AUTH_ATTEMPTS =
      TIME.add(
          "AUTH_ATTEMPTS",
          NumberTypes.number(1, 1000),
          "3",
          "how many refused logins close a connection");

  static final Setting<byte[]> LOGINBANNER =
      WORDS.add(
          "LOGINBANNER",
          TextTypes.lines().map(TextTypes::utf8),
          "none",
          "lines that a client is shown before login");
  static final Setting<byte[]> BANNER =
      WORDS.add(
          "BANNER",
          TextTypes.lines().map(TextTypes::utf8),
          "none",
          "lines that a client is shown at login",
          SessionOption.BANNER);
  static final Setting<Optional<byte[]>> MESSAGEFILE =
      WORDS.addOptional(
          "MESSAGEFILE",
          TextTypes.fileName().map(TextTypes::utf8),
          "none",
          "the name of a file that is shown when a directory with it is entered; not in the table"
              + " drop, which reads no file",
          SessionOption.MESSAGEFILE);

  static final Setting<Boolean> LOGREQUESTS =
      LOG.add(
          "LOGREQUESTS",
          ChoiceTypes.onOff(),
          "off",
          "log every command",
          SessionOption.LOGREQUESTS);
  static final Setting<Boolean> LOGRESPONSES =
      LOG.add(
          "LOGRESPONSES",
          ChoiceTypes.onOff(),
          "off",
          "log every reply",
          SessionOption.LOGRESPONSES);
  static final Setting<Optional<String>> XFERLOG =
      LOG.add(
          "XFERLOG",
          ValueType.optional(TextTypes.absolutePath()),
          "none",
          "a file that gets a line for each transfer, in the form of xferlog(5)");
  static final Setting<Boolean> LOGSYSCALLS =
      LOG.add(
          "LOGSYSCALLS",
          ChoiceTypes.onOff(),
          "off",
          "log every system call that the kernel refuses the gate or a session");

  static final Setting<Optional<Integer>> UMASK =
      STORING.addOptional(
          "UMASK",
          NumberTypes.octalMode(),
          "022, and 077 in the table drop",
          "permissions that new files and directories do not get",
          SessionOption.UMASK);
  static final Setting<Optional<Boolean>> ATOMIC_STORE =
      STORING.addOptional(
          "ATOMIC_STORE",
          ChoiceTypes.onOff(),
          "on in the table drop, else off",
          "a stored file gets its name when it is complete; in the table drop an incomplete "
              + "upload leaves an empty `.in.NAME.`",
          SessionOption.ATOMIC_STORE);
  static final Setting<Optional<Boolean>> SYNC_STORE =
      STORING.addOptional(
          "SYNC_STORE",
          ChoiceTypes.onOff(),
          "on in the table drop, else off",
          "a stored file is on the disk before the client is told that it is stored",
          SessionOption.SYNC_STORE);
  static final Setting<Optional<Long>> MAX_FILE_SIZE =
      STORING.addOptional(
          "MAX_FILE_SIZE",
          NumberTypes.bytes(),
          "none",
          "how many bytes a stored file may have; 0 is without limit",
          SessionOption.MAX_FILE_SIZE);

  static final Setting<Optional<List<PasvAddress>>> PASV_ADDRESS =
      DATA.add(
          "PASV_ADDRESS",
          ValueType.optional(
              ValueType.list(
                  "an IPv4 ADDRESS, or NETWORK/BITS=ADDRESS by the client's address",
                  AddressParser::parsePasvAddress)),
          "the address that the client connected to",
          "the address that PASV tells; of several, the first that fits the client");
  static final Setting<Optional<PortRange>> PASV_PORTS =
      DATA.addOptional(
          "PASV_PORTS",
          NumberTypes.range(1024, 65535, false).map(r -> new PortRange(r[0], r[1])),
          "net.ipv4.ip_local_port_range",
          "the ports that passive data connections use",
          SessionOption.PASV_PORTS);
  static final Setting<Optional<Integer>> BIND_PORT =
      DATA.addOptional(
          "BIND_PORT",
          NumberTypes.ftpDataPort(),
          "any",
          "the port that active data connections come from",
          SessionOption.BIND_PORT);

  /** The groups of these settings, in the order of the manual. */
  static final List<SettingGroup> GROUPS = List.of(VIEW, TIME, WORDS, LOG, STORING, DATA);

  private SessionRows() {}

  /** Chooses a kind of root when it is set to on; set to off, replaces it where it was chosen. */
  private static SessionOptions choose(
      SessionOptions before, RootKind kind, boolean on, RootKind otherwise) {
    if (on) {
      return before.with(SessionOption.ROOT, kind);
    }
    return before.get(SessionOption.ROOT) == kind
        ? before.with(SessionOption.ROOT, otherwise)
        : before;
  }
}
