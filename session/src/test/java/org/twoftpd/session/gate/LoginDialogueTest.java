package org.twoftpd.session.gate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.twoftpd.session.control.KeepAlive;
import org.twoftpd.session.control.PollReadiness;
import org.twoftpd.shared.config.AnonymousMode;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.wire.EndReason;
import org.twoftpd.shared.wire.GateMessage;
import org.twoftpd.shared.wire.Message;
import org.twoftpd.shared.wire.Refusal;

/** Tests what the gate replies to each command before login. */
class LoginDialogueTest {
  private static final Endpoint PEER = new Endpoint(new byte[] {127, 0, 0, 1}, 1025, 0);

  private final List<Message> told = new ArrayList<>();

  @BeforeAll
  static void load() {
    Native.load();
  }

  /** Stands for a monitor that refuses every login. */
  private final class Refusing extends SilentChannel {
    private Client client;

    @Override
    public void send(Message message) {
      told.add(message);
      if (!(message instanceof GateMessage.HungUp)) {
        client.passDecision(Refusal.AGAIN);
      }
    }
  }

  private static final class Nobody implements KeepAlive {
    @Override
    public int questionFd() {
      return -1;
    }

    @Override
    public void answerQuestion() {}

    @Override
    public void noteProgress() {}
  }

  /** Returns the replies to these commands and to a QUIT after them. */
  private String say(AnonymousMode anonymous, String... commands) {
    int[] ends = new int[2];
    assertEquals(0, Native.socketpair(ends));
    Native.setNonblocking(ends[0], true);
    byte[] lines =
        String.join("\r\n", commands).concat("\r\nQUIT\r\n").getBytes(StandardCharsets.ISO_8859_1);
    assertEquals(lines.length, Native.write(ends[1], lines, 0, lines.length));
    Refusing monitor = new Refusing();
    Client client = new Client(7, ends[0], PEER);
    monitor.client = client;
    GateMessage.Options options =
        new GateMessage.Options(new byte[0], 60, 60, anonymous, false, false);
    Pace pace = new Pace(new PollReadiness(new Nobody()), List.of());
    ClientTls tls = new ClientTls(null, monitor, client, pace);
    new LoginDialogue(options, monitor, client, pace, tls).run(false, false);
    byte[] replies = new byte[65536];
    StringBuilder all = new StringBuilder();
    int n;
    while ((n = Native.read(ends[1], replies, 0, replies.length)) > 0) {
      all.append(new String(replies, 0, n, StandardCharsets.ISO_8859_1));
    }
    Native.close(ends[1]);
    return all.toString();
  }

  private String say(String... commands) {
    String all = say(AnonymousMode.OFF, commands);
    String bye = "221 Goodbye.\r\n";
    assertEquals(bye, all.substring(all.length() - bye.length()));
    GateMessage.HungUp last = assertInstanceOf(GateMessage.HungUp.class, told.getLast());
    assertEquals(EndReason.QUIT, last.reason());
    return all.substring(0, all.length() - bye.length());
  }

  @Test
  void helpListsTheRows() {
    assertEquals(
        """
        214-Commands before login:\r
         USER PASS QUIT SYST NOOP HELP FEAT OPTS\r
         AUTH PBSZ PROT CCC SITE\r
        214 More commands are available after login.\r
        """,
        say("HELP"));
    assertEquals("214 SITE commands are available after login.\r\n", say("SITE HELP"));
  }

  @Test
  void featuresAreThoseOfTheLargestTable() {
    assertEquals(
        """
        211-Features:\r
         TVFS\r
         PASV\r
         EPSV\r
         EPRT\r
         REST STREAM\r
         MLST type*;size*;modify*;perm*;unique*;UNIX.mode*;UNIX.owner*;UNIX.group*;\r
         SIZE\r
         MDTM\r
         MFMT\r
         UTF8\r
        211 End.\r
        """,
        say("FEAT"));
  }

  @Test
  void optionsAreThoseOfTheRows() {
    String well = "200 File names pass unchanged, UTF-8 included.\r\n";
    String no = "501 No such option.\r\n";
    assertEquals(well + well + well, say("OPTS UTF8 ON", "opts utf8", "OPTS UTF8 ON "));
    assertEquals(no + no + no, say("OPTS UTF8 OFF", "OPTS MLST size;", "OPTS NONSENSE"));
  }

  @Test
  void aParameterIsAskedForOrRefused() {
    String none = "501 This command takes no parameter.\r\n";
    String one = "504 This command needs a parameter.\r\n";
    assertEquals(none + none + none, say("SYST x", "FEAT x", "QUIT x"));
    assertEquals(one + one + one, say("USER", "OPTS ", "SITE"));
    assertEquals("200 Nothing done.\r\n", say("NOOP x"));
  }

  @Test
  void whatASessionKnowsIsForAfterLogin() {
    String later = "530 Log in first with USER and PASS.\r\n";
    assertEquals(later + later, say("RETR x", "SITE CHMOD 644 x"));
    assertEquals("502 Command not implemented.\r\n", say("NONSENSE"));
    assertEquals("500 Line too long: at most 4096 bytes.\r\n", say("x".repeat(4097)));
  }

  @Test
  void whatIsOfAnotherProtocolEndsTheDialogue() {
    assertEquals(
        "421 This is an FTP server. Goodbye.\r\n", say(AnonymousMode.OFF, "GET / HTTP/1.1"));
    assertEquals(EndReason.NOT_FTP, ((GateMessage.HungUp) told.getLast()).reason());
  }

  @Test
  void theMonitorDecidesOnAPassword() {
    assertEquals(
        """
        503 Send USER first.\r
        331 Send the password.\r
        530 Not logged in.\r
        503 Send USER first.\r
        """,
        say("PASS early", "USER me", "PASS  secret ", "PASS again"));
    GateMessage.LoginRequest asked =
        assertInstanceOf(GateMessage.LoginRequest.class, told.getFirst());
    assertArrayEquals("me".getBytes(StandardCharsets.US_ASCII), asked.user());
  }

  /** The gate hands over the command that caused the login, since the session answers it. */
  @Test
  void whereEverybodyIsAnonymousACommandIsALogin() {
    say(AnonymousMode.EVERYBODY, "RETR a\u00ffb");
    GateMessage.AnonymousRequest asked =
        assertInstanceOf(GateMessage.AnonymousRequest.class, told.getFirst());
    assertEquals(
        "RETR a\u00ff\u00ffb\nQUIT\r\n", new String(asked.unread(), StandardCharsets.ISO_8859_1));
  }
}
