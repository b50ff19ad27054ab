package org.twoftpd.shared.config;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.twoftpd.shared.os.Endpoint;

/** What the reader makes of a file, the environment and the accounts: settings, or messages. */
final class SettingsReaderTest {
  private static final String PASSWD =
      """
      root:x:0:0::/root:/bin/sh
      ftp:x:111:112::/srv/ftp:/bin/false
      twoftpd:x:113:114::/nonexistent:/bin/false
      wheel:x:115:0::/:/bin/sh
      nohome:x:116:116:::
      lost:x:x:1::/:
      toor:x:4294967295:1::/:
      short:x:1:1
      """;

  private static byte[] bytes(String s) {
    return s.getBytes(StandardCharsets.UTF_8);
  }

  private static Settings read(String file, Map<String, String> environment)
      throws SettingsException {
    return SettingsReader.read("t.conf", bytes(file), environment, bytes(PASSWD));
  }

  private static Settings read(String file) throws SettingsException {
    return read(file, Map.of());
  }

  private static List<String> messages(String file, Map<String, String> environment) {
    return assertThrows(SettingsException.class, () -> read(file, environment)).messages();
  }

  private static List<String> messages(String file) {
    return messages(file, Map.of());
  }

  private static String only(List<String> messages) {
    assertEquals(1, messages.size(), messages::toString);
    return messages.getFirst();
  }

  @Test
  void hasDefaults() throws SettingsException {
    Settings s = read("");
    assertEquals("[0.0.0.0:21, [::]:21]", s.listen().addresses().toString());
    assertEquals(new LimitSettings(200, 32, 32, 20, 600, List.of(), 2, 8, 0), s.limits());
    assertEquals(List.of(new CvmSettings.Module.Local("/run/twoftpd/cvm")), s.cvm().chain());
    assertEquals("ftp", s.cvm().service());
    assertEquals("@", s.cvm().accountSplitChars());
    assertEquals(8, s.cvm().randomBytes());
    assertEquals(Optional.empty(), s.cvm().lookupSecret());
    assertEquals(new Settings.GateUser(113, 114), s.gateUser());
    assertEquals(0, s.login().banner().length);
    assertEquals(900, s.login().timeoutSeconds());
    assertEquals(120, s.login().authTimeoutSeconds());
    assertEquals(3, s.login().authAttempts());
    assertEquals(
        new TableSettings(Optional.empty(), Optional.empty(), Optional.empty()), s.tables());
    assertEquals(Optional.empty(), s.anonymous());
    SessionOptions x = s.session(Table.XFER);
    assertEquals(RootKind.CHROOT, x.get(SessionOption.ROOT));
    assertEquals(900, x.get(SessionOption.TIMEOUT));
    assertEquals(900, x.connectSeconds());
    assertEquals(0, x.get(SessionOption.SESSION_TIMEOUT));
    assertEquals(0, x.get(SessionOption.BANNER).length + x.get(SessionOption.MESSAGEFILE).length);
    assertFalse(
        x.get(SessionOption.NODOTFILES)
            || x.get(SessionOption.LOGREQUESTS)
            || x.get(SessionOption.LOGRESPONSES)
            || x.get(SessionOption.BIND_PORT) > 0);
    assertEquals(PortRange.ANY, x.get(SessionOption.PASV_PORTS));
    assertEquals(0, s.pasvAddress(new Endpoint(new byte[4], 1, 0)).length);
  }

  @Test
  void storesMoreCarefullyInTheTableDrop() throws SettingsException {
    Settings s = read("");
    assertEquals(022, s.session(Table.XFER).get(SessionOption.UMASK));
    assertEquals(022, s.session(Table.ANON).get(SessionOption.UMASK));
    assertEquals(077, s.session(Table.DROP).get(SessionOption.UMASK));
    assertTrue(
        s.session(Table.DROP).get(SessionOption.ATOMIC_STORE)
            && s.session(Table.DROP).get(SessionOption.SYNC_STORE));
    assertFalse(
        s.session(Table.XFER).get(SessionOption.ATOMIC_STORE)
            || s.session(Table.XFER).get(SessionOption.SYNC_STORE));
    s = read("UMASK=027\nATOMIC_STORE=off\nSYNC_STORE=on");
    for (Table t : Table.values()) {
      assertEquals(027, s.session(t).get(SessionOption.UMASK));
      assertFalse(s.session(t).get(SessionOption.ATOMIC_STORE));
      assertTrue(s.session(t).get(SessionOption.SYNC_STORE));
    }
  }

  @Test
  void readsSizesWithTheirLetters() throws SettingsException {
    assertEquals(0, read("").session(Table.XFER).get(SessionOption.MAX_FILE_SIZE));
    assertEquals(0, read("MAX_FILE_SIZE=0").session(Table.XFER).get(SessionOption.MAX_FILE_SIZE));
    assertEquals(
        1234, read("MAX_FILE_SIZE=1234").session(Table.XFER).get(SessionOption.MAX_FILE_SIZE));
    assertEquals(
        3 << 10, read("MAX_FILE_SIZE=3K").session(Table.DROP).get(SessionOption.MAX_FILE_SIZE));
    assertEquals(
        10 << 20, read("MAX_FILE_SIZE=10M").session(Table.XFER).get(SessionOption.MAX_FILE_SIZE));
    assertEquals(
        5L << 30, read("MAX_FILE_SIZE=5G").session(Table.XFER).get(SessionOption.MAX_FILE_SIZE));
    assertEquals(
        1L << 60,
        read("MAX_FILE_SIZE=1073741824G").session(Table.XFER).get(SessionOption.MAX_FILE_SIZE));
  }

  @Test
  void takesEverySettingToItsPlace() throws SettingsException {
    Settings s =
        read(
            """
            LISTEN=127.0.0.1:2121, [::1]:2121
            MAX_CLIENTS=11
            MAX_PER_IP=12
            MAX_PER_USER=13
            PENALTY_FAILURES=15
            PENALTY_TIME=16
            PENALTY_EXEMPT=10.0.0.0/8, ::1
            SPARES=4-5
            SPAWN_RATE=14
            GATE_USER=77:78
            CVM=cvm-local:/run/a,/bin/b
            SERVICE=ftps
            CVM_LOOKUP_SECRET=hush
            CVM_ACCOUNT_SPLIT_CHARS=
            CVM_RANDOM_BYTES=16
            CVM_PWFILE_PATH=/etc/ftp.passwd
            TABLE=drop
            SHELL_WRITEONLY=/bin/drop
            SHELL_READONLY=/bin/anon
            TIMEOUT=21
            CONNECT_TIMEOUT=22
            AUTH_TIMEOUT=23
            SESSION_TIMEOUT=24
            AUTH_ATTEMPTS=25
            LOGINBANNER="first
            second"
            BANNER=one\\\\ntwo
            MESSAGEFILE=.message
            NODOTFILES=on
            LOGREQUESTS=on
            LOGRESPONSES=on
            PASV_ADDRESS=10.0.0.0/8=10.0.0.1,203.0.113.5
            PASV_PORTS=5000-5999
            BIND_PORT=20
            """);
    assertEquals("[127.0.0.1:2121, [::1]:2121]", s.listen().addresses().toString());
    List<IpNetwork> exempt =
        List.of(
            new IpNetwork(new byte[] {10, 0, 0, 0}, 8),
            new IpNetwork(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 128));
    assertEquals(new LimitSettings(11, 12, 13, 15, 16, exempt, 4, 5, 14), s.limits());
    assertEquals(new Settings.GateUser(77, 78), s.gateUser());
    assertEquals(
        List.of(new CvmSettings.Module.Local("/run/a"), new CvmSettings.Module.Command("/bin/b")),
        s.cvm().chain());
    assertEquals("ftps", s.cvm().service());
    assertArrayEquals(bytes("hush"), s.cvm().lookupSecret().orElseThrow().bytes());
    assertEquals("", s.cvm().accountSplitChars());
    assertEquals(16, s.cvm().randomBytes());
    assertEquals(Map.of("CVM_PWFILE_PATH", "/etc/ftp.passwd"), s.cvm().environment());
    assertEquals(
        new TableSettings(
            Optional.of(Table.DROP), Optional.of("/bin/drop"), Optional.of("/bin/anon")),
        s.tables());
    assertArrayEquals(bytes("first\nsecond"), s.login().banner());
    assertEquals(21, s.login().timeoutSeconds());
    assertEquals(23, s.login().authTimeoutSeconds());
    assertEquals(25, s.login().authAttempts());
    assertTrue(s.login().logRequests() && s.login().logResponses());
    SessionOptions x = s.session(Table.XFER);
    assertEquals(21, x.get(SessionOption.TIMEOUT));
    assertEquals(22, x.connectSeconds());
    assertEquals(24, x.get(SessionOption.SESSION_TIMEOUT));
    assertArrayEquals(bytes("one\ntwo"), x.get(SessionOption.BANNER));
    assertArrayEquals(bytes(".message"), x.get(SessionOption.MESSAGEFILE));
    assertTrue(
        x.get(SessionOption.NODOTFILES)
            && x.get(SessionOption.LOGREQUESTS)
            && x.get(SessionOption.LOGRESPONSES)
            && x.get(SessionOption.BIND_PORT) == 20);
    assertEquals(new PortRange(5000, 5999), x.get(SessionOption.PASV_PORTS));
    assertArrayEquals(
        new byte[] {10, 0, 0, 1}, s.pasvAddress(new Endpoint(new byte[] {10, 9, 9, 9}, 1, 0)));
    assertArrayEquals(
        new byte[] {(byte) 203, 0, 113, 5}, s.pasvAddress(new Endpoint(new byte[4], 1, 0)));
    assertEquals(0, s.pasvAddress(new Endpoint(new byte[16], 1, 0)).length);
  }

  @ParameterizedTest
  @CsvSource({
    "'', CHROOT",
    "CHROOT=on, CHROOT",
    "CHROOT=off, NONE",
    "SOFTCHROOT=on, SOFTCHROOT",
    "LOCKHOME=on, LOCKHOME",
    "SOFTCHROOT=on LOCKHOME=on, SOFTCHROOT",
    "CHROOT=on SOFTCHROOT=on LOCKHOME=on, CHROOT",
    "CHROOT=off LOCKHOME=on, LOCKHOME",
    "SOFTCHROOT=off, CHROOT",
    "LOCKHOME=off SOFTCHROOT=off, CHROOT",
  })
  void keepsSessionsInAsWellAsIsAskedFor(String settings, RootKind root) throws SettingsException {
    assertEquals(
        root, read(settings.replace(' ', '\n')).session(Table.XFER).get(SessionOption.ROOT));
  }

  @Test
  void letsTheEnvironmentWin() throws SettingsException {
    Settings s =
        read(
            "TIMEOUT=1\nCVM_PWFILE_PATH=/a\nCVM_X=1",
            Map.of("TIMEOUT", "2", "CVM_PWFILE_PATH", "/b", "CVM_Y", "2", "PATH", "/bin"));
    assertEquals(2, s.login().timeoutSeconds());
    assertEquals(
        Map.of("CVM_PWFILE_PATH", "/b", "CVM_X", "1", "CVM_Y", "2"), s.cvm().environment());
  }

  @Test
  void tellsEverythingThatIsWrongInItsOrder() {
    List<String> m =
        messages(
            "TIMOUT=5\nTIMEOUT=soon # or later\nnonsense\nBANNER=a\nBANNER=b\nGATE_USER=\"\n",
            Map.of("UMASK", "999"));
    assertEquals(
        List.of(
            "t.conf:1: unknown setting TIMOUT; did you mean TIMEOUT?",
            "t.conf:2: TIMEOUT=soon # or later: must be a number of seconds from 1 to 86400"
                + " (a comment needs a line of its own)",
            "t.conf:3: a line must be NAME=VALUE, a comment, or empty",
            "t.conf:5: BANNER is set twice, first in line 4",
            "t.conf:6: the quoted value of GATE_USER has no closing quote",
            "environment: UMASK=999: must be an octal number from 0 to 0777, or empty"),
        m);
  }

  @Test
  void checksAValueThatTheEnvironmentOverrides() {
    assertTrue(
        only(messages("TIMEOUT=x", Map.of("TIMEOUT", "5")))
            .startsWith("t.conf:1: TIMEOUT=x: must"));
  }

  @ParameterizedTest
  @CsvSource({
    "timeout, TIMEOUT",
    "MAX_CLIENT, MAX_CLIENTS",
    "PASV_PORT, PASV_PORTS",
    "LOGIN_BANNER, LOGINBANNER",
    "GIDS_, GIDS",
  })
  void suggestsTheNearestName(String wrong, String right) {
    assertTrue(only(messages(wrong + "=1")).endsWith("did you mean " + right + "?"));
  }

  @Test
  void suggestsNothingFarFetched() {
    assertEquals(
        "t.conf:1: unknown setting FOREGROUND; twoftpd.conf(5) lists all settings",
        only(messages("FOREGROUND=1")));
    assertEquals(
        "t.conf:1: unknown setting X; twoftpd.conf(5) lists all settings", only(messages("X=1")));
  }

  @Test
  void keepsMessagesToOneLineAndSecretsToItself() {
    String m = only(messages("TIMEOUT='\n\u001b[2J\u2028'"));
    assertTrue(m.startsWith("t.conf:1: TIMEOUT=\\x0a\\x1b[2J\\u2028: must"), m);
    m = only(messages("CVM_LOOKUP_SECRET=" + "hush".repeat(100)));
    assertFalse(m.contains("hush"), m);
    m = only(messages("TIMEOUT=" + "9".repeat(10_000)));
    assertTrue(m.length() < 300, m);
    for (String line : List.of("=1", " =1", "='1", "=1\nTIMEOUT=5")) {
      m = only(messages("N" + "A".repeat(10_000) + line));
      assertTrue(m.length() < 300, m);
    }
  }

  @Test
  void showsNoSecretInSettings() throws SettingsException {
    assertFalse(read("CVM_LOOKUP_SECRET=hush\nCVM_DB=hush").toString().contains("hush"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"root", "wheel", "nobody-here", "lost", "toor", "short"})
  void refusesAGateThatIsNobodyOrRoot(String user) {
    String m = only(messages("GATE_USER=" + user));
    assertTrue(m.startsWith("t.conf:1: GATE_USER=" + user + ": must be"), m);
  }

  @Test
  void refusesOneShellForTwoTables() {
    only(messages("SHELL_READONLY=/bin/x\nSHELL_WRITEONLY=/bin/x"));
  }

  @Test
  void findsTheAnonymousAccount() throws SettingsException {
    assertEquals(
        Optional.of(
            new AnonymousSettings(
                AnonymousMode.EVERYBODY,
                "ftp",
                111,
                112,
                List.of(),
                "/srv/ftp",
                "mygroup",
                Table.ANON)),
        read("ANONYMOUS=on").anonymous());
    assertEquals(
        Optional.of(
            new AnonymousSettings(
                AnonymousMode.EVERYBODY,
                "ftp",
                111,
                112,
                List.of(5, 6),
                "/data",
                "staff",
                Table.DROP)),
        read("ANONYMOUS=on\nANON_HOME=/data\nGIDS=5,6\nGROUP=staff\nANON_TABLE=drop").anonymous());
    assertEquals(
        Optional.of(
            new AnonymousSettings(
                AnonymousMode.EVERYBODY, "guest", 5, 6, List.of(), "/pub", "mygroup", Table.ANON)),
        read("ANONYMOUS=on\nUID=5\nGID=6\nHOME=/pub\nUSER=guest").anonymous());
    assertEquals(AnonymousMode.ALSO, read("ANONYMOUS=Also").anonymousMode());
    assertEquals(AnonymousMode.OFF, read("ANONYMOUS=no").anonymousMode());
    assertEquals(Optional.empty(), read("UID=5\nANON_USER=root").anonymous());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ANON_USER=root", "ANON_USER=wheel", "ANON_USER=missing", "ANON_USER=nohome", "UID=5",
        "GID=5", "UID=5 GID=6", "UID=5 HOME=/x", "HOME=/a ANON_HOME=/b", "ANON_USER=twoftpd",
        "UID=113 GID=9 HOME=/x"
      })
  void refusesAnAnonymousServiceWithoutAProperAccount(String settings) {
    only(messages("ANONYMOUS=on\n" + settings.replace(' ', '\n')));
  }

  @Test
  void doesNotTakeTheHomeOfALoginShell() throws SettingsException {
    Map<String, String> shell = Map.of("HOME", "/root", "USER", "root", "GROUP", "root");
    AnonymousSettings a = read("ANONYMOUS=on", shell).anonymous().orElseThrow();
    assertEquals("/srv/ftp", a.home());
    assertEquals("ftp", a.user());
    assertEquals("mygroup", a.group());
    Map<String, String> envdir =
        Map.of("HOME", "/pub", "USER", "guest", "UID", "5", "GID", "6", "ANONYMOUS", "1");
    a = read("", envdir).anonymous().orElseThrow();
    assertEquals("/pub", a.home());
    assertEquals("guest", a.user());
    assertNotEquals(0, a.uid());
  }
}
