package org.twoftpd.shared.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.twoftpd.shared.text.SafeText;

/** The values that a file and the environment give, and everything that is wrong with them. */
final class GivenSettings {
  /** A text and where it comes from, as a message begins: "FILE:LINE" or "environment". */
  private record Given(String where, String text) {}

  private final Map<String, Given> given = new HashMap<>();
  private final Map<String, String> passedThrough = new TreeMap<>();
  private final List<String> messages = new ArrayList<>();

  /** Takes a value, which replaces an earlier one. The caller adds what is wrong with it. */
  void put(Setting<?> setting, String where, String text) {
    given.put(setting.name(), new Given(where, text));
  }

  /** Takes a variable that only the credential modules know. */
  void passThrough(String name, String value) {
    passedThrough.put(name, value);
  }

  /** The variables for the credential modules. */
  Map<String, String> passedThrough() {
    return passedThrough;
  }

  boolean isGiven(Setting<?> setting) {
    return given.containsKey(setting.name());
  }

  /** The value that is given, or the default when none is or when it is bad. */
  <T> T get(Setting<T> setting) {
    Given g = given.get(setting.name());
    if (g != null) {
      try {
        return setting.type().parse(g.text());
      } catch (BadValueException e) {
        // The reader has added a message about it.
      }
    }
    return setting.defaultValue();
  }

  /** Adds a message as it is. */
  void addMessage(String message) {
    messages.add(message);
  }

  /** Adds a message about a setting. It begins with where the setting stands. */
  void complain(Setting<?> setting, String message) {
    Given g = given.get(setting.name());
    messages.add((g == null ? "" : SafeText.escape(g.where()) + ": ") + SafeText.escape(message));
  }

  List<String> messages() {
    return messages;
  }
}
