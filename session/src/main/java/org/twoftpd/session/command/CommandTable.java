/*
 * Trusted to be the policy: a command that is not in a session's table does not exist for that
 * session.
 */
package org.twoftpd.session.command;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.twoftpd.session.control.CommandLine;
import org.twoftpd.session.control.CommandReader;
import org.twoftpd.session.control.ConnectionEnded;
import org.twoftpd.session.control.ControlConnection;
import org.twoftpd.session.policy.Access;
import org.twoftpd.session.text.Ascii;
import org.twoftpd.session.text.Text;

/**
 * A command table has the commands of one kind of login, or those before login. HELP, FEAT and OPTS
 * are read from the table, so that they cannot promise what it does not have.
 *
 * @param <D> the dialogue in which the client says the commands
 */
public final class CommandTable<D> {
  /** The 500 reply to {@link CommandReader#TOO_LONG} has this text. */
  public static final String LINE_TOO_LONG =
      "Line too long: at most " + CommandReader.LINE_MAX + " bytes.";

  /** The 502 reply to a command that the table does not have has this text. */
  public static final String NOT_IMPLEMENTED = "Command not implemented.";

  private static final int VERBS_ON_A_LINE = 8;
  private static final String SITE = "SITE";

  private static final int KINDS_OF_ACCESS = Access.values().length;

  /** So many commands are remembered; a power of two, since a mask picks the place. */
  private static final int RECENT_COUNT = 16;

  private static final String[] OF_TLS = {"AUTH TLS", "AUTH SSL", "PBSZ", "PROT"};

  private final Map<String, Command<D>> commands = new LinkedHashMap<>();

  private final boolean[] needed = new boolean[KINDS_OF_ACCESS];

  // The table remembers the commands that were found last, by CommandLine.verbKey. A client says
  // the same few verbs again and again, and the map needs much code that is not compiled yet when a
  // session begins.
  @SuppressWarnings({"unchecked", "rawtypes"})
  private final Command<D>[] recent = new Command[RECENT_COUNT];

  private final long[] recentKeys = new long[RECENT_COUNT];

  /** Adds a row. All rows are added before the first command is looked for. */
  @SuppressWarnings("EnumOrdinal")
  public void addRow(Command<D> c) {
    commands.put(c.verb(), c);
    needed[c.needs().ordinal()] = true;
  }

  /** Returns whether the table has a command; {@code verb} may be "SITE" and a word. */
  public boolean has(String verb) {
    return commands.containsKey(verb);
  }

  /** Returns the verbs in the table's order; a command below SITE as "SITE" and its word. */
  public Set<String> verbs() {
    return Collections.unmodifiableSet(commands.keySet());
  }

  /** Returns whether some command of the table needs that access. */
  @SuppressWarnings("EnumOrdinal")
  boolean needs(Access access) {
    return needed[access.ordinal()];
  }

  /**
   * Finds what {@link #findCommand} finds, and is quicker for a verb that was found before. It
   * serves only a process in which one thread alone looks for commands.
   */
  Command<D> findCommandQuickly(CommandLine line) {
    long key = line.verbKey();
    int place = (int) (key ^ key >> 8 ^ key >> 16) & RECENT_COUNT - 1;
    if (recent[place] != null && recentKeys[place] == key) {
      return recent[place];
    }
    Command<D> c = findCommand(line);
    // The verb does not tell which command below SITE was found.
    if (c != null && !c.verb().startsWith(SITE)) {
      recent[place] = c;
      recentKeys[place] = key;
    }
    return c;
  }

  /**
   * Finds the line's command; null when the table has none. For SITE the parameter's first word is
   * part of the name. Any thread may call this.
   */
  public Command<D> findCommand(CommandLine line) {
    String verb = line.verb();
    if (verb.equals(SITE)) {
      byte[] parameter = line.trimmedParameter();
      return commands.get(parameter == null ? SITE : SITE + " " + firstWord(parameter));
    }
    return commands.get(verb);
  }

  /** Returns the first word of a parameter in capitals. */
  static String firstWord(byte[] b) {
    StringBuilder w = new StringBuilder();
    for (int i = 0; i < b.length && b[i] != ' '; i++) {
      w.append(Ascii.toUpperCase(b[i]));
    }
    return w.toString();
  }

  /** Returns what follows the first word of a parameter and a blank; null when nothing does. */
  static byte[] afterFirstWord(byte[] parameter) {
    int i = 0;
    while (i < parameter.length && parameter[i] != ' ') {
      i++;
    }
    return i + 1 < parameter.length ? Arrays.copyOfRange(parameter, i + 1, parameter.length) : null;
  }

  /**
   * Answers HELP, or SITE HELP.
   *
   * @param first the line before the verbs
   * @param site whether to list the commands below SITE, or all others
   * @param last the line after the verbs
   */
  public void replyHelp(ControlConnection control, String first, boolean site, String last)
      throws ConnectionEnded {
    control.replyLine(214, new Text(first));
    Text line = new Text();
    int n = 0;
    for (String verb : commands.keySet()) {
      boolean below = verb.startsWith(SITE + " ");
      if (below == site) {
        line.add(n % VERBS_ON_A_LINE == 0 ? "" : " ");
        line.add(below ? verb.substring(SITE.length() + 1) : verb);
        if (++n % VERBS_ON_A_LINE == 0) {
          control.replyUncodedLine(line);
          line.clear();
        }
      }
    }
    if (line.length() > 0) {
      control.replyUncodedLine(line);
    }
    control.reply(214, last);
  }

  /**
   * Answers FEAT.
   *
   * @param facts the facts that MLST shows
   * @param tls whether a client can have TLS (RFC 4217, 6)
   */
  public void replyFeatures(ControlConnection control, Text facts, boolean tls)
      throws ConnectionEnded {
    control.replyLine(211, new Text("Features:"));
    if (tls) {
      for (String f : OF_TLS) {
        control.replyUncodedLine(new Text(f));
      }
    }
    for (Command<D> c : commands.values()) {
      if (c.feature() != null) {
        Text line = new Text(c.feature());
        control.replyUncodedLine(c.verb().equals("MLST") ? line.add(" ").add(facts) : line);
      }
    }
    control.reply(211, "End.");
  }

  /**
   * Answers OPTS (RFC 2389).
   *
   * @param parameter a feature's name, and what the client chooses for it
   */
  public void chooseOption(D dialogue, ControlConnection control, byte[] parameter)
      throws ConnectionEnded {
    String feature = firstWord(parameter);
    for (Command<D> c : commands.values()) {
      if (c.option() != null && feature.equals(c.feature())) {
        c.option().run(dialogue, afterFirstWord(parameter));
        return;
      }
    }
    replyNoSuchOption(control);
  }

  /**
   * Answers OPTS UTF8, which changes nothing.
   *
   * @param choice what follows the feature's name, null when nothing does
   */
  public static void replyUtf8(ControlConnection control, byte[] choice) throws ConnectionEnded {
    if (choice == null || Ascii.equalsIgnoreCase(choice, "ON")) {
      control.reply(200, "File names pass unchanged, UTF-8 included.");
    } else {
      replyNoSuchOption(control);
    }
  }

  private static void replyNoSuchOption(ControlConnection control) throws ConnectionEnded {
    control.reply(501, "No such option.");
  }
}
