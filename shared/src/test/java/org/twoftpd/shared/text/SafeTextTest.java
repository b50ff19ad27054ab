package org.twoftpd.shared.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SafeTextTest {
  private static byte[] everyByte() {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    return all;
  }

  private static String escaped(byte[] value, int most) {
    StringBuilder text = new StringBuilder();
    SafeText.escape(text, value, most);
    return text.toString();
  }

  @Test
  void escapedBytesArePrintableAndCanBeReadBack() {
    String text = escaped(everyByte(), 256);
    assertTrue(text.chars().allMatch(c -> c >= ' ' && c < 0x7f), text);
    byte[] read = new byte[256];
    int n = 0;
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\\') {
        read[n++] = (byte) Integer.parseInt(text.substring(i + 2, i + 4), 16);
        i += 3;
      } else {
        read[n++] = (byte) text.charAt(i);
      }
    }
    assertEquals(256, n);
    assertArrayEquals(everyByte(), read);
  }

  @Test
  void whatIsLeftOutIsTold() {
    byte[] value = "abc".getBytes(StandardCharsets.US_ASCII);
    assertEquals("abc", escaped(value, 3));
    assertEquals("ab...", escaped(value, 2));
    assertEquals("", escaped(new byte[0], 0));
  }

  @Test
  void anEscapedTextShowsLettersOfEveryScriptAndNothingThatCannotBeSeen() {
    assertEquals("a\\x0ab\\x7f", SafeText.escape("a\nb\u007f"));
    assertEquals("J\u00fcrgen \u0416", SafeText.escape("J\u00fcrgen \u0416"));
    // A line end of Unicode, a mark that turns the text around, half of a pair.
    assertEquals("\\u2028\\u202e\\ud800", SafeText.escape("\u2028\u202e\ud800"));
  }

  @Test
  void aMaskKeepsTheLengthAndEndsNoLine() {
    assertEquals("a?b?c?", SafeText.mask("a\rb\u0085c\u007f"));
    byte[] masked = SafeText.mask(everyByte(), '_');
    for (int i = 0; i < masked.length; i++) {
      assertEquals(i < ' ' || i == 0x7f ? '_' : i, masked[i] & 0xff, "" + i);
    }
  }
}
