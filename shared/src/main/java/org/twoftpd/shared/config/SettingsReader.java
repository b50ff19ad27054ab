/*
 * Trusted with turning what an administrator wrote into settings, or into messages that say all that is wrong with it.
 * Run by root, before anything is listened to and again at each reload.
 */
package org.twoftpd.shared.config;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.twoftpd.shared.text.SafeText;

/** Reads settings from a file and from the environment, which wins. */
public final class SettingsReader {
  private static final String PASSWD = "/etc/passwd";
  private static final String PASSED_THROUGH = "CVM_";

  /** A login shell sets these for itself: they are settings only beside UID, as with envdir. */
  private static final List<Setting<?>> AMBIENT =
      List.of(SettingsTable.HOME, SettingsTable.USER, SettingsTable.GROUP);

  /** A value and where it comes from, as a message begins: "FILE:LINE" or "environment". */
  private record Given(String where, String value) {}

  private final Map<String, Given> given = new HashMap<>();
  private final Map<String, String> passedThrough = new TreeMap<>();
  private final List<String> messages = new ArrayList<>();

  private SettingsReader() {}

  /**
   * Reads the settings.
   *
   * @param file its path; see systemd.exec(5), EnvironmentFile=
   * @param environment names that are no settings are passed over
   * @throws SettingsException with everything that is wrong
   */
  public static Settings read(String file, Map<String, String> environment)
      throws SettingsException {
    return read(file, load(file), environment, load(PASSWD));
  }

  private static byte[] load(String file) throws SettingsException {
    try {
      return SettingsFile.read(file);
    } catch (IOException e) {
      throw new SettingsException(
          List.of(SafeText.escape(file) + ": cannot be read: " + e.getMessage()));
    }
  }

  static Settings read(String file, byte[] content, Map<String, String> environment, byte[] passwd)
      throws SettingsException {
    SettingsReader reader = new SettingsReader();
    reader.take(file, EnvironmentFile.parse(content));
    reader.take(environment);
    Settings settings = new SettingsBuilder(reader, new PasswdFile(passwd)).build();
    if (!reader.messages.isEmpty()) {
      throw new SettingsException(reader.messages);
    }
    return settings;
  }

  private void take(String file, EnvironmentFile content) {
    Map<String, Integer> lines = new HashMap<>();
    Map<Integer, List<String>> byLine = new TreeMap<>();
    for (EnvironmentFile.Fault f : content.faults()) {
      say(byLine, f.line(), file, f.message());
    }
    for (EnvironmentFile.Assignment a : content.assignments()) {
      Integer before = lines.putIfAbsent(a.name(), a.line());
      if (before != null) {
        say(
            byLine,
            a.line(),
            file,
            EnvironmentFile.clip(a.name()) + " is set twice, first in line " + before);
        continue;
      }
      Setting<?> setting = find(a.name());
      if (setting != null) {
        Given g = new Given(file + ":" + a.line(), a.value());
        given.put(a.name(), g);
        if (!isGood(setting, g.value())) {
          say(byLine, a.line(), file, bad(setting, g.value()));
        }
      } else if (a.name().startsWith(PASSED_THROUGH)) {
        passedThrough.put(a.name(), a.value());
      } else {
        say(
            byLine,
            a.line(),
            file,
            EnvironmentFile.clip(a.name()) + " is no setting" + suggestion(a.name()));
      }
    }
    byLine.values().forEach(messages::addAll);
  }

  private static void say(
      Map<Integer, List<String>> byLine, int line, String file, String message) {
    byLine
        .computeIfAbsent(line, key -> new ArrayList<>())
        .add(SafeText.escape(file) + ":" + line + ": " + SafeText.escape(message));
  }

  private void take(Map<String, String> environment) {
    boolean envdir = environment.containsKey(SettingsTable.UID.name());
    for (Setting<?> setting : SettingsTable.rows()) {
      String value = environment.get(setting.name());
      if (value != null && (envdir || !AMBIENT.contains(setting))) {
        given.put(setting.name(), new Given("environment", value));
        if (!isGood(setting, value)) {
          messages.add("environment: " + SafeText.escape(bad(setting, value)));
        }
      }
    }
    for (Map.Entry<String, String> e : environment.entrySet()) {
      if (e.getKey().startsWith(PASSED_THROUGH) && find(e.getKey()) == null) {
        passedThrough.put(e.getKey(), e.getValue());
      }
    }
  }

  private static Setting<?> find(String name) {
    for (Setting<?> s : SettingsTable.rows()) {
      if (s.name().equals(name)) {
        return s;
      }
    }
    return null;
  }

  private static boolean isGood(Setting<?> setting, String value) {
    try {
      setting.type().parse(value);
      return true;
    } catch (BadValueException e) {
      return false;
    }
  }

  private static String bad(Setting<?> setting, String value) {
    String shown = setting.type().secret() ? "(not shown)" : value;
    boolean comment = value.contains(" #") || value.contains(" ;");
    return setting.name()
        + "="
        + EnvironmentFile.clip(shown)
        + ": must be "
        + setting.allowed()
        + (comment ? " (a comment needs a line of its own)" : "");
  }

  /** What is given, or the default; a value that is wrong has been told and counts as not given. */
  <T> T get(Setting<T> setting) {
    Given g = given.get(setting.name());
    try {
      if (g != null && isGood(setting, g.value())) {
        return setting.type().parse(g.value());
      }
      return setting.type().parse(setting.mayBeEmpty() ? "" : setting.otherwise());
    } catch (BadValueException e) {
      throw new AssertionError("the default of " + setting.name(), e);
    }
  }

  boolean isGiven(Setting<?> setting) {
    return given.containsKey(setting.name());
  }

  Map<String, String> passedThrough() {
    return passedThrough;
  }

  /**
   * Adds a message about settings that do not go together; begins with where the setting stands.
   */
  void complain(Setting<?> setting, String message) {
    Given g = given.get(setting.name());
    messages.add((g == null ? "" : SafeText.escape(g.where()) + ": ") + SafeText.escape(message));
  }

  private static String suggestion(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    String nearest = "";
    int least = Math.max(1, name.length() / 3) + 1;
    for (Setting<?> s : SettingsTable.rows()) {
      int distance = distance(upper, s.name());
      if (distance < least) {
        nearest = s.name();
        least = distance;
      }
    }
    return nearest.isEmpty() ? "" : "; did you mean " + nearest + "?";
  }

  /** Levenshtein's: how many letters must be put in, taken out or changed. */
  private static int distance(String a, String b) {
    if (a.length() > 2 * b.length()) {
      return Integer.MAX_VALUE;
    }
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
