package org.twoftpd.shared.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Settings that share a purpose, in the order in which a reader would want to meet them. */
final class SettingGroup {
  private final String purpose;
  private final List<Setting<?>> rows = new ArrayList<>();

  SettingGroup(String purpose) {
    this.purpose = purpose;
  }

  List<Setting<?>> rows() {
    return rows;
  }

  /** A setting that no session is told. */
  <T> Setting<T> add(String name, ValueType<T> type, String otherwise, String description) {
    return add(name, type, otherwise, description, (Setting.Effect<T>) null);
  }

  /** A setting whose value sessions are told as it is. */
  <T> Setting<T> add(
      String name,
      ValueType<T> type,
      String otherwise,
      String description,
      SessionOption<T> option) {
    return add(name, type, otherwise, description, (o, value) -> o.with(option, value));
  }

  /** A setting that leaves an option of sessions as it is when the value is empty. */
  <T> Setting<Optional<T>> addOptional(
      String name,
      ValueType<T> type,
      String otherwise,
      String description,
      SessionOption<T> option) {
    return add(
        name,
        ValueType.optional(type),
        otherwise,
        description,
        (o, value) -> value.isPresent() ? o.with(option, value.get()) : o);
  }

  /** A setting that changes what sessions are told in a way of its own. */
  <T> Setting<T> add(
      String name,
      ValueType<T> type,
      String otherwise,
      String description,
      Setting.Effect<T> effect) {
    Setting<T> setting = new Setting<>(purpose, name, type, otherwise, description, effect);
    rows.add(setting);
    return setting;
  }
}
