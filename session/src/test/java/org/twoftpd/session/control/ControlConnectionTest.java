package org.twoftpd.session.control;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.twoftpd.shared.wire.HangUp;

class ControlConnectionTest {
  private static final long SECOND = 1_000_000_000L;

  /** Nothing is read from the client, nor is it waited for: two commands lie ready. */
  private static ControlConnection withTwoCommands() {
    ControlConnection control = new ControlConnection(-1, (_, _, _) -> false, 60);
    control.put("NOOP\r\nPWD\r\n".getBytes(StandardCharsets.US_ASCII));
    return control;
  }

  @Test
  void atTheEndNoCommandIsTheNextHoweverManyLieReady() throws ConnectionEnded {
    ControlConnection control = withTwoCommands();
    control.endAt(System.nanoTime() + 3600 * SECOND, HangUp.LOGIN_TIMEOUT);
    assertEquals("NOOP", control.next().verb());
    control.endAt(System.nanoTime(), HangUp.LOGIN_TIMEOUT);
    assertEquals(HangUp.LOGIN_TIMEOUT, assertThrows(ConnectionEnded.class, control::next).reason());
  }

  @Test
  void linesWithNothingInThemAreNoCommands() throws ConnectionEnded {
    ControlConnection control = new ControlConnection(-1, (_, _, _) -> false, 60);
    String tooLong = "x".repeat(CommandReader.LINE_MAX + 1);
    control.put(
        ("\r\n\n\r\r\nNOOP\r\n\r\n" + tooLong + "\r\n\nPWD\n").getBytes(StandardCharsets.US_ASCII));
    assertEquals("NOOP", control.next().verb());
    assertSame(CommandReader.TOO_LONG, control.next());
    assertEquals("PWD", control.poll().verb());
    assertNull(control.poll());
  }

  @Test
  void blanksAtTheEndAreNoParameterButPartOfAName() {
    assertNull(new CommandLine(bytes("PASV  ")).words());
    assertNull(new CommandLine(bytes("  ")).words());
    assertArrayEquals(bytes("A N"), new CommandLine(bytes("TYPE A N  ")).words());
    assertArrayEquals(bytes(" x"), new CommandLine(bytes("CLNT  x")).words());
    assertArrayEquals(bytes("n  "), new CommandLine(bytes("STOR n  ")).parameter());
  }

  private static byte[] bytes(String s) {
    return s.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void whoSaysNothingIsIdleUnlessTheEndComesFirst() throws ConnectionEnded {
    ControlConnection control = withTwoCommands();
    assertEquals("NOOP", control.next().verb());
    assertEquals("PWD", control.next().verb());
    assertEquals(HangUp.IDLE, assertThrows(ConnectionEnded.class, control::next).reason());
    control.endAt(System.nanoTime() + 59 * SECOND, HangUp.SESSION_TIMEOUT);
    assertEquals(
        HangUp.SESSION_TIMEOUT, assertThrows(ConnectionEnded.class, control::next).reason());
    control.endAt(System.nanoTime() + 61 * SECOND, HangUp.SESSION_TIMEOUT);
    assertEquals(HangUp.IDLE, assertThrows(ConnectionEnded.class, control::next).reason());
  }
}
