package org.twoftpd.session.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Translates TYPE A in both directions. */
@SuppressWarnings("restricted")
class AsciiTranslationTest {
  private static final MemorySegment ALL_MEMORY =
      MemorySegment.ofAddress(0).reinterpret(Long.MAX_VALUE);

  private static String toWire(String s) {
    return toWire(s.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String toWire(byte[]... pieces) {
    AsciiTranslation t = new AsciiTranslation();
    StringBuilder all = new StringBuilder();
    for (byte[] in : pieces) {
      put(t, in);
      all.append(taken(t, t.translateToWire(in.length)));
    }
    return all.toString();
  }

  /** Puts CR in front of each LF that has none. */
  private static String withReturns(String s) {
    return s.replaceAll("(?<!\r)\n", "\r\n");
  }

  private static String toFile(byte[]... pieces) {
    AsciiTranslation t = new AsciiTranslation();
    StringBuilder all = new StringBuilder();
    for (byte[] in : pieces) {
      put(t, in);
      all.append(taken(t, t.translateToFile(in.length)));
    }
    return all.append(taken(t, t.releaseHeldReturn())).toString();
  }

  private static void put(AsciiTranslation t, byte[] piece) {
    MemorySegment.copy(piece, 0, ALL_MEMORY, ValueLayout.JAVA_BYTE, t.inputAddress(), piece.length);
  }

  private static String taken(AsciiTranslation t, int length) {
    byte[] out = new byte[length];
    MemorySegment.copy(ALL_MEMORY, ValueLayout.JAVA_BYTE, t.outputAddress(), out, 0, length);
    return new String(out, StandardCharsets.ISO_8859_1);
  }

  private static String toFile(String s) {
    return toFile(s.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void everyLfGetsItsReturn() {
    assertEquals("a\r\n\r\nb\r", toWire("a\n\nb\r"));
    assertEquals("", toWire(""));
  }

  @Test
  void whatHasItsReturnGetsNoSecondOne() {
    assertEquals("a\r\n\r\nb\r\r\n", toWire("a\r\n\nb\r\r\n"));
    byte[] upToReturn = {'a', '\r'};
    byte[] rest = {'\n', 'b'};
    assertEquals("a\r\nb", toWire(upToReturn, rest));
    assertEquals("a\r\nb", toWire(upToReturn, new byte[0], rest));
    assertEquals("a\ra\r\nb", toWire(upToReturn, upToReturn, rest));
    assertEquals("\r\nb\r\nb", toWire(rest, rest));
  }

  @Test
  void aTextThatGoesOnBehindAReturnGetsNone() {
    AsciiTranslation t = new AsciiTranslation();
    t.setPrecedingByte((byte) '\r');
    put(t, new byte[] {'\n'});
    assertEquals("\n", taken(t, t.translateToWire(1)));
    t.setPrecedingByte((byte) 'a');
    put(t, new byte[] {'\n'});
    assertEquals("\r\n", taken(t, t.translateToWire(1)));
  }

  @Test
  void onlyAReturnInFrontOfLfGoes() {
    assertEquals("a\nb\rc\r\nd\r", toFile("a\r\nb\rc\r\r\nd\r"));
  }

  /**
   * The translation agrees with the plainest way to do it, wherever line ends fall in a machine
   * word.
   */
  @Property
  void asByteForByte(@ForAll @Size(max = 120) byte[] noise, @ForAll int seed) {
    byte[] file = noise.clone();
    for (int i = 0; i < file.length; i++) {
      file[i] =
          (byte) ((file[i] + seed) % 7 == 0 ? '\n' : (file[i] ^ seed) % 5 == 0 ? '\r' : file[i]);
    }
    String s = new String(file, StandardCharsets.ISO_8859_1);
    assertEquals(withReturns(s), toWire(s));
    assertEquals(s.replace("\r\n", "\n"), toFile(s));
  }

  /** The translation works in words and in blocks, so line ends must be seen at their edges too. */
  @Test
  void aLineEndIsSeenWhereverItStands() {
    for (int length : new int[] {40, 2200}) {
      // These are the neighbours of both characters, and the characters that differ from them in
      // the high bit.
      String other = "\u008a\u008d\u000b\u000e\u0009\u000c";
      String filling = other.repeat(length / 6 + 1).substring(0, length);
      for (int at = 0; at < length; at++) {
        if (length > 100 && Math.floorMod(at + 40, 1024) > 80) {
          continue;
        }
        for (String end : new String[] {"\n", "\r", "\n\n", "\r\n", "\r\r\n", "\n\r"}) {
          String file = filling.substring(0, at) + end + filling.substring(at);
          assertEquals(withReturns(file), toWire(file));
          assertEquals(file.replace("\r\n", "\n"), toFile(file));
        }
      }
    }
  }

  /**
   * A session translates many texts, and the end of one must not become the beginning of another.
   */
  @Test
  void aReturnThatWasHeldIsOfItsTextOnly() {
    assertEquals("a\r", toFile("a\r"));
    assertEquals("\nb", toFile("\nb"));
  }

  @Test
  void piecesMayBeAsLongAsThereIsRoom() {
    String most = "\n".repeat(AsciiTranslation.PIECE);
    assertEquals(most.replace("\n", "\r\n"), toWire(most));
    byte[] returns = "\r".repeat(AsciiTranslation.PIECE).getBytes(StandardCharsets.ISO_8859_1);
    assertEquals("\r".repeat(2 * AsciiTranslation.PIECE), toFile(returns, returns));
    assertThrows(
        IllegalArgumentException.class,
        () -> new AsciiTranslation().translateToFile(AsciiTranslation.PIECE + 1));
    assertThrows(IllegalArgumentException.class, () -> new AsciiTranslation().translateToWire(-1));
  }

  /**
   * The translation of a text is the same in pieces, and one direction undoes the other, except for
   * lines that had CR LF before.
   */
  @Property
  void thereAndBack(@ForAll @Size(max = 200) byte[] file, @ForAll int seed) {
    String s = new String(file, StandardCharsets.ISO_8859_1);
    int half = file.length == 0 ? 0 : Math.floorMod(seed, file.length);
    byte[] wire =
        toWire(Arrays.copyOf(file, half), Arrays.copyOfRange(file, half, file.length))
            .getBytes(StandardCharsets.ISO_8859_1);
    assertEquals(toWire(s), new String(wire, StandardCharsets.ISO_8859_1));
    int cut = wire.length == 0 ? 0 : Math.floorMod(seed, wire.length);
    assertEquals(
        s.replace("\r\n", "\n"),
        toFile(Arrays.copyOf(wire, cut), Arrays.copyOfRange(wire, cut, wire.length)));
  }
}
