package org.twoftpd.session.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Numbers in lines. */
class LineBufferTest {
  private static String text(LineBuffer b) {
    return new String(b.toBytes(), StandardCharsets.ISO_8859_1);
  }

  @Property
  void numbersAreAsJavaWritesThem(@ForAll long any, @ForAll int some) {
    for (long number : new long[] {any & Long.MAX_VALUE, some & Integer.MAX_VALUE}) {
      assertEquals(Long.toString(number), text(new LineBuffer().decimal(number, 1)));
      assertEquals(String.format("%30d", number), text(new LineBuffer().decimal(number, 30)));
      assertEquals(Long.toHexString(number), text(new LineBuffer().hex(number)));
    }
  }

  @Test
  void numbersAtEdges() {
    for (long number :
        new long[] {0, 9, 10, 99, 100, Integer.MAX_VALUE, Integer.MAX_VALUE + 1L, Long.MAX_VALUE}) {
      assertEquals(Long.toString(number), text(new LineBuffer().decimal(number, 1)));
    }
    assertEquals("0007", text(new LineBuffer().digits(7, 4)));
    assertEquals("0640", text(new LineBuffer().octal(0640, 4)));
    assertEquals("7777", text(new LineBuffer().octal(07777, 4)));
  }
}
