package org.twoftpd.monitor.start;

import org.twoftpd.shared.config.Setting;
import org.twoftpd.shared.config.SettingsTable;

/**
 * A commented twoftpd.conf in which nothing is set. The file that packages install and the manual's
 * list come from here, so that neither can say anything else than the reader does.
 */
public final class SettingsText {
  private SettingsText() {}

  /**
   * Writes every setting with what it means, what it may be and, in a line of its own that begins
   * with #, its default. If the # is taken away from every such line, nothing changes.
   */
  public static String text() {
    StringBuilder text =
        new StringBuilder(
            """
            # The settings of twoftpd, see twoftpd.conf(5).
            #
            # The format is NAME=VALUE, as for EnvironmentFile= in systemd.exec(5).  Each setting is shown with its
            # default.  To change one, remove the # in front of its name, edit the value, run
            # "twoftpd-monitor --check /etc/twoftpd/twoftpd.conf", then "systemctl reload twoftpd".
            """);
    String group = "";
    for (Setting<?> s : SettingsTable.rows()) {
      if (!s.group().equals(group)) {
        group = s.group();
        text.append("\n# --- ").append(group).append('\n');
      }
      text.append("\n# ").append(s.description()).append("\n# allowed: ").append(s.allowed());
      if (s.mayBeEmpty()) {
        text.append("\n# default: ").append(s.whenUnset());
      }
      text.append("\n#").append(s.name()).append('=').append(value(s)).append('\n');
    }
    return text.toString();
  }

  private static String value(Setting<?> s) {
    return s.mayBeEmpty() ? "" : s.whenUnset();
  }
}
