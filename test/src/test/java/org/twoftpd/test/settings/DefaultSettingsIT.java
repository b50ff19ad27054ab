/*
 * The default settings admit what clients do by default.
 */
package org.twoftpd.test.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.twoftpd.test.clients.ClientLab;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.Dialogue;

@Timeout(180)
class DefaultSettingsIT {
  private static final int FILES = 240;

  private static String run(Path directory, String... command) throws Exception {
    ProcessBuilder b = new ProcessBuilder(command).directory(directory.toFile());
    b.environment().put("HOME", directory.toString());
    b.environment().put("RCLONE_CONFIG", "/dev/null");
    Process p = b.redirectErrorStream(true).start();
    String said = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(p.waitFor(10, TimeUnit.SECONDS));
    assertEquals(0, p.exitValue(), said);
    return said;
  }

  /** rclone moves four files and checks eight at a time, each over a connection of its own. */
  @Test
  void rcloneWithItsOwnFlagsIsNotTurnedAway() throws Exception {
    ClientLab.assumeThere("rclone");
    try (Chain chain = Chain.options().user("alice").start()) {
      Path from = Files.createDirectory(chain.directory().resolve("from"));
      for (int i = 0; i < FILES; i++) {
        Path d = Files.createDirectories(from.resolve("dir-" + i % 12));
        Files.write(d.resolve("file-" + i), new byte[i]);
      }
      String password = run(from, "rclone", "obscure", "pw-alice").trim();
      String there =
          ":ftp,host=127.0.0.1,port=" + chain.port() + ",user=alice,pass=" + password + ":tree";
      run(from, "rclone", "copy", from.toString(), there);
      run(from, "rclone", "check", "--download", from.toString(), there);
      run(from, "rclone", "purge", there);
      assertEquals(FILES, chain.log().lines().filter(l -> l.startsWith("upload ")).count());
      assertFalse(chain.log().contains("refused "), "turned away");
    }
  }

  /** As many clients are served as the defaults say, and the next one is told why not. */
  @Test
  void asManyAsTheSettingsSayMayCome() throws IOException {
    try (Chain chain = Chain.options().user("alice").user("bob").start()) {
      List<Dialogue> all = new ArrayList<>();
      try {
        for (int i = 0; i < 32; i++) {
          all.add(chain.login(chain.connect(), "alice"));
        }
        try (Dialogue d = new Dialogue("127.0.0.1", chain.port())) {
          String text = d.expect(421).text();
          assertTrue(text.contains("(MAX_PER_IP)"), text);
        }
        chain.eventuallyLogged("refused address=127.0.0.1 limit=MAX_PER_IP");
        try (Dialogue d = chain.connectFrom("127.0.0.2")) {
          d.expect(220);
          d.expect(331, "USER alice");
          String text = d.expect(421, "PASS pw-alice").text();
          assertTrue(text.contains("(MAX_PER_USER)"), text);
        }
        chain.eventuallyLogged("refused address=127.0.0.2 limit=MAX_PER_USER user=alice");
      } finally {
        for (Dialogue d : all) {
          d.close();
        }
      }
    }
  }
}
