package org.twoftpd.test.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.Dialogue;
import org.twoftpd.test.harness.FreePorts;

/** Brings about most kinds of lines of the log from outside. */
class LogIT {
  private static final String CLIENT = " address=127\\.0\\.0\\.1";
  private static final String ALICE = " user=alice" + CLIENT;
  private static Chain chain;

  @BeforeAll
  static void start() throws IOException {
    int port = FreePorts.one();
    chain =
        Chain.options()
            .user("alice")
            .user("locked")
            .set("PASV_PORTS", port + "-" + port)
            .set("MAX_PER_IP", "6")
            .set("LOGREQUESTS", "on")
            .set("LOGRESPONSES", "on")
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    chain.close();
  }

  private static void logged(String regex) {
    Chain.eventually("a line " + regex, () -> lines().stream().anyMatch(l -> l.matches(regex)));
  }

  private static List<String> lines() {
    try {
      return chain.log().lines().toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void listening() {
    logged("listening address=127\\.0\\.0\\.1:" + chain.port());
  }

  @Test
  void connectAndDisconnect() throws IOException {
    int port;
    try (Dialogue d = chain.connect()) {
      port = d.socket().getLocalPort();
      d.expect(221, "QUIT");
    }
    logged("connect" + CLIENT + " port=" + port + " local=127\\.0\\.0\\.1:" + chain.port());
    logged("disconnect" + CLIENT + " reason=quit");
  }

  @Test
  void refused() throws IOException {
    List<Dialogue> crowd = new ArrayList<>();
    try {
      Chain.eventuallyTold(
          "a refusal",
          () -> {
            Dialogue d = new Dialogue("127.0.0.1", chain.port());
            crowd.add(d);
            return d.reply().code() == 421;
          });
    } finally {
      for (Dialogue d : crowd) {
        d.close();
      }
    }
    logged("refused" + CLIENT + " limit=MAX_PER_IP");
    Chain.eventuallyTold(
        "room for others",
        () -> {
          try (Dialogue d = new Dialogue("127.0.0.1", chain.port())) {
            return d.reply().code() == 220;
          }
        });
  }

  @Test
  void loginAndEnd() throws IOException {
    long pid;
    try (Dialogue d = chain.login("alice")) {
      pid = chain.sessionsOf("alice").getLast();
      d.store("STOR counted", new byte[1000]);
      assertEquals(1000, d.fetch("RETR counted").length);
      d.expect(250, "DELE counted");
      d.expect(221, "QUIT");
    }
    logged("login" + ALICE + " table=xfer uid=64101 pid=" + pid + " ms=\\d+");
    logged("end" + ALICE + " reason=quit in=1000 out=1000 s=\\d+");
  }

  @Test
  void loginFailed() throws IOException {
    try (Dialogue d = chain.connect()) {
      d.expect(331, "USER alice");
      d.expect(530, "PASS wrong-secret");
      d.expect(331, "USER x\" address=9.9.9.9 \0\u001b[2J");
      d.expect(530, "PASS wrong-secret");
    }
    logged("login-failed" + CLIENT + " user=alice reason=\"wrong credentials\"");
    logged(
        "login-failed"
            + CLIENT
            + " user=\"x\\\\x22 address=9\\.9\\.9\\.9 \\\\x0a\\\\x1b\\[2J\""
            + " reason=\"wrong credentials\"");
  }

  @Test
  void everythingDoneWithFiles() throws IOException {
    try (Dialogue d = chain.login("alice")) {
      d.expect(257, "MKD dir");
      d.expect(200, "TYPE I");
      d.store("STOR dir/a b\0c", new byte[77]);
      assertEquals(77, d.fetch("RETR dir/a b\0c").length);
      d.expect(200, "SITE CHMOD 640 dir/a b\0c");
      d.expect(350, "RNFR dir/a b\0c");
      d.expect(250, "RNTO dir/d");
      d.expect(250, "DELE dir/d");
      d.expect(550, "DELE dir/d");
      d.expect(250, "RMD dir");
    }
    String done = " result=done";
    String odd = " path=\"/dir/a b\\\\x0ac\"";
    logged("mkdir" + ALICE + " path=/dir" + done);
    logged("upload" + ALICE + odd + " bytes=77 ms=\\d+" + done);
    logged("download" + ALICE + odd + " bytes=77 ms=\\d+" + done);
    logged("chmod" + ALICE + odd + " mode=640" + done);
    logged("rename" + ALICE + odd + " target=/dir/d" + done);
    logged("delete" + ALICE + " path=/dir/d" + done);
    logged("delete" + ALICE + " path=/dir/d result=failed");
    logged("rmdir" + ALICE + " path=/dir" + done);
  }

  @Test
  void requestsAndReplies() throws IOException {
    try (Dialogue d = chain.login("alice")) {
      d.expect(550, "CWD nowhere \001");
      d.expect(230, "PASS another-secret");
    }
    logged("request" + ALICE + " text=\"CWD nowhere \\\\x01\"");
    logged("reply" + ALICE + " text=\"550 .*\"");
    logged("request" + ALICE + " text=\"?PASS.*");
    assertFalse(chain.log().contains("secret"), "a password is in the log");
    assertFalse(chain.log().contains("pw-alice"), "a password is in the log");
  }

  @Test
  void foreignDataConnectionAndNoPassivePort() throws IOException {
    try (Dialogue d = chain.login("alice");
        Dialogue other = chain.login("alice")) {
      String text = d.expect(229, "EPSV").text();
      int port = Integer.parseInt(text.replaceAll(".*\\|\\|\\|(\\d+)\\|.*", "$1"));
      other.expect(425, "EPSV");
      try (Socket thief = new Socket()) {
        thief.bind(new java.net.InetSocketAddress("127.0.0.2", 0));
        thief.connect(new java.net.InetSocketAddress("127.0.0.1", port), 5000);
        d.send("NLST\r\n");
        assertEquals(-1, thief.getInputStream().read());
      }
      logged("foreign-data-connection" + ALICE + " from=127\\.0\\.0\\.2.*");
      logged("no-passive-port" + ALICE + ".*");
    }
  }

  @Test
  void sessionFailed() throws IOException {
    Path home = chain.user("locked").home();
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("---------"));
    try (Dialogue d = chain.connect()) {
      d.expect(331, "USER locked");
      d.expect(421, "PASS pw-locked");
    }
    logged("session-failed user=locked" + CLIENT + " reason=\".*Permission denied\"");
  }

  @Test
  void sessionDiedAndItsLastWords() throws Exception {
    try (Dialogue d = chain.login("alice")) {
      d.expect(257, "PWD");
      long pid = chain.sessionsOf("alice").getLast();
      // A virtual machine in trouble would write such lines.
      speakAs(pid, 2, "# out of memory\n<3>login user=root\nlast words");
      Chain.signal("KILL", pid);
      logged("stderr role=session pid=" + pid + " text=\"# out of memory\"");
      logged("stderr role=session pid=" + pid + " text=\"<3>login user=root\"");
      logged("stderr role=session pid=" + pid + " text=\"last words\"");
      logged("session-died" + ALICE + " pid=" + pid + " status=\"signal 9\"");
    }
  }

  @Test
  void spareFailed() throws IOException {
    Chain.eventually("a spare", () -> spare() > 0);
    Chain.signal("KILL", spare());
    logged("spare-failed reason=\"ended with signal 9\"");
  }

  private static long spare() {
    return chain.children("session").stream().filter(p -> Chain.uid(p) == 0).findAny().orElse(0L);
  }

  @Test
  void violationAndGateDied() throws Exception {
    long gate = chain.children("gate").getFirst();
    speakAs(gate, 0, "GET / HTTP/1.0\r\n\r\n");
    logged("violation role=gate pid=" + gate + " what=\"a message of no known kind\"");
    logged("gate-died reason=\"killed: .*\"");
    Chain.eventuallyTold(
        "another gate",
        () -> {
          chain.connect().close();
          return true;
        });
  }

  /** Has another process write to a descriptor of {@code pid}, by pidfd_getfd(2). */
  private static void speakAs(long pid, int descriptor, String words) throws Exception {
    String speak =
        """
        import ctypes, os, sys
        c = ctypes.CDLL(None, use_errno=True)
        p = c.syscall(434, int(sys.argv[1]), 0)
        f = c.syscall(438, p, int(sys.argv[2]), 0)
        if f < 0: sys.exit(os.strerror(ctypes.get_errno()))
        os.write(f, sys.argv[3].encode())
        """;
    Process python =
        new ProcessBuilder(
                "python3", "-c", speak, Long.toString(pid), Integer.toString(descriptor), words)
            .start();
    assertTrue(python.waitFor(20, TimeUnit.SECONDS));
    String said = new String(python.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, python.exitValue(), said);
  }

  /** The gate logs its goodbye behind the last refusal, although it may ask nothing more then. */
  @Test
  void theGoodbyeBehindTheLastAttemptIsAReplyToo() throws IOException {
    long gate = chain.children("gate").getFirst();
    try (Dialogue d = chain.connect()) {
      for (int i = 0; i < 3; i++) {
        d.expect(331, "USER locked");
        d.expect(530, "PASS wrong");
      }
      d.expect(421);
    }
    logged("reply user=\"\" address=127\\.0\\.0\\.1 text=\"421 Too many failed logins.*");
    assertEquals(gate, chain.children("gate").getFirst());
  }

  /** Every line can be parsed, whatever clients put into it. */
  @Test
  void everyLineHasTheForm() throws IOException {
    try (Dialogue d = chain.connect()) {
      d.expect(331, "USER \"\\ a=b\0c\u00ff");
      d.expect(530, "PASS wrong-secret");
    }
    for (String line : lines()) {
      // The first line is twoftpd-cvm's, which writes to the same file.
      assertTrue(
          line.matches("users file \\S+: \\d+ accounts")
              || line.matches("[a-z-]+( [a-z]+=(\"[^\"]*\"|[^ \"=]+))*"),
          line);
    }
  }
}
