package org.twoftpd.shared.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A type of values. It takes exactly the texts that its words allow, and throws {@link
 * BadValueException} for all others.
 *
 * @param allowed what a value may be, in words that follow "must be"
 * @param mayBeEmpty an empty value stands for none
 * @param secret values are not shown in messages
 */
record ValueType<T>(String allowed, boolean mayBeEmpty, boolean secret, Parser<T> parser) {
  interface Parser<T> {
    T parse(String text) throws BadValueException;
  }

  private static final int LIST_MAX = 64;

  static <T> ValueType<T> of(String allowed, Parser<T> parser) {
    return new ValueType<>(allowed, false, false, parser);
  }

  T parse(String text) throws BadValueException {
    return parser.parse(text);
  }

  /** A type with the same texts, whose values are made from those of this one. */
  <R> ValueType<R> map(Function<T, R> made) {
    return new ValueType<>(allowed, mayBeEmpty, secret, s -> made.apply(parser.parse(s)));
  }

  /** A type that takes an empty text too, which stands for no value. */
  static <T> ValueType<Optional<T>> optional(ValueType<T> type) {
    return new ValueType<>(
        type.allowed + ", or empty",
        true,
        type.secret,
        s -> s.isEmpty() ? Optional.empty() : Optional.of(type.parse(s)));
  }

  /** A type of lists: one value at least, with commas between them, and none twice. */
  static <T> ValueType<List<T>> list(String allowed, Parser<T> parser) {
    return of(
        allowed + ", with commas between them",
        s -> {
          List<T> values = new ArrayList<>();
          for (String part : s.split(",", -1)) {
            values.add(parser.parse(part.strip()));
          }
          if (values.size() > LIST_MAX || new HashSet<>(values).size() < values.size()) {
            throw new BadValueException();
          }
          return List.copyOf(values);
        });
  }
}
