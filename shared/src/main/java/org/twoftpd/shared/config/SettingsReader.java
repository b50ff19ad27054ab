/*
 * Trusted to turn what an administrator wrote into settings, or into messages that say all that is wrong with it.  Root
 * runs it before it listens, and again at each reload.
 */
package org.twoftpd.shared.config;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.twoftpd.shared.text.SafeText;

/** Reads settings from a file and from the environment, which wins. */
public final class SettingsReader {
  private static final String PASSWD = "/etc/passwd";
  private static final String PASSED_THROUGH = "CVM_";

  /** A login shell sets these for itself: they are settings only beside UID, as with envdir. */
  private static final List<Setting<?>> AMBIENT =
      List.of(AnonymousRows.HOME, AnonymousRows.USER, AnonymousRows.GROUP);

  private final GivenSettings values = new GivenSettings();

  private SettingsReader() {}

  /**
   * Reads the settings.
   *
   * @param file its path; see systemd.exec(5), EnvironmentFile=
   * @param environment variables that are not settings are passed over
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
    reader.takeFile(file, EnvironmentFile.parse(content));
    reader.takeEnvironment(environment);
    Settings settings = new SettingsBuilder(reader.values, new PasswdFile(passwd)).build();
    if (!reader.values.messages().isEmpty()) {
      throw new SettingsException(reader.values.messages());
    }
    return settings;
  }

  private void takeFile(String file, EnvironmentFile content) {
    Map<Integer, List<String>> messagesByLine = new TreeMap<>();
    for (EnvironmentFile.Fault f : content.faults()) {
      addMessage(messagesByLine, f.line(), file, f.message());
    }
    Map<String, Integer> lines = new HashMap<>();
    for (EnvironmentFile.Assignment a : content.assignments()) {
      Integer before = lines.putIfAbsent(a.name(), a.line());
      String message =
          before == null
              ? takeAssignment(file, a)
              : EnvironmentFile.clip(a.name()) + " is set twice, first in line " + before;
      if (message != null) {
        addMessage(messagesByLine, a.line(), file, message);
      }
    }
    for (List<String> messages : messagesByLine.values()) {
      messages.forEach(values::addMessage);
    }
  }

  /** Takes one line; returns what is wrong with it, or null. */
  private String takeAssignment(String file, EnvironmentFile.Assignment a) {
    Setting<?> setting = SettingsTable.find(a.name());
    if (setting != null) {
      values.put(setting, file + ":" + a.line(), a.value());
      return setting.isGood(a.value()) ? null : setting.describeBadValue(a.value());
    }
    if (a.name().startsWith(PASSED_THROUGH)) {
      values.passThrough(a.name(), a.value());
      return null;
    }
    return SettingsTable.describeUnknown(a.name());
  }

  private static void addMessage(
      Map<Integer, List<String>> byLine, int line, String file, String message) {
    byLine
        .computeIfAbsent(line, key -> new ArrayList<>())
        .add(SafeText.escape(file) + ":" + line + ": " + SafeText.escape(message));
  }

  private void takeEnvironment(Map<String, String> environment) {
    boolean envdir = environment.containsKey(AnonymousRows.UID.name());
    for (Setting<?> setting : SettingsTable.rows()) {
      String value = environment.get(setting.name());
      if (value != null && (envdir || !AMBIENT.contains(setting))) {
        values.put(setting, "environment", value);
        if (!setting.isGood(value)) {
          values.complain(setting, setting.describeBadValue(value));
        }
      }
    }
    for (Map.Entry<String, String> e : environment.entrySet()) {
      if (e.getKey().startsWith(PASSED_THROUGH) && SettingsTable.find(e.getKey()) == null) {
        values.passThrough(e.getKey(), e.getValue());
      }
    }
  }
}
