package org.twoftpd.test.settings;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.Dialogue;
import org.twoftpd.test.harness.FreePorts;
import org.twoftpd.test.harness.ShowsSettings;

/** What the settings of a login and its session do, one test a setting or a group of them. */
class SettingsIT {
  private static final InetAddress LOCAL = InetAddress.ofLiteral("127.0.0.1");

  /** Nobody else's on this machine: port 20 of it can be had. */
  private static final String OWN_ADDRESS =
      "127.20."
          + (ProcessHandle.current().pid() >> 8 & 0xff)
          + "."
          + (ProcessHandle.current().pid() & 0xff | 1);

  private static Chain chain;
  private static Path home;

  @BeforeAll
  static void start() throws IOException {
    Chain.Options o = Chain.options();
    chain =
        o.set("XFERLOG", o.directory().resolve("xferlog").toString())
            .user("alice")
            .user("reader", "/bin/reading")
            .user("giver", "/bin/giving")
            .with("--address", "127.0.0.1")
            .with("--address", "::1")
            .with("--address", OWN_ADDRESS)
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
  @ShowsSettings("UMASK")
  void umask() throws IOException {
    chain.reload("UMASK=027");
    try (Dialogue d = chain.login("alice")) {
      d.store("STOR masked", new byte[1]);
      d.expect(257, "MKD masked.d");
    }
    assertEquals(0640, (int) Files.getAttribute(home.resolve("masked"), "unix:mode") & 0777);
    assertEquals(0750, (int) Files.getAttribute(home.resolve("masked.d"), "unix:mode") & 0777);
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
  @ShowsSettings("ATOMIC_STORE")
  void atomicStoring() throws IOException {
    for (boolean atomic : new boolean[] {true, false}) {
      chain.reload("ATOMIC_STORE=" + (atomic ? "on" : "off"));
      String name = "atomic-" + atomic;
      try (Dialogue d = chain.login("alice");
          Dialogue other = chain.login("alice");
          Socket data = d.passive()) {
        d.expect(150, "STOR " + name);
        data.getOutputStream().write(new byte[10]);
        if (!atomic) {
          Chain.eventuallyTold("it is there", () -> other.command("SIZE " + name).code() == 213);
        }
        assertEquals(atomic ? 550 : 213, other.command("SIZE " + name).code());
        data.shutdownOutput();
        d.expect(226);
        other.expect(213, "SIZE " + name);
      }
    }
  }

  /** Sends so many bytes; the code of the reply that tells how it went. */
  private static Dialogue.Reply send(Dialogue d, String line, int bytes) throws IOException {
    try (Socket data = d.passive()) {
      d.expect(150, line);
      try {
        data.getOutputStream().write(new byte[bytes]);
        data.shutdownOutput();
      } catch (IOException e) {
        // The server has stopped reading.
      }
      return d.reply();
    }
  }

  @Test
  @ShowsSettings("MAX_FILE_SIZE")
  void largestFile() throws IOException {
    int most = 200 << 10;
    for (String atomic : new String[] {"on", "off"}) {
      chain.reload("MAX_FILE_SIZE=200K", "ATOMIC_STORE=" + atomic);
      try (Dialogue d = chain.login("alice")) {
        for (String type : new String[] {"TYPE I", "TYPE A"}) {
          d.expect(200, type);
          assertEquals(226, send(d, "STOR just", most).code());
          Dialogue.Reply r = send(d, "STOR larger", 3 * most);
          assertEquals(552, r.code());
          assertTrue(r.text().contains("at most " + most + " bytes"), r.toString());
          assertEquals(atomic.equals("off"), Files.exists(home.resolve("larger")));
          Files.deleteIfExists(home.resolve("larger"));
          assertEquals(552, send(d, "APPE just", 1).code());
          d.expect(350, "REST " + (most - 10));
          assertEquals(552, send(d, "STOR just", 11).code());
          d.expect(350, "REST " + (most - 10));
          assertEquals(226, send(d, "STOR just", 10).code());
          assertEquals(most, Files.size(home.resolve("just")));
        }
        d.expect(552, "ALLO " + (most + 1));
        d.expect(200, "ALLO " + most);
        d.expect(250, "DELE just");
        try (var left = Files.list(home)) {
          assertTrue(left.noneMatch(p -> p.toString().contains(".in.")), "temporary files");
        }
      }
      chain.eventuallyLogged(
          "upload user=alice .*path=/larger .*result=failed reason=\"[^\"]*at most " + most);
    }
    chain.reload("MAX_FILE_SIZE=0");
    assertEquals(226, codeOf("STOR larger", 3 * most));
    chain.reload();
    assertEquals(226, codeOf("STOR larger", 3 * most));
    Files.delete(home.resolve("larger"));
  }

  /**
   * A large upload goes through a pipe, which one that fails leaves with bytes in it: the limit is
   * at no place where the kernel would part them.
   */
  @Test
  void whatIsLeftOfAnUploadIsInNoOtherFile() throws IOException {
    int most = 1_000_001;
    chain.reload("MAX_FILE_SIZE=" + most);
    try (Dialogue d = chain.login("alice")) {
      d.expect(200, "TYPE I");
      assertEquals(552, send(d, "STOR larger", 3 * most).code());
      byte[] next = new byte[most];
      Arrays.fill(next, (byte) 'n');
      d.store("STOR next", next);
      assertArrayEquals(next, Files.readAllBytes(home.resolve("next")));
      d.expect(250, "DELE next");
    } finally {
      chain.reload();
    }
  }

  private static int codeOf(String line, int bytes) throws IOException {
    try (Dialogue d = chain.login("alice")) {
      return send(d, line, bytes).code();
    }
  }

  @Test
  @ShowsSettings("SYNC_STORE")
  void syncedStoring() throws Exception {
    for (boolean sync : new boolean[] {true, false}) {
      chain.reload("SYNC_STORE=" + (sync ? "on" : "off"));
      Path trace = Files.createTempFile("twoftpd-strace", "");
      try (Dialogue d = chain.login("alice")) {
        long pid = chain.sessionsOf("alice").getFirst();
        Process strace =
            new ProcessBuilder(
                    "strace",
                    "-f",
                    "-qq",
                    "-e",
                    "trace=fsync",
                    "-o",
                    trace.toString(),
                    "-p",
                    "" + pid)
                .start();
        try {
          Chain.eventuallyTold(
              "strace watches",
              () -> {
                String status = Files.readString(Path.of("/proc/" + pid + "/status"));
                return !status.contains("TracerPid:\t0\n");
              });
          d.store("STOR synced-" + sync, new byte[10]);
        } finally {
          Chain.signal("INT", strace.pid());
          strace.waitFor();
        }
        assertEquals(sync, Files.readString(trace).contains("fsync("), "fsync with " + sync);
      } finally {
        Files.delete(trace);
      }
      Chain.eventually("the session is gone", () -> chain.sessionsOf("alice").isEmpty());
    }
  }

  @Test
  @ShowsSettings("PASV_ADDRESS")
  void passiveAddresses() throws IOException {
    chain.reload("PASV_ADDRESS=127.0.0.0/30=192.0.2.9,203.0.113.5");
    try (Dialogue near = chain.login("alice");
        Dialogue far = chain.connectFrom("127.0.5.1")) {
      far.expect(220);
      chain.login(far, "alice");
      assertTrue(near.expect(227, "PASV").text().contains("(192,0,2,9,"));
      assertTrue(far.expect(227, "PASV").text().contains("(203,0,113,5,"));
    }
    chain.reload();
    try (Dialogue d = chain.login("alice")) {
      assertTrue(d.expect(227, "PASV").text().contains("(127,0,0,1,"));
    }
  }

  @Test
  @ShowsSettings("PASV_PORTS")
  void passivePorts() throws IOException {
    ServerSocket[] taken = FreePorts.listeners(2);
    int low = taken[0].getLocalPort();
    chain.reload("PASV_PORTS=" + low + "-" + (low + 1));
    try (ServerSocket first = taken[0];
        ServerSocket second = taken[1];
        Dialogue d = chain.login("alice")) {
      assertEquals(low, first.getLocalPort());
      d.expect(425, "EPSV");
      d.expect(425, "PASV");
      chain.eventuallyLogged("no-passive-port user=alice address=127.0.0.1");
      second.close();
      String told = d.expect(229, "EPSV").text();
      assertTrue(told.contains("(|||" + (low + 1) + "|)"), told);
      d.expect(257, "MKD ports");
      assertEquals("", d.fetchText("NLST ports"));
    }
  }

  private static void comesFromPort20(Dialogue d) throws IOException {
    try (ServerSocket s = d.active()) {
      d.send("NLST\r\n");
      try (Socket data = s.accept()) {
        assertEquals(20, data.getPort());
        d.expect(150);
        data.getInputStream().readAllBytes();
      }
      d.expect(226);
    }
  }

  private static Dialogue loginAt(int place, String address) throws IOException {
    Dialogue d = new Dialogue(address, chain.port(place));
    d.expect(220);
    return chain.login(d, "alice");
  }

  @Test
  @ShowsSettings("BIND_PORT")
  void activeFromPort20() throws IOException {
    chain.reload("BIND_PORT=20");
    try (Dialogue a = loginAt(2, OWN_ADDRESS);
        Dialogue b = loginAt(2, OWN_ADDRESS);
        Dialogue six = loginAt(1, "::1");
        ServerSocket held = a.active()) {
      // One has a connection from that port while another makes one.
      a.send("NLST\r\n");
      try (Socket data = held.accept()) {
        assertEquals(20, data.getPort());
        comesFromPort20(b);
        comesFromPort20(b);
        comesFromPort20(six);
        a.expect(150);
        data.getInputStream().readAllBytes();
        a.expect(226);
      }
      try (ServerSocket taken = new ServerSocket(20, 1, InetAddress.ofLiteral(OWN_ADDRESS));
          ServerSocket client = b.active()) {
        assertEquals(20, taken.getLocalPort());
        assertTrue(client.getLocalPort() > 0);
        b.expect(425, "NLST");
        chain.eventuallyLogged(
            "port-failed user=alice address=127.0.0.1 reason=\"Address in use\"");
      }
      comesFromPort20(b);
    }
  }

  @Test
  void withoutTheCapabilityThereIsNoPort20() throws IOException {
    try (Chain weak =
            Chain.options()
                .startedBy("setpriv", "--bounding-set", "-net_bind_service")
                .user("alice")
                .set("BIND_PORT", "20")
                .start();
        Dialogue d = weak.login("alice");
        ServerSocket client = d.active()) {
      assertTrue(client.getLocalPort() > 0);
      d.expect(425, "NLST");
      weak.eventuallyLogged(
          "port-failed user=alice address=127.0.0.1 reason=\"Permission denied\"");
      d.expect(200, "NOOP");
      assertTrue(d.fetchText("NLST").isEmpty());
    }
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
