package org.twoftpd.session.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WireNameTest {
  private static byte[] encode(byte[] name) {
    byte[] wire = new byte[name.length + 2];
    WireName.encodeForListing(name, 0, name.length, wire, 1);
    assertEquals(0, wire[0]);
    assertEquals(0, wire[name.length + 1]);
    return Arrays.copyOfRange(wire, 1, name.length + 1);
  }

  @Test
  void onlyANewlineIsNotItself() {
    byte[] name = {'a', '\n', (byte) 0xff, (byte) 0xff, '\r', (byte) 0xfe, 'z'};
    byte[] wire = {'a', 0, (byte) 0xff, (byte) 0xff, '\r', (byte) 0xfe, 'z'};
    assertArrayEquals(wire, encode(name));
  }

  /** Row 25: two names never look the same, and no name ends its line. */
  @Test
  void row25_eachPairOfBytesIsOnePairInTheLineAndNoneEndsIt() {
    Set<String> seen = new HashSet<>();
    for (int p = 0; p < 0x10000; p++) {
      byte[] name = {(byte) (p >> 8), (byte) p};
      if (name[0] != 0 && name[1] != 0) {
        String wire = new String(encode(name), StandardCharsets.ISO_8859_1);
        assertEquals(-1, wire.indexOf('\n'));
        assertArrayEquals(name, wire.replace('\0', '\n').getBytes(StandardCharsets.ISO_8859_1));
        seen.add(wire);
      }
    }
    assertEquals(255 * 255, seen.size());
  }
}
