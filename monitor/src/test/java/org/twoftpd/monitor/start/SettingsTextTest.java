package org.twoftpd.monitor.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twoftpd.shared.config.Setting;
import org.twoftpd.shared.config.Settings;
import org.twoftpd.shared.config.SettingsReader;
import org.twoftpd.shared.config.SettingsTable;

/** The installed twoftpd.conf is made from this text. */
class SettingsTextTest {
  /** What a test machine need not have. */
  private static final String GATE = "GATE_USER=64021:64021\n";

  @TempDir Path directory;

  private Settings read(String name, String text) throws Exception {
    Path file = Files.writeString(directory.resolve(name), text);
    return SettingsReader.read(file.toString(), Map.of());
  }

  private static List<String> shownLines() {
    return SettingsText.text().lines().filter(l -> l.matches("#[A-Z].*")).toList();
  }

  @Test
  void showsEverySettingOnceInTheOrderOfTheTable() {
    assertEquals(
        SettingsTable.rows().stream().map(Setting::name).toList(),
        shownLines().stream().map(l -> l.substring(1, l.indexOf('='))).toList());
  }

  @Test
  void setsNothingAsItIs() throws Exception {
    assertTrue(SettingsText.text().lines().allMatch(l -> l.isEmpty() || l.startsWith("#")));
    read("as-it-is", SettingsText.text() + GATE);
  }

  @Test
  void everyDefaultIsAllowedAndIsTheDefault() throws Exception {
    StringBuilder set = new StringBuilder(GATE);
    shownLines().stream()
        .filter(l -> !l.startsWith("#GATE_USER="))
        .forEach(l -> set.append(l.substring(1)).append('\n'));
    Settings shown = read("shown", set.toString());
    Settings unset = read("unset", GATE);
    assertEquals(unset.limits(), shown.limits());
    assertEquals(unset.listen(), shown.listen());
    assertEquals(unset.tables(), shown.tables());
    assertEquals(unset.anonymous(), shown.anonymous());
    assertEquals(unset.login().authTimeoutSeconds(), shown.login().authTimeoutSeconds());
    assertEquals(unset.login().timeoutSeconds(), shown.login().timeoutSeconds());
    assertEquals(unset.login().authAttempts(), shown.login().authAttempts());
  }
}
