package org.twoftpd.test.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.twoftpd.shared.config.Setting;
import org.twoftpd.shared.config.SettingsTable;
import org.twoftpd.test.harness.Checkout;
import org.twoftpd.test.harness.ShowsSettings;

/** Every setting has a test that shows what it does, and stands in the manual. */
class SettingsShownTest {
  private static Set<String> all() {
    Set<String> names = new TreeSet<>();
    for (Setting<?> s : SettingsTable.rows()) {
      names.add(s.name());
    }
    return names;
  }

  @Test
  void everySettingIsShownByATest() {
    Set<String> shown = new TreeSet<>();
    for (JavaClass c : new ClassFileImporter().importPackages("org.twoftpd.test")) {
      for (JavaMethod m : c.getMethods()) {
        if (m.isAnnotatedWith(ShowsSettings.class)) {
          shown.addAll(List.of(m.getAnnotationOfType(ShowsSettings.class).value()));
        }
      }
    }
    assertEquals(all(), shown);
  }

  /** The build of the packages puts the list of settings, made from the table, in this place. */
  @Test
  void theManualHasTheListOfSettings() throws Exception {
    Path top = Checkout.top();
    String manual = Files.readString(top.resolve("monitor/src/main/man/twoftpd.conf.5"));
    assertTrue(manual.contains("\n.SH SETTINGS\n@SETTINGS@\n"));
  }
}
