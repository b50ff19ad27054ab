package org.twoftpd.session.control;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.twoftpd.session.text.Text;

/** Tests how lines end, how Telnet is removed, and how long a line may be. */
class CommandReaderTest {
  private final CommandReader reader = new CommandReader();

  private static byte[] bytes(String s) {
    return s.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String text(CommandLine line) {
    return line == null ? null : new String(line.bytes(), StandardCharsets.ISO_8859_1);
  }

  private List<String> read(String... pieces) {
    List<String> lines = new ArrayList<>();
    for (String p : pieces) {
      reader.addUnread(bytes(p));
      for (CommandLine l = reader.nextLine(); l != null; l = reader.nextLine()) {
        lines.add(l == CommandReader.TOO_LONG ? "TOO LONG" : text(l));
      }
    }
    return lines;
  }

  @Test
  void aLineEndsAtLfAndLosesItsReturns() {
    assertEquals(List.of("NOOP", "NOOP", "NOOP", ""), read("NOOP\r\nNOOP\nNOOP\r\r\r\n\r\n"));
  }

  @Test
  void aReturnInsideALineStays() {
    assertEquals(List.of("CWD a\rb"), read("CWD a\rb\r\n"));
  }

  @Test
  void trailingSpacesBelongToTheParameter() {
    reader.addUnread(bytes("CWD  a \r\n"));
    assertArrayEquals(bytes(" a "), reader.nextLine().parameter());
    reader.addUnread(bytes("CWD \r\n"));
    assertNull(reader.nextLine().parameter());
  }

  @Test
  void verbsAreReadInAnyCase() {
    reader.addUnread(bytes("rEtR x\r\nR\u00c4TR x\r\nABCDEFGHI\r\n"));
    assertEquals("RETR", reader.nextLine().verb());
    assertEquals("", reader.nextLine().verb());
    assertEquals("", reader.nextLine().verb());
  }

  @Test
  void nulStandsForLfAndDoubledIacForOne() {
    assertEquals(List.of("DELE a\nb\u00ffc"), read("DELE a\0b\u00ff\u00ffc\r\n"));
  }

  @Test
  void telnetInFrontOfACommandIsAnsweredAndTakenOut() {
    assertEquals(
        List.of("NOOP"),
        read("\u00ff\u00fb\u0001\u00ff\u00fd\n\u00ff\u00fe\u0001\u00ff\u00fc\u0001NOOP\r\n"));
    assertArrayEquals(bytes("\u00ff\u00fe\u0001\u00ff\u00fc\n"), reader.takeTelnetAnswer());
    assertArrayEquals(new byte[0], reader.takeTelnetAnswer());
  }

  @Test
  void theSynchInFrontOfAborIsTakenOut() {
    for (String synch :
        List.of(
            "\u00ff\u00f4\u00ff\u00f2",
            "\u00ff\u00f4\u00f2",
            "\u00f4\u00f2",
            "\u00f4\u00ff\u00f2",
            "\u00ff\u00f4\u00ff",
            "\u00f2",
            "\u00ff")) {
      assertEquals(List.of("ABOR"), read(synch + "ABOR\r\n"));
    }
  }

  @Test
  void aTelnetSequenceMayBeCutAnywhere() {
    assertEquals(List.of("NOOP"), read("\u00ff", "\u00fb", "\u0001NO", "OP\r", "\n"));
    assertArrayEquals(bytes("\u00ff\u00fe\u0001"), reader.takeTelnetAnswer());
  }

  @Test
  void offersWithoutEndGetNoMemoryWithoutEnd() {
    assertEquals(List.of("NOOP"), read("\u00ff\u00fb\u0001".repeat(5000) + "NOOP\n"));
    assertEquals(300, reader.takeTelnetAnswer().length);
  }

  /** Decodes bytes without Telnet commands in a second, simple way, to compare with the reader. */
  private static List<String> plain(String sent) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < sent.length(); i++) {
      char c = sent.charAt(i);
      if (c == '\n') {
        lines.add(line.toString().replaceFirst("\r+\\z", ""));
        line.setLength(0);
      } else if (!line.isEmpty() || c < 0x80) {
        line.append(c == 0 ? '\n' : c);
        i += sent.startsWith("\u00ff\u00ff", i) ? 1 : 0;
      }
    }
    return lines;
  }

  private void assertReads(List<String> expected, String before, String pair, String after) {
    String shown = (int) pair.charAt(0) + " " + (int) pair.charAt(1);
    assertEquals(expected, read(before + pair + after), shown);
    byte[] answer = reader.takeTelnetAnswer();
    assertEquals(
        expected, read(before + pair.charAt(0), pair.charAt(1) + "", after), shown + ", in pieces");
    assertArrayEquals(answer, reader.takeTelnetAnswer(), shown);
  }

  /** Row 25: inside a line the reader removes nothing but the second of two bytes 0xFF. */
  @Test
  void row25_insideALineNoPairOfBytesIsTelnetAndTheByte255IsItselfUnlessItIsDoubled() {
    for (int p = 0; p < 0x10000; p++) {
      String pair = "" + (char) (p >> 8) + (char) (p & 0xff);
      assertReads(plain("CWD " + pair + "z\n"), "CWD ", pair, "z\n");
      assertReads(plain("CWD a" + pair + "\n"), "CWD a", pair, "\n");
      assertEquals(0, reader.takeTelnetAnswer().length);
    }
  }

  /** Row 25: in front of a command the reader removes all bytes that are not ASCII. */
  @Test
  void row25_inFrontOfACommandNoPairOfBytesBeyondAsciiIsLeft() {
    for (int p = 0; p < 0x10000; p++) {
      int first = p >> 8;
      int second = p & 0xff;
      String pair = "" + (char) first + (char) second;
      if (first == 0xff && second >= 0xfb && second < 0xff) {
        // The byte that follows is the option of the Telnet command; here it is the first letter.
        assertReads(List.of("OOP"), "", pair, "NOOP\n");
        reader.addUnread(bytes(pair + "NOOP\n"));
        assertEquals("OOP", text(reader.nextLine()));
        String answer = second == 0xfb ? "\u00ff\u00feN" : second == 0xfd ? "\u00ff\u00fcN" : "";
        assertArrayEquals(bytes(answer), reader.takeTelnetAnswer());
      } else {
        String left = first < 0x80 ? pair : second < 0x80 ? pair.substring(1) : "";
        assertReads(plain(left + "NOOP\n"), "", pair, "NOOP\n");
        assertEquals(0, reader.takeTelnetAnswer().length);
      }
    }
  }

  /** Row 25: a client can send back the name that a reply gave, and two names never become one. */
  @Test
  void row25_eachPairOfBytesInANameComesBackAsItIsTold() {
    for (int p = 0; p < 0x10000; p++) {
      byte[] name = {'a', (byte) (p >> 8), (byte) p, 'b'};
      if (name[1] != 0 && name[2] != 0) {
        byte[] line = new Text("DELE ").addName(name).add("\r\n").toBytes();
        reader.addUnread(line);
        assertArrayEquals(name, reader.nextLine().parameter(), "" + p);
        assertNull(reader.nextLine());
      }
    }
  }

  @Test
  void theLongestLinePassesAndOneByteMoreDoesNot() {
    String longest = "A".repeat(CommandReader.LINE_MAX);
    assertEquals(List.of(longest, "NOOP"), read(longest + "\r\nNOOP\r\n"));
    assertEquals(List.of("TOO LONG", "NOOP"), read(longest + "A\r\nNOOP\r\n"));
  }

  @Test
  void aLineWithoutEndIsOneErrorAndNeverSplit() {
    String[] pieces = new String[128];
    java.util.Arrays.fill(pieces, "DELE x ".repeat(1024));
    pieces[127] = "\r\nNOOP\r\n";
    assertEquals(List.of("TOO LONG", "NOOP"), read(pieces));
  }

  @Test
  void whatComesBehindALineIsLeftUnread() {
    reader.addUnread(bytes("USER a\r\nPASS b\r\nPWD\r\nQUI"));
    assertEquals("USER a", text(reader.nextLine()));
    assertEquals("PASS b", text(reader.nextLine()));
    assertArrayEquals(bytes("PWD\r\nQUI"), reader.copyUnread());
    // When the login is refused, the gate goes on with these bytes.
    assertEquals("PWD", text(reader.nextLine()));
    assertNull(reader.nextLine());
  }

  @Test
  void tooLongIsItsOwnValue() {
    reader.addUnread(bytes("\r\n"));
    CommandLine empty = reader.nextLine();
    assertEquals(true, empty.isEmpty());
    assertEquals(false, empty == CommandReader.TOO_LONG);
    reader.addUnread(bytes("x".repeat(5000) + "\n"));
    assertSame(CommandReader.TOO_LONG, reader.nextLine());
  }

  /** Row 15: the lines do not depend on the pieces in which the bytes arrive. */
  @Property
  void piecesDoNotMatter(@ForAll @Size(max = 300) byte[] all, @ForAll int seed) {
    CommandReader whole = new CommandReader();
    whole.addUnread(all);
    List<String> expected = new ArrayList<>();
    for (CommandLine l = whole.nextLine(); l != null; l = whole.nextLine()) {
      expected.add(text(l));
    }
    CommandReader pieces = new CommandReader();
    List<String> got = new ArrayList<>();
    java.util.Random random = new java.util.Random(seed);
    int at = 0;
    while (at < all.length) {
      int n = 1 + random.nextInt(all.length - at);
      pieces.addUnread(java.util.Arrays.copyOfRange(all, at, at + n));
      at += n;
      for (CommandLine l = pieces.nextLine(); l != null; l = pieces.nextLine()) {
        got.add(text(l));
      }
    }
    assertEquals(expected, got);
  }
}
