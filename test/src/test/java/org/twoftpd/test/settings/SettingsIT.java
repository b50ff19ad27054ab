package org.twoftpd.test.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.Dialogue;
import org.twoftpd.test.harness.ShowsSettings;

/** Settings of logins: tables, directories, banners, credential modules, the anonymous account. */
class SettingsIT {
  private static Chain chain;
  private static Path home;

  @BeforeAll
  static void start() throws IOException {
    chain =
        Chain.options()
            .user("alice")
            .user("reader", "/bin/reading")
            .user("giver", "/bin/giving")
            .set("MAX_PER_IP", "50")
            .start();
    home = chain.user("alice").home();
  }

  @AfterAll
  static void stop() throws IOException {
    chain.close();
  }

  private static int codeOfStore(String user, String command) throws IOException {
    try (Dialogue d = chain.login(user);
        Socket data = d.passive()) {
      Dialogue.Reply r = d.command(command);
      if (r.code() == 150) {
        data.shutdownOutput();
        return d.reply().code();
      }
      return r.code();
    }
  }

  @Test
  @ShowsSettings({"TABLE", "SHELL_READONLY", "SHELL_WRITEONLY"})
  void tables() throws IOException {
    String reading = "SHELL_READONLY=/bin/reading";
    String giving = "SHELL_WRITEONLY=/bin/giving";
    chain.reload(reading, giving);
    assertEquals(226, codeOfStore("alice", "STOR t1"));
    assertEquals(502, codeOfStore("reader", "STOR t1"));
    assertEquals(226, codeOfStore("giver", "STOR t1"));
    try (Dialogue d = chain.login("giver")) {
      d.expect(502, "RETR t1");
    }
    chain.reload(reading, giving, "TABLE=anon");
    assertEquals(502, codeOfStore("giver", "STOR t2"));
    chain.reload(reading, giving, "TABLE=drop");
    assertEquals(226, codeOfStore("reader", "STOR t2"));
    chain.eventuallyLogged("login user=reader address=127.0.0.1 table=drop");
    chain.reload(reading, giving, "TABLE=xfer");
    try (Dialogue d = chain.login("giver")) {
      d.expect(250, "DELE t1");
    }
  }

  @Test
  @ShowsSettings({"CHROOT", "SOFTCHROOT", "LOCKHOME"})
  void roots() throws IOException {
    Path outside = Files.createDirectories(chain.directory().resolve("outside"));
    Files.writeString(outside.resolve("told"), "secret\n");
    Files.createSymbolicLink(home.resolve("out"), outside);
    String real = home.toString();
    chain.reload();
    try (Dialogue d = chain.login("alice")) {
      assertTrue(d.expect(257, "PWD").text().startsWith("\"/\""));
      d.expect(550, "SIZE out/told");
    }
    chain.reload("SOFTCHROOT=on");
    try (Dialogue d = chain.login("alice")) {
      assertTrue(d.expect(257, "PWD").text().startsWith("\"/\""));
      assertEquals("7", d.expect(213, "SIZE out/told").text());
      d.expect(550, "CWD " + real);
    }
    chain.reload("SOFTCHROOT=on", "CHROOT=on");
    try (Dialogue d = chain.login("alice")) {
      d.expect(550, "SIZE out/told");
    }
    chain.reload("LOCKHOME=on");
    try (Dialogue d = chain.login("alice")) {
      assertTrue(d.expect(257, "PWD").text().startsWith("\"" + real + "\""));
      d.expect(250, "CWD " + real);
      d.expect(550, "CWD " + outside);
      assertNotEquals(213, d.command("SIZE " + outside + "/told").code());
    }
    chain.reload("CHROOT=off");
    try (Dialogue d = chain.login("alice")) {
      assertTrue(d.expect(257, "PWD").text().startsWith("\"" + real + "\""));
      d.expect(213, "SIZE " + outside + "/told");
      d.expect(250, "CWD /");
    }
  }

  @Test
  @ShowsSettings({"LOGINBANNER", "BANNER", "MESSAGEFILE"})
  void banners() throws IOException {
    Files.writeString(home.resolve(".greet"), "from the home\n");
    Files.createDirectories(home.resolve("sub"));
    Files.writeString(home.resolve("sub/.greet"), "from sub\n");
    chain.reload("LOGINBANNER=one\\\\ntwo", "BANNER=three\\\\nfour", "MESSAGEFILE=.greet");
    try (Dialogue d = new Dialogue("127.0.0.1", chain.port())) {
      String greeting = d.expect(220).toString();
      assertTrue(greeting.startsWith("220-one / 220-two / 220"), greeting);
      d.expect(331, "USER alice");
      String login = d.expect(230, "PASS pw-alice").toString();
      assertTrue(login.startsWith("230-three / 230-four / 230-from the home / 230 "), login);
      String entered = d.expect(250, "CWD sub").toString();
      assertTrue(entered.startsWith("250-from sub / 250 "), entered);
    }
  }

  @Test
  @ShowsSettings("NODOTFILES")
  void dotFiles() throws IOException {
    Files.writeString(home.resolve(".dot"), "x");
    chain.reload();
    try (Dialogue d = chain.login("alice")) {
      assertTrue(d.fetchText("NLST -a").contains(".dot\r\n"));
      d.expect(213, "SIZE .dot");
    }
    chain.reload("NODOTFILES=on");
    try (Dialogue d = chain.login("alice")) {
      assertFalse(d.fetchText("NLST -a").contains(".dot"));
      d.expect(550, "SIZE .dot");
      d.expect(550, "MKD .new");
    }
  }

  @Test
  @ShowsSettings({
    "CVM",
    "SERVICE",
    "CVM_LOOKUP_SECRET",
    "CVM_ACCOUNT_SPLIT_CHARS",
    "CVM_RANDOM_BYTES"
  })
  void whatModulesAreTold() throws IOException {
    Path d = chain.directory();
    Path module = d.resolve("module");
    Files.writeString(
        module,
        "#!/bin/sh\nenv >"
            + d
            + "/env\ncat >"
            + d
            + "/request.new\n"
            + "mv "
            + d
            + "/request.new "
            + d
            + "/request\nexit 100\n");
    assertTrue(module.toFile().setExecutable(true, false));
    chain.reload(
        "CVM=cvm-command:" + module,
        "SERVICE=other",
        "CVM_LOOKUP_SECRET=hush",
        "CVM_ACCOUNT_SPLIT_CHARS=%",
        "CVM_RANDOM_BYTES=11",
        "CVM_OF_MY_OWN=x");
    try (Dialogue c = chain.connect()) {
      c.expect(331, "USER carol%example");
      c.expect(530, "PASS pw");
    }
    Map<String, String> env = new java.util.HashMap<>();
    for (String line : Files.readAllLines(d.resolve("env"))) {
      env.put(line.replaceFirst("=.*", ""), line.replaceFirst("^[^=]*=", ""));
    }
    assertEquals("other", env.get("SERVICE"));
    assertEquals("%", env.get("CVM_ACCOUNT_SPLIT_CHARS"));
    assertEquals("x", env.get("CVM_OF_MY_OWN"));
    byte[] asked = Files.readAllBytes(d.resolve("request"));
    assertEquals(2, asked[0]);
    assertEquals(11, asked[1]);
    String credentials = new String(asked, 13, asked.length - 13, StandardCharsets.ISO_8859_1);
    assertTrue(credentials.contains("\1\15carol%example"), credentials);
    assertTrue(credentials.contains("\3\2pw"), credentials);
    assertTrue(credentials.contains("\4\4hush"), credentials);
  }

  @Test
  @ShowsSettings({"ANON_USER", "ANON_HOME", "ANON_TABLE", "GIDS", "USER", "GROUP"})
  void theAnonymousAccount() throws IOException {
    Path pub = Files.createDirectories(chain.directory().resolve("pub"));
    Path file = Files.writeString(pub.resolve("hello"), "hi\n");
    Files.setAttribute(file, "unix:uid", 64150);
    Files.setAttribute(file, "unix:gid", 64151);
    chain.reload(
        "ANONYMOUS=on",
        "UID=64150",
        "GID=64151",
        "GIDS=64154,64152,64153",
        "HOME=" + pub,
        "USER=guest",
        "GROUP=guests");
    try (Dialogue d = chain.connect()) {
      String listing = d.fetchText("LIST");
      assertTrue(listing.matches("(?s).* guest +guests +3 .*hello\r\n"), listing);
      long pid =
          chain.children("session").stream()
              .filter(p -> Chain.uid(p) == 64150)
              .findFirst()
              .orElseThrow();
      String status = Files.readString(Path.of("/proc/" + pid + "/status"));
      assertTrue(status.matches("(?s).*\nGroups:\t64152 64153 64154 ?\n.*"), status);
      d.expect(502, "DELE hello");
    }
    chain.reload(
        "ANONYMOUS=on",
        "ANON_USER=nobody",
        "ANON_HOME=" + pub,
        "ANON_TABLE=drop",
        "GATE_USER=64021:64021");
    try (Dialogue d = chain.connect()) {
      d.expect(257, "PWD");
      d.expect(502, "RETR hello");
      Chain.eventually(
          "a session of nobody",
          () -> chain.children("session").stream().anyMatch(p -> Chain.uid(p) == 65534));
    }
    chain.reload();
  }
}
