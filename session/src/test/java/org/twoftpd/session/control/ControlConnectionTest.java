package org.twoftpd.session.control;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.twoftpd.session.text.Text;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.wire.EndReason;

class ControlConnectionTest {
  private static final long SECOND = 1_000_000_000L;

  /** Creates a connection on which two commands lie ready and no more can be read. */
  private static ControlConnection withTwoCommands() {
    ControlConnection control = new ControlConnection(-1, (_, _, _) -> false, 60);
    control.addUnread("NOOP\r\nPWD\r\n".getBytes(StandardCharsets.US_ASCII));
    return control;
  }

  @Test
  void atTheEndNoCommandIsTheNextHoweverManyLieReady() throws ConnectionEnded {
    ControlConnection control = withTwoCommands();
    control.endAt(System.nanoTime() + 3600 * SECOND, EndReason.LOGIN_TIMEOUT);
    assertEquals("NOOP", control.nextCommand().verb());
    control.endAt(System.nanoTime(), EndReason.LOGIN_TIMEOUT);
    assertEquals(
        EndReason.LOGIN_TIMEOUT,
        assertThrows(ConnectionEnded.class, control::nextCommand).reason());
  }

  @Test
  void linesWithNothingInThemAreNoCommands() throws ConnectionEnded {
    ControlConnection control = new ControlConnection(-1, (_, _, _) -> false, 60);
    String tooLong = "x".repeat(CommandReader.LINE_MAX + 1);
    control.addUnread(
        ("\r\n\n\r\r\nNOOP\r\n\r\n" + tooLong + "\r\n\nPWD\n").getBytes(StandardCharsets.US_ASCII));
    assertEquals("NOOP", control.nextCommand().verb());
    assertSame(CommandReader.TOO_LONG, control.nextCommand());
    assertEquals("PWD", control.nextReadCommand().verb());
    assertNull(control.nextReadCommand());
  }

  @Test
  void blanksAtTheEndAreNoParameterButPartOfAName() {
    assertNull(new CommandLine(bytes("PASV  ")).trimmedParameter());
    assertNull(new CommandLine(bytes("  ")).trimmedParameter());
    assertArrayEquals(bytes("A N"), new CommandLine(bytes("TYPE A N  ")).trimmedParameter());
    assertArrayEquals(bytes(" x"), new CommandLine(bytes("CLNT  x")).trimmedParameter());
    assertArrayEquals(bytes("n  "), new CommandLine(bytes("STOR n  ")).parameter());
  }

  private static byte[] bytes(String s) {
    return s.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * A session that sends a long reply to a slow client makes progress, so it must not look hung.
   */
  @Test
  void everyWriteThatGoesOnIsASignOfLife() throws ConnectionEnded {
    int[] ends = new int[2];
    assertEquals(0, Native.socketpair(ends));
    Native.setNonblocking(ends[0], true);
    int[] moved = {0};
    byte[] buffer = new byte[65536];
    Readiness slow =
        new Readiness() {
          @Override
          public boolean await(int fd, short events, long deadline) {
            assertTrue(moved[0] > 0);
            return Native.read(ends[1], buffer, 0, buffer.length) > 0;
          }

          @Override
          public void noteProgress() {
            moved[0]++;
          }
        };
    ControlConnection control = new ControlConnection(ends[0], slow, 60);
    control.flush();
    assertEquals(0, moved[0]);
    for (int i = 0; i < 1000; i++) {
      control.replyLine(213, new Text("x".repeat(1000)));
    }
    control.flush();
    assertTrue(moved[0] > 10);
    Native.close(ends[0]);
    Native.close(ends[1]);
  }

  @Test
  void whoSaysNothingIsIdleUnlessTheEndComesFirst() throws ConnectionEnded {
    ControlConnection control = withTwoCommands();
    assertEquals("NOOP", control.nextCommand().verb());
    assertEquals("PWD", control.nextCommand().verb());
    assertEquals(
        EndReason.IDLE, assertThrows(ConnectionEnded.class, control::nextCommand).reason());
    control.endAt(System.nanoTime() + 59 * SECOND, EndReason.SESSION_TIMEOUT);
    assertEquals(
        EndReason.SESSION_TIMEOUT,
        assertThrows(ConnectionEnded.class, control::nextCommand).reason());
    control.endAt(System.nanoTime() + 61 * SECOND, EndReason.SESSION_TIMEOUT);
    assertEquals(
        EndReason.IDLE, assertThrows(ConnectionEnded.class, control::nextCommand).reason());
  }
}
