package org.twoftpd.session.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** TYPE A in both directions. */
class AsciiTranslationTest {
  private static String toWire(String s) {
    byte[] in = s.getBytes(StandardCharsets.ISO_8859_1);
    byte[] out = new byte[2 * in.length];
    return new String(
        out, 0, AsciiTranslation.toWire(in, in.length, out), StandardCharsets.ISO_8859_1);
  }

  private static String toFile(byte[]... pieces) {
    AsciiTranslation t = new AsciiTranslation();
    StringBuilder all = new StringBuilder();
    for (byte[] in : pieces) {
      byte[] out = new byte[in.length + 1];
      all.append(new String(out, 0, t.toFile(in, in.length, out), StandardCharsets.ISO_8859_1));
    }
    return all.append(t.endsWithReturn() ? "\r" : "").toString();
  }

  private static String toFile(String s) {
    return toFile(s.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void everyLfGetsItsReturn() {
    assertEquals("a\r\n\r\nb\r", toWire("a\n\nb\r"));
    assertEquals("a\r\r\n", toWire("a\r\n"));
    assertEquals("", toWire(""));
  }

  @Test
  void onlyAReturnInFrontOfLfGoes() {
    assertEquals("a\nb\rc\r\nd\r", toFile("a\r\nb\rc\r\r\nd\r"));
  }

  /** The translation of a whole is that of its pieces, and undoes the other direction. */
  @Property
  void thereAndBack(@ForAll @Size(max = 200) byte[] file, @ForAll int seed) {
    String s = new String(file, StandardCharsets.ISO_8859_1);
    byte[] wire = toWire(s).getBytes(StandardCharsets.ISO_8859_1);
    int cut = wire.length == 0 ? 0 : Math.floorMod(seed, wire.length);
    assertEquals(s, toFile(Arrays.copyOf(wire, cut), Arrays.copyOfRange(wire, cut, wire.length)));
  }
}
