package org.twoftpd.test.operation;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.Dialogue;

/** How the service starts, and when it refuses to. */
class StartIT {
  /** Every setting is validated when the service starts. */
  @Test
  void aBadSettingEndsTheStartAndIsNamed() {
    IOException e =
        assertThrows(
            IOException.class,
            () -> Chain.options().user("alice").set("TIMEOUT", "soon").set("TIMEOT", "3").start());
    assertTrue(e.getMessage().matches("(?s).*twoftpd.conf:\\d+: TIMEOUT.*soon.*"), e::getMessage);
    assertTrue(e.getMessage().contains("TIMEOT"), e::getMessage);
  }

  /**
   * The virtual machine ignores an archive that does not fit its jars; nothing but a slower start
   * would tell of that.
   */
  @Test
  void everyProcessStartsFromItsArchiveOfClasses() throws IOException {
    try (Chain chain = Chain.options().user("alice").start()) {
      assertArchive(chain.monitor(), "monitor");
      assertArchive(chain.module(), "cvm");
      assertArchive(chain.children("gate").getFirst(), "gate");
      try (Dialogue _ = chain.login("alice")) {
        assertArchive(chain.sessionsOf("alice").getFirst(), "session");
      }
    }
  }

  private static void assertArchive(long pid, String role) throws IOException {
    String maps = Files.readString(Path.of("/proc/" + pid + "/maps"));
    assertTrue(maps.contains("/cache/" + role + ".aot"), () -> role + ": " + maps);
  }
}
