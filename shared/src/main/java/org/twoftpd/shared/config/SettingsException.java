/*
 * Trusted with nothing: carries what is wrong with the settings to the one who prints it.
 */
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

  /** At least one message; each names where (file and line, or the environment) and what. */
  public List<String> messages() {
    return messages;
  }
}
