package org.twoftpd.shared.config;

import java.util.List;

/** Everything that is wrong with the settings, one line each, in the order of the file. */
public final class SettingsException extends Exception {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // never serialized
  private final List<String> messages;

  /**
   * @param messages at least one
   */
  public SettingsException(List<String> messages) {
    super(String.join("\n", messages));
    this.messages = List.copyOf(messages);
  }

  /**
   * At least one message. Each names the file and the line, or the environment, and the setting.
   */
  public List<String> messages() {
    return messages;
  }
}
