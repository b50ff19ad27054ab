package org.twoftpd.test.attacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.Dialogue;

/** Clients that mean no good, before and after login. */
class HostileClientIT {
  private static Chain chain;

  @BeforeAll
  static void start() throws IOException {
    chain =
        Chain.options()
            .user("alice")
            .user("reader", "/bin/read")
            .user("giver", "/bin/write")
            .set("SHELL_READONLY", "/bin/read")
            .set("SHELL_WRITEONLY", "/bin/write")
            .set("AUTH_TIMEOUT", "8")
            .set("MAX_PER_IP", "40")
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    chain.close();
  }

  @Test
  void row14_row15_aMegabyteInOneLineIsOneError() throws IOException {
    for (boolean loggedIn : new boolean[] {false, true}) {
      try (Dialogue d = loggedIn ? chain.login("alice") : chain.connect()) {
        byte[] piece = "DELE x\0".repeat(1024).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 150; i++) {
          d.send(piece);
        }
        d.send("\r\n");
        d.expect(500);
        d.expect(200, "NOOP");
      }
    }
  }

  @Test
  void row14_aByteNowAndThenDoesNotHoldAConnectionForEver() throws Exception {
    long begin = System.nanoTime();
    try (Dialogue d = chain.connect()) {
      assertTrue(
          org.junit.jupiter.api.Assertions.assertDoesNotThrow(() -> {
            for (int i = 0; i < 60; i++) {
              try {
                d.send("N");
                Thread.sleep(500);
                if (d.socket().getInputStream().available() > 0) {
                  return true;
                }
              } catch (IOException e) {
                return true;
              }
            }
            return false;
          }));
      d.expect(421);
    }
    assertTrue(System.nanoTime() - begin > 6_000_000_000L);
  }

  /** Whatever bytes a name has, a command gets one reply, and a listing has one line for it. */
  @Test
  void row25_namesOfEveryByteGoInAndComeOutUnchanged() throws IOException {
    Path home = chain.user("alice").home();
    try (Dialogue d = chain.login("alice")) {
      d.expect(200, "TYPE I");
      d.expect(257, "MKD odd");
      d.expect(250, "CWD odd");
      int files = 0;
      for (int b = 1; b < 256; b++) {
        if (b == '/') {
          continue;
        }
        String wire = b == '\n' ? "\0" : b == 255 ? "\u00ff\u00ff" : "" + (char) b;
        String name = "x" + wire + "y";
        d.store("STOR " + name, new byte[] {(byte) b});
        assertEquals(1, d.fetch("RETR " + name).length, () -> "byte in " + name);
        d.expect(350, "RNFR " + name);
        d.expect(250, "RNTO z" + wire + "y");
        files++;
        String line =
            d.fetchText(
                "NLST z"
                    + (b == '*' || b == '?' || b == '[' || b == '\\' ? "\\" : "")
                    + wire
                    + "y");
        assertEquals("z" + (b == 255 ? "\u00ff" : wire) + "y\r\n", line);
        d.expect(250, "MLST z" + wire + "y");
      }
      assertEquals(files, d.fetchText("LIST").split("\r\n", -1).length - 1);
      assertEquals(files + 2, d.fetchText("MLSD").split("\r\n", -1).length - 1);
      for (int b = 1; b < 256; b++) {
        if (b != '/') {
          d.expect(
              250, "DELE z" + (b == '\n' ? "\0" : b == 255 ? "\u00ff\u00ff" : "" + (char) b) + "y");
        }
      }
      d.expect(257, "MKD a\"b");
      d.expect(250, "CWD a\"b");
      assertEquals("\"/odd/a\"\"b\" is the current directory.", d.expect(257, "PWD").text());
      d.expect(250, "CDUP");
      d.expect(250, "RMD a\"b");
      d.expect(250, "CDUP");
      d.expect(250, "RMD odd");
    }
    assertFalse(Files.exists(home.resolve("odd")));
  }

  @Test
  void row08_noPathLeadsOut() throws IOException {
    try (Dialogue d = chain.login("alice")) {
      for (String p :
          new String[] {"..", "../..", "/..", "//", "/.//..", "../../../..", "./.././"}) {
        d.expect(250, "CWD " + p);
        assertEquals("\"/\" is the current directory.", d.expect(257, "PWD").text());
      }
      d.expect(550, "RETR ../../../../etc/passwd");
      d.expect(550, "RETR /etc/passwd");
      d.expect(550, "SIZE /proc/self/status");
    }
  }

  @Test
  void row17_unknownVerbsAreNotEchoedAndTheLogIsEscaped() throws IOException {
    try (Dialogue d = chain.connect()) {
      assertFalse(d.expect(502, "<script>").toString().contains("script"));
      d.expect(331, "USER a\u001b[31m\0<6>login user=root");
      d.expect(530, "PASS secret-word");
    }
    chain.eventuallyLogged("user=\"a\\\\x1b\\[31m\\\\x0a<6>login user=root\"");
    assertFalse(chain.log().contains("secret-word"));
  }

  @Test
  void row41_modesAreMasked() throws Exception {
    try (Dialogue d = chain.login("alice")) {
      d.store("STOR m", new byte[0]);
      for (String mode :
          new String[] {"4777", "1777", "2777", "8", "-1", "x", "777777777777777777777"}) {
        d.expect(501, "SITE CHMOD " + mode + " m");
      }
      d.expect(200, "SITE CHMOD 640 m");
      Path m = chain.user("alice").home().resolve("m");
      assertEquals(0640, (Integer) Files.getAttribute(m, "unix:mode") & 07777);
      d.expect(250, "DELE m");
    }
  }

  /** The table refuses it; AttackFromWithinIT shows that the kernel does too. */
  @Test
  void row40_anonMayNotWrite() throws IOException {
    try (Dialogue d = chain.login("reader")) {
      for (String c :
          new String[] {
            "STOR x",
            "APPE x",
            "STOU",
            "MKD x",
            "RMD x",
            "DELE x",
            "RNFR x",
            "RNTO y",
            "SITE CHMOD 600 x",
            "ALLO 1",
            "MFMT 20200101000000 x",
            "XMKD x",
            "XRMD x",
            "SITE UMASK 000",
          }) {
        d.expect(502, c);
      }
      d.expect(550, "MDTM 20200101000000 x");
      assertEquals("", d.fetchText("LIST"));
    }
  }

  /** The table refuses it; AttackFromWithinIT shows that the kernel does too. */
  @Test
  void row39_dropMayOnlyHandInNewFiles() throws IOException {
    Path home = chain.user("giver").home();
    Files.writeString(home.resolve("there"), "x");
    try (Dialogue d = chain.login("giver")) {
      for (String c :
          new String[] {
            "RETR there",
            "APPE there",
            "SIZE there",
            "MDTM there",
            "DELE there",
            "RNFR there",
            "REST 1",
            "MKD x",
          }) {
        d.expect(502, c);
      }
      d.expect(550, "MLST there");
      assertEquals("", d.fetchText("LIST"));
      assertEquals("", d.fetchText("NLST"));
      assertEquals("", d.fetchText("MLSD"));
      d.passive().close();
      d.expect(550, "STOR there");
      d.store("STOR new", new byte[] {1, 2});
      d.passive().close();
      d.expect(550, "STOR new");
    }
    assertEquals(2, Files.size(home.resolve("new")));
    assertEquals("x", Files.readString(home.resolve("there")));
  }

  @Test
  void row06_row07_patternBombsAreHarmless() throws IOException {
    Path home = chain.user("alice").home();
    Path deep = home.resolve("p");
    Files.createDirectory(deep);
    Files.createFile(deep.resolve("a".repeat(200)));
    try (Dialogue d = chain.login("alice")) {
      d.expect(250, "CWD p");
      for (String p :
          new String[] {
            "a*".repeat(100) + "b",
            "*".repeat(2000),
            "*/../".repeat(200) + "*",
            "[".repeat(1000),
            "{a,b}".repeat(300),
            "*?".repeat(500),
            "-R",
            "-RaL *",
          }) {
        try (java.net.Socket data = d.passive()) {
          d.send("LIST " + p + "\r\n");
          Dialogue.Reply r = d.reply();
          assertTrue(r.code() == 150 || r.code() == 550, r::toString);
          if (r.code() == 150) {
            data.getInputStream().readAllBytes();
            d.expect(226);
          }
        }
      }
      d.expect(200, "NOOP");
    }
  }
}
