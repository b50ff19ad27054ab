package org.twoftpd.shared.config;

import java.util.Locale;

/** Values that are one of a few words. */
final class ChoiceTypes {
  private ChoiceTypes() {}

  /** On or off. An empty value is refused: it looks like off, and in the original it meant on. */
  static ValueType<Boolean> onOff() {
    return ValueType.of(
        "on, yes, true or 1, or off, no, false or 0",
        s ->
            switch (s.toLowerCase(Locale.ROOT)) {
              case "on", "yes", "true", "1" -> true;
              case "off", "no", "false", "0" -> false;
              default -> throw new BadValueException();
            });
  }

  static ValueType<AnonymousMode> anonymousMode() {
    ValueType<Boolean> onOff = onOff();
    return ValueType.of(
        onOff.allowed() + ", or also",
        s ->
            s.equalsIgnoreCase("also")
                ? AnonymousMode.ALSO
                : onOff.parse(s) ? AnonymousMode.EVERYBODY : AnonymousMode.OFF);
  }

  /** One of these values by its name, in small letters. */
  static <E extends Enum<E>> ValueType<E> name(E[] values) {
    StringBuilder allowed = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      allowed.append(i == 0 ? "" : i < values.length - 1 ? ", " : " or ");
      allowed.append(values[i].name().toLowerCase(Locale.ROOT));
    }
    return ValueType.of(
        allowed.toString(),
        s -> {
          for (E v : values) {
            if (v.name().toLowerCase(Locale.ROOT).equals(s)) {
              return v;
            }
          }
          throw new BadValueException();
        });
  }

  static ValueType<Table> table() {
    return ValueType.of(
        "xfer, anon or drop",
        s ->
            switch (s) {
              case "xfer" -> Table.XFER;
              case "anon" -> Table.ANON;
              case "drop" -> Table.DROP;
              default -> throw new BadValueException();
            });
  }
}
