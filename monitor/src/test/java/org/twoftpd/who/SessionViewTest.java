/*
 * What proc(5) says of a session, as it is shown to root.
 */
package org.twoftpd.who;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionViewTest {
  @TempDir Path proc;

  @Test
  void aUserIdHas32BitsAndNoSign() throws Exception {
    Files.createDirectory(proc.resolve("5"));
    for (long uid : new long[] {0, 1000, 1L << 31, 4_294_967_294L}) {
      Files.writeString(proc.resolve("5/status"), "Name:\tx\nUid:\t" + uid + "\t1\t2\t3\n");
      assertEquals(uid, new SessionView(proc, 5).uid());
    }
    assertEquals(-1, new SessionView(proc, 6).uid());
  }
}
