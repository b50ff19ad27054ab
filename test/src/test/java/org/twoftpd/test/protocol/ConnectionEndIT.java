/*
 * The end of a control connection from the server's side: nothing is lost in it, and nobody can make it last.
 */
package org.twoftpd.test.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.ChainOptions;
import org.twoftpd.test.harness.Dialogue;
import org.twoftpd.test.rogue.LingeringSession;

class ConnectionEndIT {
  /**
   * Bytes that a server has not read make its close a reset, in which a client may lose what it has
   * not read either.
   */
  @Test
  void theLastReplyIsNotLostInWhatNobodyHasRead() throws IOException {
    try (Chain chain = Chain.options().user("alice").start()) {
      for (boolean loggedIn : new boolean[] {false, true}) {
        for (int behind : new int[] {0, 1, 10_000}) {
          try (Dialogue d = loggedIn ? chain.login("alice") : chain.connect()) {
            d.send("QUIT\r\n" + "NOOP\r\n".repeat(behind));
            d.expect(221);
            // The end, and not an error.
            assertEquals(0, d.read(1).length);
          }
        }
      }
    }
  }

  /** Close(2) waits for a client that reads nothing when it was told to; a session must not. */
  @Test
  void aSessionEndsAtOnceWhateverItsSocketWasTold() throws IOException {
    ChainOptions o = Chain.options().user("alice").set("SPARES", "1-1").set("TIMEOUT", "3");
    try (Chain chain = o.sessionMain(LingeringSession.class).start()) {
      for (int i = 0; i < 5000; i++) {
        Files.createFile(chain.user("alice").home().resolve("f".repeat(200) + i));
      }
      try (Dialogue d = chain.login("alice")) {
        long pid = chain.sessionsOf("alice").getFirst();
        // More than two sockets hold, and nothing behind it: what a server has not read makes its
        // close a reset, which does not linger.
        d.send("STAT /\r\n".repeat(10));
        chain.eventuallyLogged("end .*user=alice.* reason=stalled");
        Chain.eventually("the session has ended", () -> !Files.exists(Path.of("/proc/" + pid)));
      }
    }
  }
}
