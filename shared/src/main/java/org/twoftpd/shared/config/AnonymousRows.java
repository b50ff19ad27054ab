package org.twoftpd.shared.config;

import java.util.List;
import java.util.Optional;

/** The settings of the anonymous service: whom it serves, and its account. */
final class AnonymousRows {
  private static final SettingGroup ACCOUNT = new SettingGroup("Anonymous service");

  static final Setting<AnonymousMode> ANONYMOUS =
      ACCOUNT.add(
          "ANONYMOUS",
          ChoiceTypes.anonymousMode(),
          "off",
          "on serves every client without a password; also serves the users anonymous and ftp "
              + "without a password, and those with accounts with theirs");
  static final Setting<String> ANON_USER =
      ACCOUNT.add("ANON_USER", TextTypes.userName(), "ftp", "the account of the anonymous service");
  static final Setting<Optional<String>> ANON_HOME =
      ACCOUNT.add(
          "ANON_HOME",
          ValueType.optional(TextTypes.absolutePath()),
          "the home of ANON_USER",
          "the directory of the anonymous service");
  static final Setting<Table> ANON_TABLE =
      ACCOUNT.add(
          "ANON_TABLE",
          ChoiceTypes.table(),
          "anon",
          "the table of the anonymous service: xfer, anon or drop");
  static final Setting<Optional<Integer>> UID =
      ACCOUNT.add(
          "UID",
          id(),
          "that of ANON_USER",
          "the user id of the anonymous service, set together with GID and HOME");
  static final Setting<Optional<Integer>> GID =
      ACCOUNT.add("GID", id(), "that of ANON_USER", "the group id of the anonymous service");
  static final Setting<Optional<List<Integer>>> GIDS =
      ACCOUNT.add(
          "GIDS",
          ValueType.optional(
              ValueType.list(
                  "numbers from 1 to " + Integer.MAX_VALUE,
                  s -> (int) NumberTypes.parseDecimal(s, 1, Integer.MAX_VALUE))),
          "none",
          "the supplementary group ids of the anonymous service");
  static final Setting<Optional<String>> HOME =
      ACCOUNT.add(
          "HOME",
          ValueType.optional(TextTypes.absolutePath()),
          "ANON_HOME",
          "another name for ANON_HOME; in the environment only together with UID");
  static final Setting<Optional<String>> USER =
      ACCOUNT.add(
          "USER",
          ValueType.optional(TextTypes.userName()),
          "ANON_USER",
          "the owner that anonymous listings show; in the environment only together with UID");
  static final Setting<String> GROUP =
      ACCOUNT.add(
          "GROUP",
          TextTypes.userName(),
          "mygroup",
          "the group that anonymous listings show; in the environment only together with UID");

  /** The groups of these settings, in the order of the manual. */
  static final List<SettingGroup> GROUPS = List.of(ACCOUNT);

  private AnonymousRows() {}

  private static ValueType<Optional<Integer>> id() {
    return ValueType.optional(NumberTypes.number(1, Integer.MAX_VALUE));
  }
}
