package org.twoftpd.session.fs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class WireNameTest {
  @Test
  void newlineIsNulAndIacIsDoubled() {
    byte[] name = {'a', '\n', (byte) 0xff, '\r', (byte) 0xfe, 'z'};
    byte[] wire = {'a', 0, (byte) 0xff, (byte) 0xff, '\r', (byte) 0xfe, 'z'};
    assertArrayEquals(wire, WireName.encode(name));
  }

  @Property
  void canBeTakenBackAndNeverHoldsANewline(@ForAll byte[] bytes) {
    byte[] name = bytes.clone();
    for (int i = 0; i < name.length; i++) {
      name[i] = name[i] == 0 ? 1 : name[i];
    }
    ByteArrayOutputStream back = new ByteArrayOutputStream();
    byte[] wire = WireName.encode(name);
    for (int i = 0; i < wire.length; i++) {
      assertEquals(false, wire[i] == '\n');
      if (wire[i] == (byte) 0xff) {
        assertEquals((byte) 0xff, wire[++i]);
      }
      back.write(wire[i] == 0 ? '\n' : wire[i]);
    }
    assertArrayEquals(name, back.toByteArray());
  }
}
