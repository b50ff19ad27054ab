package org.twoftpd.shared.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Settings that share a heading in the manual, in its order. */
final class SettingGroup {
  private final String purpose;
  private final List<Setting<?>> rows = new ArrayList<>();

  SettingGroup(String purpose) {
    this.purpose = purpose;
  }

  List<Setting<?>> rows() {
    return rows;
  }

  /** Adds a setting that no session is told. */
  <T> Setting<T> add(String name, ValueType<T> type, String whenUnset, String description) {
    return add(name, type, whenUnset, description, (Setting.Effect<T>) null);
  }

  /** Adds a setting whose value sessions are told as it is. */
  <T> Setting<T> add(
      String name,
      ValueType<T> type,
      String whenUnset,
      String description,
      SessionOption<T> option) {
    return add(name, type, whenUnset, description, (o, value) -> o.with(option, value));
  }

  /** Adds a setting that leaves an option of sessions as it is when the value is empty. */
  <T> Setting<Optional<T>> addOptional(
      String name,
      ValueType<T> type,
      String whenUnset,
      String description,
      SessionOption<T> option) {
    return add(
        name,
        ValueType.optional(type),
        whenUnset,
        description,
        (o, value) -> value.isPresent() ? o.with(option, value.get()) : o);
  }

  /** Adds a setting that changes what sessions are told in a way of its own. */
  <T> Setting<T> add(
      String name,
      ValueType<T> type,
      String whenUnset,
      String description,
      Setting.Effect<T> effect) {
    Setting<T> setting = new Setting<>(purpose, name, type, whenUnset, description, effect);
    rows.add(setting);
    return setting;
  }
}
