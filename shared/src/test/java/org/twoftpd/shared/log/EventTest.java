/*
 * Log analysers rely on these lines, so they are compared letter by letter.
 */
package org.twoftpd.shared.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.twoftpd.shared.config.Table;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.wire.EndReason;
import org.twoftpd.shared.wire.SessionReport;

final class EventTest {
  private static final Endpoint PEER = new Endpoint(new byte[] {(byte) 192, 0, 2, 7}, 4711, 0);
  private static final Endpoint LOCAL = new Endpoint(loopback(), 21, 0);
  private static final byte[] USER = bytes("anna");

  private static byte[] loopback() {
    byte[] a = new byte[16];
    a[15] = 1;
    return a;
  }

  private static byte[] bytes(String s) {
    return s.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static Arguments line(int priority, Event event, String line) {
    return Arguments.of(priority, event, line);
  }

  private static Event transferred(boolean upload, long bytes, String failure) {
    return new SessionEvent.Transferred(
        new SessionReport.Transferred(
            upload, bytes("/a b"), bytes, 5, false, false, bytes(failure)),
        USER,
        PEER);
  }

  private static Event changed(SessionReport.Change change) {
    return new SessionEvent.Changed(change, USER, PEER);
  }

  static Stream<Arguments> lines() {
    String who = "user=anna address=192.0.2.7";
    return Stream.of(
        line(
            3,
            new ServiceEvent.SettingsError("f:1: unknown setting X"),
            "settings-error message=\"f:1: unknown setting X\""),
        line(6, new ServiceEvent.Listening(LOCAL), "listening address=[::1]:21"),
        line(6, new ServiceEvent.Stopped(), "stopped"),
        line(
            6,
            new ClientEvent.Connect(PEER, LOCAL),
            "connect address=192.0.2.7 port=4711 local=[::1]:21"),
        line(
            6,
            new ClientEvent.Disconnect(PEER, EndReason.LOGIN_TIMEOUT),
            "disconnect address=192.0.2.7 reason=login-timeout"),
        line(
            4,
            new ClientEvent.Refused(PEER, "MAX_PER_IP"),
            "refused address=192.0.2.7 limit=MAX_PER_IP"),
        line(
            4,
            new ClientEvent.Refused(PEER, USER, "MAX_PER_USER"),
            "refused address=192.0.2.7 limit=MAX_PER_USER user=anna"),
        line(
            4,
            new SessionEvent.HeldBack(USER, PEER, 99, 5000),
            "held-back user=anna address=192.0.2.7 pid=99 limit=5000"),
        line(6, new ServiceEvent.Reloaded(""), "reload result=done"),
        line(
            4,
            new ServiceEvent.Reloaded("LISTEN, GATE_USER"),
            "reload result=done restart-for=\"LISTEN, GATE_USER\""),
        line(3, new ServiceEvent.ReloadRefused(), "reload result=refused"),
        line(4, new ServiceEvent.SpawnRate(5, 7), "spawn-rate limit=5 waiting=7"),
        line(4, new MissingLinesEvent.LinesDropped(9), "lines-dropped count=9"),
        line(4, new SessionEvent.Unheard(USER, PEER, 99, 3), "unheard " + who + " pid=99 lines=3"),
        line(
            6,
            new SessionEvent.Login(USER, PEER, Table.XFER, -2, 99, 12),
            "login " + who + " table=xfer uid=4294967294 pid=99 ms=12"),
        line(
            6,
            new SessionEvent.Login(
                USER,
                PEER,
                Table.XFER,
                5,
                99,
                12,
                new SessionEvent.Tls(bytes("TLSv1.3"), bytes("X_Y"), bytes(""))),
            "login " + who + " table=xfer uid=5 pid=99 ms=12 tls=TLSv1.3 suite=X_Y"),
        line(
            6,
            new SessionEvent.Login(
                USER,
                PEER,
                Table.XFER,
                5,
                99,
                12,
                new SessionEvent.Tls(bytes("TLSv1.2"), bytes("X_Y"), bytes("CN=a b"))),
            "login "
                + who
                + " table=xfer uid=5 pid=99 ms=12 tls=TLSv1.2 suite=X_Y certificate=\"CN=a b\""),
        line(
            6,
            new ClientEvent.TlsFailed(PEER, bytes("no suite")),
            "tls-failed address=192.0.2.7 reason=\"no suite\""),
        line(
            4,
            new ServiceEvent.Certificate("TLS_CERT=/a runs out"),
            "certificate message=\"TLS_CERT=/a runs out\""),
        line(
            4,
            new ClientEvent.LoginFailed(USER, PEER, "password"),
            "login-failed address=192.0.2.7 user=anna reason=password"),
        line(
            4,
            new SessionEvent.PortFailed(USER, PEER, "Permission denied"),
            "port-failed " + who + " reason=\"Permission denied\""),
        line(
            6,
            transferred(true, 1L << 40, ""),
            "upload " + who + " path=\"/a b\" bytes=1099511627776 ms=5 result=done"),
        line(
            6,
            new SessionEvent.Transferred(
                new SessionReport.Transferred(true, bytes("/a b"), 7, 5, false, true, bytes("")),
                USER,
                PEER),
            "upload " + who + " path=\"/a b\" bytes=7 ms=5 result=done end=cut"),
        line(
            6,
            new SessionEvent.DataHandshake(USER, PEER, false, bytes("gone")),
            "tls-data " + who + " result=refused reason=gone"),
        line(
            6,
            new SessionEvent.DataHandshake(USER, PEER, true, bytes("a b")),
            "tls-data " + who + " result=served reason=\"a b\""),
        line(
            6,
            transferred(false, 7, "Broken pipe"),
            "download " + who + " path=\"/a b\" bytes=7 ms=5 result=failed reason=\"Broken pipe\""),
        line(
            6,
            transferred(true, 7, "No space left"),
            "upload " + who + " path=\"/a b\" bytes=7 ms=5 result=failed reason=\"No space left\""),
        line(
            6,
            changed(new SessionReport.Deleted(true, bytes("/a b"))),
            "delete " + who + " path=\"/a b\" result=done"),
        line(
            6,
            changed(new SessionReport.Renamed(true, bytes("/a b"), bytes("/c"))),
            "rename " + who + " path=\"/a b\" target=/c result=done"),
        line(
            6,
            changed(new SessionReport.DirectoryMade(true, bytes("/a b"))),
            "mkdir " + who + " path=\"/a b\" result=done"),
        line(
            6,
            changed(new SessionReport.DirectoryRemoved(true, bytes("/a b"))),
            "rmdir " + who + " path=\"/a b\" result=done"),
        line(
            6,
            changed(new SessionReport.ModeChanged(true, bytes("/a b"), 0640)),
            "chmod " + who + " path=\"/a b\" mode=640 result=done"),
        line(
            6,
            changed(new SessionReport.Deleted(false, bytes("/c"))),
            "delete " + who + " path=/c result=failed"),
        line(
            6,
            new SessionEvent.Replied(USER, PEER, bytes("250 OK")),
            "reply " + who + " text=\"250 OK\""),
        line(
            6,
            new SessionEvent.Requested(USER, PEER, bytes("CWD /")),
            "request " + who + " text=\"CWD /\""),
        line(4, new SessionEvent.NoPassivePort(USER, PEER), "no-passive-port " + who),
        line(
            4,
            new SessionEvent.ForeignDataConnection(
                USER, PEER, new Endpoint(new byte[] {1, 2, 3, 4}, 5, 0)),
            "foreign-data-connection " + who + " from=1.2.3.4:5"),
        line(
            6,
            new SessionEvent.End(USER, PEER, EndReason.QUIT, 1, 2, 3),
            "end " + who + " reason=quit in=1 out=2 s=3"),
        line(
            3,
            new SessionEvent.SessionFailed(USER, PEER, bytes("no home")),
            "session-failed " + who + " reason=\"no home\""),
        line(
            3,
            new SessionEvent.SessionDied(USER, PEER, 99, 9),
            "session-died " + who + " pid=99 status=\"signal 9\""),
        line(
            3,
            new SessionEvent.SessionDied(USER, PEER, 99, 3 << 8),
            "session-died " + who + " pid=99 status=\"exit 3\""),
        line(3, new ProcessEvent.SpareFailed("ENOMEM"), "spare-failed reason=ENOMEM"),
        line(3, new ProcessEvent.GateDied("signal 9"), "gate-died reason=\"signal 9\""),
        line(
            3,
            new ProcessEvent.Violation("gate", 5, "early=message"),
            "violation role=gate pid=5 what=\"early=message\""),
        line(
            3,
            new ProcessEvent.Hung("gate", 5, "is stopped"),
            "hung role=gate pid=5 what=\"is stopped\""),
        line(4, new ServiceEvent.ClosingsStall(9), "closings-stall count=9"),
        line(4, new ServiceEvent.ReloadWaits(30), "reload result=waits s=30"),
        line(4, new MissingLinesEvent.Lost(7, "service", "", ""), "lost lines=7 from=service"),
        line(
            4,
            new MissingLinesEvent.Lost(7, "sessions", "b c", "192.0.2.7"),
            "lost lines=7 from=sessions user=\"b c\" address=192.0.2.7"),
        line(
            3,
            new MissingLinesEvent.TransferLogFailed(bytes("/a b")),
            "xferlog-failed path=\"/a b\""),
        line(
            4,
            new ProcessEvent.Stderr("session", 5, bytes("<3>login user=root\r")),
            "stderr role=session pid=5 text=\"<3>login user=root\\x0d\""),
        line(
            3,
            ServiceEvent.Fault.of(withoutFrames(new IllegalStateException("so\nbad"))),
            "fault what=\"java.lang.IllegalStateException: so\\x0abad\""));
  }

  private static RuntimeException withoutFrames(RuntimeException e) {
    e.setStackTrace(new StackTraceElement[0]);
    return e;
  }

  @ParameterizedTest
  @MethodSource("lines")
  void saysItsLine(int priority, Event event, String line) {
    assertEquals(line, event.entry().toString());
    assertEquals(priority, event.entry().priority());
  }

  @Test
  void leavesNoEventOut() {
    List<Class<?>> tested = new ArrayList<>();
    lines().forEach(a -> tested.add(a.get()[1].getClass()));
    int events = 0;
    for (Class<?> subject : Event.class.getPermittedSubclasses()) {
      for (Class<?> event : subject.getPermittedSubclasses()) {
        assertTrue(tested.contains(event), event.getName());
        events++;
      }
    }
    assertTrue(events > 30, "events are found below their subjects");
  }

  private static String user(byte... value) {
    String line = new ClientEvent.LoginFailed(value, PEER, "password").entry().toString();
    String start = "login-failed address=192.0.2.7 user=";
    assertTrue(line.startsWith(start) && line.endsWith(" reason=password"), line);
    return line.substring(start.length(), line.length() - " reason=password".length());
  }

  @Test
  void escapesWhatAClientChose() {
    assertEquals("\"\"", user());
    assertEquals("a.b-c_d@e/f", user(bytes("a.b-c_d@e/f")));
    assertEquals("a\\x0ab", user(bytes("a\nb")));
    assertEquals("\\x0d\\x00\\x1b[2J\\x7f", user(bytes("\r\0\u001b[2J\u007f")));
    assertEquals("\\xff\\xc3\\xa4", user(bytes("\u00ff\u00c3\u00a4")));
    assertEquals("\"x reason=y\"", user(bytes("x reason=y")));
    assertEquals("\"\\x22 address=1.2.3.4 user=\\x22\"", user(bytes("\" address=1.2.3.4 user=\"")));
    assertEquals("\\x5cx0a", user(bytes("\\x0a")));
  }

  @Test
  void cutsWhatIsTooLong() {
    byte[] longest = new byte[1024];
    Arrays.fill(longest, (byte) 'u');
    assertEquals("u".repeat(1024), user(longest));
    assertEquals(
        "u".repeat(1024) + "...", user(Arrays.copyOf(longest, 100_000)).replace("\\x00", ""));
    byte[] worst = new byte[1 << 20];
    String line =
        new SessionEvent.Changed(new SessionReport.Renamed(true, worst, worst), worst, PEER)
            .entry()
            .toString();
    assertTrue(line.length() < 13_000, () -> "a line of " + line.length());
  }

  /** The form is stable, and the address stands before anything that the client chose. */
  @Test
  void showsFail2banTheAddressAndNoOther() {
    Pattern p = Pattern.compile("^login-failed address=(\\S+) user=");
    var m =
        p.matcher(
            new ClientEvent.LoginFailed(bytes("\nlogin-failed address=9.9.9.9 user=x"), PEER, "x")
                .entry()
                .toString());
    assertTrue(m.find());
    assertEquals("192.0.2.7", m.group(1));
    assertTrue(!m.find());
  }
}
