package org.twoftpd.test.settings;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.ChainOptions;
import org.twoftpd.test.harness.Dialogue;
import org.twoftpd.test.harness.ShowsSettings;

/** Settings of the log: XFERLOG, LOGREQUESTS and LOGRESPONSES. */
class LogSettingsIT {
  private static Chain chain;

  @BeforeAll
  static void start() throws IOException {
    ChainOptions o = Chain.options();
    chain =
        o.set("XFERLOG", o.directory().resolve("xferlog").toString())
            .user("alice")
            .set("MAX_PER_IP", "50")
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    chain.close();
  }

  @Test
  @ShowsSettings("XFERLOG")
  void transfersInAFileOfTheirOwn() throws IOException {
    chain.reload();
    try (Dialogue d = chain.login("alice")) {
      d.store("STOR noted", new byte[12]);
    }
    Chain.eventuallyTold(
        "a line of xferlog(5)",
        () ->
            Files.readAllLines(chain.directory().resolve("xferlog")).stream()
                .anyMatch(
                    l -> l.matches(".* 127\\.0\\.0\\.1 12 /noted . _ i r alice ftp 0 \\* c")));
  }

  @Test
  @ShowsSettings({"LOGREQUESTS", "LOGRESPONSES"})
  void dialoguesInTheLog() throws IOException {
    chain.reload("LOGREQUESTS=on", "LOGRESPONSES=on");
    try (Dialogue d = chain.connect()) {
      d.expect(502, "XQZV before\u0001");
      d.expect(502, "pass\thidden-one");
      d.expect(331, "USER alice");
      d.expect(530, "PASS hidden-two");
      chain.login(d, "alice");
      d.expect(250, "MLST /");
      d.expect(230, "PASS hidden-three");
    }
    String who = "user=\"\" address=127.0.0.1 ";
    chain.eventuallyLogged("request " + who + "text=\"\\(12 bytes that are no command\\)\"");
    chain.eventuallyLogged("request " + who + "text=PASS");
    chain.eventuallyLogged("request " + who + "text=\"USER alice\"");
    chain.eventuallyLogged("reply " + who + "text=\"502 .*\"");
    chain.eventuallyLogged("reply " + who + "text=\"331 .*\"");
    chain.eventuallyLogged("request user=alice address=127.0.0.1 text=\"MLST /\"");
    chain.eventuallyLogged("reply user=alice address=127.0.0.1 text=\"250 .*\"");
    assertFalse(chain.log().contains("hidden"));
    assertFalse(chain.log().contains("pw-alice"));
    chain.reload();
    try (Dialogue d = chain.connect()) {
      d.expect(502, "ZZYZX");
    }
    chain.eventuallyLogged("disconnect address=127.0.0.1 reason=closed");
    assertFalse(chain.log().contains("ZZYZX"));
  }

  /** A client cannot fill the disk by way of the log. */
  @Test
  void aFloodOfCommandsIsLoggedNoFasterThanTheLogCanTake() throws IOException {
    chain.reload("LOGREQUESTS=on", "LOGRESPONSES=on");
    int before = chain.log().length();
    int commands = 900;
    try (Dialogue d = chain.connect();
        Dialogue e = chain.connect()) {
      for (Dialogue each : List.of(d, e)) {
        each.send("NOOP\r\n".repeat(commands));
      }
      for (Dialogue each : List.of(d, e)) {
        for (int i = 0; i < commands; i++) {
          each.expect(200);
        }
      }
    }
    chain.eventuallyLogged("lines-dropped count=\\d+");
    long lines = chain.log().substring(before).lines().filter(l -> l.contains("=NOOP")).count();
    assertTrue(lines >= 200 && lines < 2L * commands, () -> lines + " lines");
    chain.reload();
  }
}
