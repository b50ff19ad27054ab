package org.twoftpd.test.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.twoftpd.monitor.tls.OwnCertificate;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.ChainOptions;
import org.twoftpd.test.harness.Dialogue;
import org.twoftpd.test.harness.ShowsSettings;

/** After SIGHUP new clients get the new settings, and nobody who is there is disturbed. */
class ReloadIT {
  private static Chain chain;
  private static Path directory;

  @BeforeAll
  static void start() throws IOException {
    ChainOptions o = Chain.options();
    directory = o.directory();
    chain =
        o.user("alice")
            .user("bob")
            .with("--address", "127.0.0.1")
            .with("--address", "::1")
            .environment("MAX_PER_IP", "7")
            .set("LOGINBANNER", "before")
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    chain.close();
  }

  private static String firstLine() throws IOException {
    try (Dialogue d = new Dialogue("127.0.0.1", chain.port())) {
      return d.reply().lines().getFirst();
    }
  }

  @Test
  void goodSettingsHoldForThoseWhoComeAndNobodyIsCut() throws IOException {
    chain.reload("LOGINBANNER=before");
    List<Long> gate = chain.children("gate");
    try (Dialogue loggedIn = chain.login("alice");
        Dialogue talking = chain.connect()) {
      talking.expect(331, "USER bob");
      assertTrue(chain.reload("LOGINBANNER=after", "UMASK=077").endsWith("reload result=done"));
      assertEquals("220-after", firstLine());
      talking.expect(230, "PASS pw-bob");
      talking.store("STOR f", new byte[1]);
      assertTrue(talking.expect(250, "MLST f").toString().contains("UNIX.mode=0600"));
      loggedIn.store("STOR f", new byte[1]);
      assertTrue(loggedIn.expect(250, "MLST f").toString().contains("UNIX.mode=0644"));
    }
    assertEquals(gate, chain.children("gate"));
  }

  @Test
  void theNextGateHasTheNewSettingsToo() throws IOException {
    chain.reload("LOGINBANNER=for the next gate");
    long gate = chain.children("gate").getFirst();
    Chain.signal("KILL", gate);
    Chain.eventuallyTold("another gate greets", () -> firstLine().equals("220-for the next gate"));
  }

  @Test
  void badSettingsAreRefusedWithTheirLineAndTheOldOnesStay() throws IOException {
    chain.reload("LOGINBANNER=good");
    String told = chain.reload("LOGINBANNER=bad", "TIMEOUT=soon", "MAX_CLIENTS=1");
    assertTrue(told.endsWith("reload result=refused"), told);
    chain.eventuallyLogged(
        "settings-error message=\"/\\S+/twoftpd.conf:\\d+: TIMEOUT=soon: must be .*\"");
    assertEquals("220-good", firstLine());
    try (Dialogue a = chain.connect();
        Dialogue b = chain.connect()) {
      a.expect(200, "NOOP");
      b.expect(200, "NOOP");
    }
    String noModule = chain.reload("LOGINBANNER=bad", "CVM=cvm-command:/no/such/module");
    assertTrue(noModule.endsWith("reload result=refused"), noModule);
    chain.eventuallyLogged("settings-error message=.*/no/such/module");
    chain.login("alice").close();
  }

  @Test
  void whatNeedsARestartIsTold() throws IOException {
    String told =
        chain.reload(
            "LISTEN=127.0.0.1:1",
            "GATE_USER=64023:64023",
            "MAX_CLIENTS=201",
            "XFERLOG=/nonexistent/xferlog",
            "LOGSYSCALLS=on");
    assertTrue(
        told.endsWith(
            "reload result=done restart-for=LISTEN,GATE_USER,MAX_CLIENTS,XFERLOG,LOGSYSCALLS"),
        told);
    chain.login("alice").close();
    assertTrue(chain.reload().endsWith("reload result=done"));
  }

  /** What TLS needs is loaded before a gate's jail, so a gate without it cannot learn it. */
  @Test
  void tlsThatWasOffNeedsARestart() throws IOException {
    Path own = directory.resolve("own.pem");
    OwnCertificate.make(own, List.of("localhost"), Instant.now());
    String told = chain.reload("TLS=on", "TLS_CERT=" + own);
    assertTrue(told.endsWith("reload result=done restart-for=TLS"), told);
    try (Dialogue d = chain.connect()) {
      d.expect(502, "AUTH TLS");
    }
    assertTrue(chain.reload().endsWith("reload result=done"));
  }

  @Test
  void theEnvironmentStillWins() throws IOException {
    chain.reload("MAX_PER_IP=1");
    try (Dialogue a = chain.connect();
        Dialogue b = chain.connect()) {
      a.expect(200, "NOOP");
      b.expect(200, "NOOP");
    }
  }

  /** A spare that waits has read no settings, so it serves under the new ones. */
  @Test
  @ShowsSettings("SPARES")
  void thePoolGrowsAndShrinks() throws IOException {
    for (int n : new int[] {4, 1, 3}) {
      chain.reload("SPARES=" + n);
      Chain.eventually(n + " spares", () -> spares() == n);
    }
    chain.login("alice").close();
    assertFalse(chain.log().contains("spare-failed"));
    chain.reload();
  }

  private static long spares() {
    return chain.children("session").stream().filter(p -> Chain.uid(p) == 0).count();
  }

  @Test
  void manySignalsAtOnceEndNothing() throws IOException {
    for (int i = 0; i < 20; i++) {
      Chain.signal("HUP", chain.monitor());
    }
    chain.login("alice").close();
    assertTrue(chain.reload().endsWith("reload result=done"));
  }

  @Test
  @ShowsSettings({"LISTEN", "GATE_USER"})
  void everyAddressIsListenedOnAndTheGateIsNobody() throws IOException {
    try (Dialogue four = new Dialogue("127.0.0.1", chain.port(0));
        Dialogue six = new Dialogue("::1", chain.port(1))) {
      four.expect(220);
      six.expect(220);
    }
    assertEquals(64021, Chain.uid(chain.children("gate").getFirst()));
  }
}
