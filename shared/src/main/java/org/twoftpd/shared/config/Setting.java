/*
 * Trusted with nothing: one row of SettingsTable.
 */
package org.twoftpd.shared.config;

/** A setting: its name, what it may be, what it is when it is not set, and what it means. */
public final class Setting<T> {
  private final String group;
  private final String name;
  private final ValueType<T> type;
  private final String otherwise;
  private final String description;

  /**
   * @param otherwise the default; for a type that may be unset, words that tell what then holds
   */
  Setting(String group, String name, ValueType<T> type, String otherwise, String description) {
    this.group = group;
    this.name = name;
    this.type = type;
    this.otherwise = otherwise;
    this.description = description;
  }

  /** What it is for, in words that settings of the same purpose share. */
  public String group() {
    return group;
  }

  public String name() {
    return name;
  }

  /** What the value may be, in words that follow "must be". */
  public String allowed() {
    return type.allowed();
  }

  /** The default, or words that tell what holds when nothing is set. */
  public String otherwise() {
    return otherwise;
  }

  /** True when the default is the absence of a value, for which an empty value stands. */
  public boolean mayBeEmpty() {
    return type.mayBeEmpty();
  }

  /** One line, without a full stop. */
  public String description() {
    return description;
  }

  ValueType<T> type() {
    return type;
  }
}
