package org.twoftpd.shared.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Every setting there is, once, by the names of the original twoftpd where it had them. The reader,
 * the manual and the commented configuration file are made from these rows.
 */
public final class SettingsTable {
  private static final List<Setting<?>> ROWS = new ArrayList<>();

  static {
    for (List<SettingGroup> groups :
        List.of(ServiceRows.GROUPS, TlsRows.GROUPS, SessionRows.GROUPS, AnonymousRows.GROUPS)) {
      groups.forEach(group -> ROWS.addAll(group.rows()));
    }
  }

  private SettingsTable() {}

  /** Every setting, in the order of the manual. */
  public static List<Setting<?>> rows() {
    return List.copyOf(ROWS);
  }

  /** The setting of that name, or null. */
  static Setting<?> find(String name) {
    for (Setting<?> s : ROWS) {
      if (s.name().equals(name)) {
        return s;
      }
    }
    return null;
  }

  /** A message about a name that no setting has; it suggests the setting that has a similar one. */
  static String describeUnknown(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    String nearest = null;
    int least = Math.max(1, name.length() / 3) + 1;
    for (Setting<?> s : ROWS) {
      int distance = distance(upper, s.name());
      if (distance < least) {
        nearest = s.name();
        least = distance;
      }
    }
    return "unknown setting "
        + EnvironmentFile.clip(name)
        + (nearest == null
            ? "; twoftpd.conf(5) lists all settings"
            : "; did you mean " + nearest + "?");
  }

  /** Levenshtein's distance: how many letters must be put in, taken out or changed. */
  private static int distance(String a, String b) {
    if (a.length() > 2 * b.length()) {
      return Integer.MAX_VALUE;
    }
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
