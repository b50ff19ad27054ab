package org.twoftpd.shared.config;

import java.util.List;
import org.twoftpd.shared.text.SafeText;

/** Changes one option of a single session, as the settings file changes it for all of them. */
public final class SessionOverride {
  private SessionOverride() {}

  /**
   * Makes a copy of options in which one setting has another value. Where a setting may be empty,
   * an empty value leaves the options as they are.
   *
   * @param setting its name, as in twoftpd.conf(5)
   * @param text its value, as in twoftpd.conf(5)
   * @throws SettingsException with one message, which names the setting and what is allowed
   */
  public static SessionOptions apply(SessionOptions options, String setting, String text)
      throws SettingsException {
    Setting<?> row = SettingsTable.find(setting);
    if (row == null) {
      throw refuse(SettingsTable.describeUnknown(setting));
    }
    if (!row.isToldToSessions()) {
      throw refuse(
          setting + ": holds for the whole service, so it cannot be set for a single session");
    }
    return apply(options, row, text);
  }

  private static <T> SessionOptions apply(SessionOptions options, Setting<T> row, String text)
      throws SettingsException {
    try {
      return row.apply(options, row.type().parse(text));
    } catch (BadValueException e) {
      throw refuse(row.describeBadValue(text));
    }
  }

  private static SettingsException refuse(String message) {
    return new SettingsException(List.of(SafeText.escape(message)));
  }
}
