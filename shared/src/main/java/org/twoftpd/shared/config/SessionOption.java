package org.twoftpd.shared.config;

import java.util.ArrayList;

/**
 * One thing that a session is told beyond its table. The rows have the names of their settings, so
 * one search finds all the places of a new one, which are four: its row here, its row in {@link
 * SessionRows}, the code that acts on it, and the test that shows it.
 *
 * <p>Every session loads this class, and every login pays for what a session loads. So what only
 * the monitor needs of a setting, its texts and how its value is read, is in the other row.
 *
 * <p>The type of the default is the type of every value, and says how a value goes over the wire:
 * Integer, Long, Boolean, {@link PortRange}, bytes or an enum.
 */
public final class SessionOption<T> {
  private static final byte[] NONE = {};

  private static final ArrayList<SessionOption<?>> ROWS = new ArrayList<>();

  /** What the session takes for the root of the file system: CHROOT, SOFTCHROOT and LOCKHOME. */
  public static final SessionOption<RootKind> ROOT = oneOf(RootKind.values(), RootKind.CHROOT);

  /** Whether names that begin with a dot are neither shown nor served. */
  public static final SessionOption<Boolean> NODOTFILES = value(false);

  /** How many seconds a client may give no command, or move no byte in a transfer; at least 1. */
  public static final SessionOption<Integer> TIMEOUT = value(900);

  /**
   * How many seconds a data connection may take to be made; 0 stands for {@link #TIMEOUT}.
   *
   * @see SessionOptions#connectSeconds
   */
  public static final SessionOption<Integer> CONNECT_TIMEOUT = value(0);

  /** How many seconds the session may last; 0 is without limit. */
  public static final SessionOption<Integer> SESSION_TIMEOUT = value(0);

  /** Lines that come with the reply to a login, in UTF-8, separated by LF. */
  public static final SessionOption<byte[]> BANNER = bytes(4096);

  /** The name of a file that is shown when its directory is entered; empty for none. */
  public static final SessionOption<byte[]> MESSAGEFILE = bytes(255);

  /** Whether every command is logged. */
  public static final SessionOption<Boolean> LOGREQUESTS = value(false);

  /** Whether every reply is logged. */
  public static final SessionOption<Boolean> LOGRESPONSES = value(false);

  /** Permissions that new files and directories do not get, umask(2); 0 to 0777. */
  public static final SessionOption<Integer> UMASK = value(022, 077);

  /** Whether a stored file gets its name only when it is whole. */
  public static final SessionOption<Boolean> ATOMIC_STORE = value(false, true);

  /** Whether a stored file is on the disk before it is acknowledged. */
  public static final SessionOption<Boolean> SYNC_STORE = value(false, true);

  /** How many bytes a stored file may have, RLIMIT_FSIZE of setrlimit(2); 0 is without limit. */
  public static final SessionOption<Long> MAX_FILE_SIZE = value(0L);

  /** The address that PASV tells instead of the local one: 4 bytes, or none. */
  public static final SessionOption<byte[]> PASV_ADDRESS = bytes(4);

  /** The ports that passive data connections use. */
  public static final SessionOption<PortRange> PASV_PORTS = value(PortRange.ANY);

  /** The port that active data connections come from, which the monitor binds; 0 is any. */
  public static final SessionOption<Integer> BIND_PORT = value(0);

  /** For which user names the session is anonymous; OFF when credentials were checked. */
  public static final SessionOption<AnonymousMode> ANONYMOUS =
      oneOf(AnonymousMode.values(), AnonymousMode.OFF);

  private final int index = ROWS.size();
  private final T standard;
  private final T standardInDrop;
  private final int largest;
  private final T[] choices;

  private SessionOption(T standard, T standardInDrop, int largest, T[] choices) {
    this.standard = standard;
    this.standardInDrop = standardInDrop;
    this.largest = largest;
    this.choices = choices;
    ROWS.add(this);
  }

  private static <T> SessionOption<T> value(T standard) {
    return value(standard, standard);
  }

  private static <T> SessionOption<T> value(T standard, T standardInDrop) {
    return new SessionOption<>(standard, standardInDrop, 0, null);
  }

  private static SessionOption<byte[]> bytes(int largest) {
    return new SessionOption<>(NONE, NONE, largest, null);
  }

  private static <E extends Enum<E>> SessionOption<E> oneOf(E[] choices, E standard) {
    return new SessionOption<>(standard, standard, 0, choices);
  }

  /** Every row, in the order in which the values go over the wire. */
  public static SessionOption<?>[] rows() {
    return ROWS.toArray(new SessionOption<?>[0]);
  }

  /** The place of the row, from 0. */
  int index() {
    return index;
  }

  /** What holds for sessions of a table when nothing is set. */
  public T standard(Table table) {
    return table == Table.DROP ? standardInDrop : standard;
  }

  /** How many bytes a value may have, where values are bytes. */
  public int largest() {
    return largest;
  }

  /** What a value may be, where it is one of an enum; else null. */
  public T[] choices() {
    return choices;
  }
}
