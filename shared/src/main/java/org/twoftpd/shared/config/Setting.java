package org.twoftpd.shared.config;

/** A setting: its name, what it may be, what it is when it is not set, and what it means. */
public final class Setting<T> {
  /** How a value changes what a session is told. */
  interface Effect<T> {
    SessionOptions apply(SessionOptions before, T value);
  }

  private final String group;
  private final String name;
  private final ValueType<T> type;
  private final String whenUnset;
  private final String description;
  private final Effect<T> effect;

  /**
   * @param whenUnset the default; for a type that may be unset, words that tell what then holds
   * @param effect null for a setting that no session is told
   */
  Setting(
      String group,
      String name,
      ValueType<T> type,
      String whenUnset,
      String description,
      Effect<T> effect) {
    this.group = group;
    this.name = name;
    this.type = type;
    this.whenUnset = whenUnset;
    this.description = description;
    this.effect = effect;
  }

  /** The heading under which the manual shows it. */
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
  public String whenUnset() {
    return whenUnset;
  }

  /** True when it may have no value, for which an empty one stands. */
  public boolean mayBeEmpty() {
    return type.mayBeEmpty();
  }

  /** What it means, in one line without a full stop. */
  public String description() {
    return description;
  }

  /** True when sessions are told of it. */
  boolean isToldToSessions() {
    return effect != null;
  }

  ValueType<T> type() {
    return type;
  }

  /** The default as a value. */
  T defaultValue() {
    try {
      return type.parse(mayBeEmpty() ? "" : whenUnset);
    } catch (BadValueException e) {
      throw new AssertionError("the default of " + name, e);
    }
  }

  /** A copy of options with this value; the options themselves when no session is told of it. */
  SessionOptions apply(SessionOptions before, T value) {
    return effect == null ? before : effect.apply(before, value);
  }

  boolean isGood(String value) {
    try {
      type.parse(value);
      return true;
    } catch (BadValueException e) {
      return false;
    }
  }

  /** A message that names the setting, the bad value and what is allowed. */
  String describeBadValue(String value) {
    String shown = type.secret() ? "(not shown)" : value;
    boolean comment = value.contains(" #") || value.contains(" ;");
    return name
        + "="
        + EnvironmentFile.clip(shown)
        + ": must be "
        + allowed()
        + (comment ? " (a comment needs a line of its own)" : "");
  }
}
