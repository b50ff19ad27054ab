/*
 * Trusted to be the policy: a command that is not in a session's table does not exist for it.
 */
package org.twoftpd.session.command;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.twoftpd.session.control.CommandLine;
import org.twoftpd.session.control.ConnectionEnded;
import org.twoftpd.session.control.ControlConnection;
import org.twoftpd.session.control.ParsedReplies;
import org.twoftpd.session.policy.Access;
import org.twoftpd.session.text.Ascii;
import org.twoftpd.session.text.Text;

/**
 * The commands of one kind of login. HELP and FEAT are read from it, so that they cannot say what
 * is not so.
 */
public final class CommandTable {
  private static final int VERBS_ON_A_LINE = 8;
  private static final String SITE = "SITE";

  private static final int KINDS_OF_ACCESS = Access.values().length;

  /** A power of two. */
  private static final int RECENT = 16;

  /** What FEAT tells (RFC 2389), each behind the verb that must be there for it. */
  private static final String[][] FEATURES = {
    {"EPRT", "EPRT"},
    {"EPSV", "EPSV"},
    {"MDTM", "MDTM"},
    {"MFMT", "MFMT"},
    {"PASV", "PASV"},
    {"REST", "REST STREAM"},
    {"SIZE", "SIZE"},
    {"CWD", "TVFS"},
    {"OPTS", "UTF8"},
  };

  private final Map<String, Command> commands = new LinkedHashMap<>();

  private final boolean[] needed = new boolean[KINDS_OF_ACCESS];

  // What was found last, by CommandLine.verbKey: a client says the same few verbs again and again,
  // and the map's way from a word to its place is long for code that is not compiled yet.
  private final Command[] recent = new Command[RECENT];
  private final long[] recentKeys = new long[RECENT];

  @SuppressWarnings("EnumOrdinal")
  CommandTable add(Command c) {
    commands.put(c.verb(), c);
    needed[c.needs().ordinal()] = true;
    return this;
  }

  /** True when the table has it; {@code verb} may be "SITE" and a word. */
  public boolean has(String verb) {
    return commands.containsKey(verb);
  }

  /** What the table has, in its order; a word below SITE as "SITE" and that word. */
  public Set<String> verbs() {
    return Collections.unmodifiableSet(commands.keySet());
  }

  /** True when some command of the table needs that of the kernel. */
  @SuppressWarnings("EnumOrdinal")
  boolean needs(Access access) {
    return needed[access.ordinal()];
  }

  /** The line's command, or null. For SITE the parameter's first word is part of the name. */
  Command find(CommandLine line) {
    long key = line.verbKey();
    int place = (int) (key ^ key >> 8 ^ key >> 16) & RECENT - 1;
    if (recent[place] != null && recentKeys[place] == key) {
      return recent[place];
    }
    String verb = line.verb();
    if (verb.equals(SITE)) {
      byte[] parameter = line.words();
      return commands.get(parameter == null ? SITE : SITE + " " + firstWord(parameter));
    }
    Command c = commands.get(verb);
    if (c != null) {
      recent[place] = c;
      recentKeys[place] = key;
    }
    return c;
  }

  /** The word below SITE, in capitals. */
  static String firstWord(byte[] b) {
    StringBuilder w = new StringBuilder();
    for (int i = 0; i < b.length && b[i] != ' '; i++) {
      w.append(Ascii.upper(b[i]));
    }
    return w.toString();
  }

  /** Answers HELP, or SITE HELP. */
  void replyHelp(ControlConnection control, boolean site) throws ConnectionEnded {
    control.replyLine(214, new Text(site ? ParsedReplies.SITE_HELP : ParsedReplies.HELP));
    Text line = new Text();
    int n = 0;
    for (String verb : commands.keySet()) {
      boolean below = verb.startsWith(SITE + " ");
      if (below == site) {
        line.add(n % VERBS_ON_A_LINE == 0 ? "" : " ");
        line.add(below ? verb.substring(SITE.length() + 1) : verb);
        if (++n % VERBS_ON_A_LINE == 0) {
          control.rawLine(line);
          line.clear();
        }
      }
    }
    if (line.length() > 0) {
      control.rawLine(line);
    }
    control.reply(214, "End.");
  }

  /**
   * Answers FEAT.
   *
   * @param facts what MLST shows
   */
  void replyFeatures(ControlConnection control, Text facts) throws ConnectionEnded {
    control.replyLine(211, new Text("Features:"));
    for (String[] f : FEATURES) {
      if (has(f[0])) {
        control.rawLine(new Text(f[1]));
      }
    }
    if (has("MLST")) {
      control.rawLine(new Text("MLST ").add(facts));
    }
    control.reply(211, "End.");
  }
}
