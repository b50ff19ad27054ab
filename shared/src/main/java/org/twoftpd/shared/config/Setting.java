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
  private final String otherwise;
  private final String description;
  private final Effect<T> effect;

  /**
   * @param otherwise the default; for a type that may be unset, words that tell what then holds
   * @param effect null for a setting that no session is told
   */
  Setting(
      String group,
      String name,
      ValueType<T> type,
      String otherwise,
      String description,
      Effect<T> effect) {
    this.group = group;
    this.name = name;
    this.type = type;
    this.otherwise = otherwise;
    this.description = description;
    this.effect = effect;
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

  /** True when sessions are told of it. */
  public boolean isToldToSessions() {
    return effect != null;
  }

  ValueType<T> type() {
    return type;
  }

  /** The default as a value. */
  T defaultValue() {
    try {
      return type.parse(mayBeEmpty() ? "" : otherwise);
    } catch (BadValueException e) {
      throw new AssertionError("the default of " + name, e);
    }
  }

  /** Options with this value in them; the same ones when no session is told of the setting. */
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

  /** The text for people that says what is wrong with a value. */
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
