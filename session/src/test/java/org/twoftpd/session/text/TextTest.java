package org.twoftpd.session.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Tests numbers and names in texts, and how texts grow. */
class TextTest {
  private static final byte IAC = (byte) 0xff;

  private static String text(Text t) {
    return new String(t.toBytes(), StandardCharsets.ISO_8859_1);
  }

  @Property
  void numbersAreAsJavaWritesThem(@ForAll long any, @ForAll int some) {
    assertEquals(Long.toString(any), text(new Text().add(any)));
    assertEquals(Long.toHexString(any), text(new Text().addHex(any)));
    for (long number : new long[] {any & Long.MAX_VALUE, some & Integer.MAX_VALUE}) {
      assertEquals(Long.toString(number), text(new Text().add(number)));
      assertEquals(String.format("%30d", number), text(new Text().addAligned(number, 30)));
      assertEquals(String.format("%030d", number), text(new Text().addZeroPadded(number, 30)));
      assertEquals(Long.toHexString(number), text(new Text().addHex(number)));
    }
  }

  @Test
  void numbersAtEdges() {
    for (long number :
        new long[] {0, 9, 10, 99, 100, Integer.MAX_VALUE, Integer.MAX_VALUE + 1L, Long.MAX_VALUE}) {
      assertEquals(Long.toString(number), text(new Text().add(number)));
      assertEquals(Long.toString(number), text(new Text().addAligned(number, 1)));
    }
    assertEquals(Long.toString(Long.MIN_VALUE), text(new Text().add(Long.MIN_VALUE)));
    assertEquals("0007", text(new Text().addZeroPadded(7, 4)));
    assertEquals("12345", text(new Text().addZeroPadded(12345, 4)));
    assertEquals("0640", text(new Text().addOctal(0640, 4)));
    assertEquals("7777", text(new Text().addOctal(07777, 4)));
    assertThrows(IllegalArgumentException.class, () -> new Text().addAligned(-1, 4));
    assertThrows(IllegalArgumentException.class, () -> new Text().addZeroPadded(-1, 4));
  }

  /** Without a method for characters, Java would call the one for numbers. */
  @Test
  void aCharacterIsNoNumber() {
    char separator = '-';
    assertEquals("220-", text(new Text().add(220).add(separator)));
    assertEquals("a", text(new Text().addByte('a')));
  }

  @Test
  void aNameInAReplyIsOneLineOfTelnet() {
    byte[] name = {'a', '\n', IAC, '"', '\r', 'z'};
    assertArrayEquals(
        new byte[] {'a', 0, IAC, IAC, '"', '\r', 'z'}, new Text().addName(name).toBytes());
    assertArrayEquals(new byte[] {0, IAC, IAC}, new Text().addName(name, 1, 3).toBytes());
  }

  @Test
  void aNameInAListingIsOneLineAndAsLongAsItIs() {
    byte[] name = {'a', '\n', IAC, '"', '\r', 'z'};
    assertArrayEquals(
        new byte[] {'a', 0, IAC, '"', '\r', 'z'}, new Text().addListedName(name).toBytes());
    assertArrayEquals(new byte[] {0, IAC}, new Text().addListedName(name, 1, 3).toBytes());
  }

  /** RFC 959, appendix II, requires this. */
  @Test
  void quotationMarksInsideQuotationMarksAreDoubled() {
    byte[] path = "/a\"b\"\"c\n\"".getBytes(StandardCharsets.ISO_8859_1);
    assertEquals("\"/a\"\"b\"\"\"\"c\0\"\"\"", text(new Text().addQuoted(path)));
    assertEquals("\"\"", text(new Text().addQuoted(new byte[0])));
  }

  /** Each method that adds bytes must enlarge the array itself. */
  @Property(tries = 200)
  void growsAsMuchAsItTakes(@ForAll byte[] some) {
    byte[] doubled = new byte[300];
    Arrays.fill(doubled, IAC);
    Text all = new Text("x".repeat(127));
    StringBuilder expected = new StringBuilder("x".repeat(127));
    for (int i = 0; i < 8; i++) {
      all.addRaw(some).addName(doubled).endLine().addOctal(7, 4).addHex(-1).add(new Text("y"));
      expected
          .append(new String(some, StandardCharsets.ISO_8859_1))
          .append("\u00ff".repeat(600))
          .append("\r\n0007ffffffffffffffffy");
    }
    assertEquals(expected.toString(), text(all));
    assertEquals(expected.length(), all.length());
  }

  @Test
  void whatIsClearedIsEmpty() {
    Text t = new Text("words");
    t.clear();
    assertEquals("", text(t));
    assertEquals("more", text(t.add("more")));
  }
}
