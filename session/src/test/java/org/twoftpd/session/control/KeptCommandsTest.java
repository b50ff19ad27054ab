package org.twoftpd.session.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class KeptCommandsTest {
  private static CommandLine line(String text) {
    return new CommandLine(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void comesOutInTheOrderInWhichItCame() {
    KeptCommands kept = new KeptCommands();
    assertTrue(kept.isEmpty());
    assertNull(kept.first());
    kept.add(line("NOOP"));
    kept.add(line("abor"));
    assertFalse(kept.isEmpty());
    assertTrue(kept.contains("ABOR"));
    assertFalse(kept.contains("QUIT"));
    assertEquals("NOOP", kept.first().verb());
    assertEquals("NOOP", kept.removeFirst().verb());
    assertEquals("ABOR", kept.removeFirst().verb());
    assertFalse(kept.contains("ABOR"));
    assertTrue(kept.isEmpty());
  }

  /** The limit counts commands as well as bytes, because an empty command costs memory, too. */
  @Test
  void isFullByBytesAndByNumberAndHasRoomAgain() {
    for (String text : new String[] {"", "x".repeat(4000)}) {
      KeptCommands kept = new KeptCommands();
      int count = 0;
      while (kept.hasRoom()) {
        kept.add(line(text));
        count++;
      }
      assertEquals(Math.ceilDiv(65536, 64 + text.length()), count);
      kept.removeFirst();
      assertTrue(kept.hasRoom());
    }
  }
}
