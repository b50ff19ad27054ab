/*
 * When the server ends a control connection, the client loses nothing, and nobody can make the end last.
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
   * When a server closes a socket with bytes that it has not read, the client gets a reset and may
   * lose the replies that it has not read.
   */
  @Test
  void theLastReplyIsNotLostInWhatNobodyHasRead() throws IOException {
    try (Chain chain = Chain.options().user("alice").start()) {
      for (boolean loggedIn : new boolean[] {false, true}) {
        for (int behind : new int[] {0, 1, 10_000}) {
          try (Dialogue d = loggedIn ? chain.login("alice") : chain.connect()) {
            d.send("QUIT\r\n" + "NOOP\r\n".repeat(behind));
            d.expect(221);
            // The client sees the end of the stream, and no reset.
            assertEquals(0, d.read(1).length);
          }
        }
      }
    }
  }

  /** With SO_LINGER close(2) waits for a client that reads nothing; a session must not wait. */
  @Test
  void aSessionEndsAtOnceWhateverItsSocketWasTold() throws IOException {
    ChainOptions o = Chain.options().user("alice").set("SPARES", "1-1").set("TIMEOUT", "3");
    try (Chain chain = o.sessionMain(LingeringSession.class).start()) {
      for (int i = 0; i < 5000; i++) {
        Files.createFile(chain.user("alice").home().resolve("f".repeat(200) + i));
      }
      try (Dialogue d = chain.login("alice")) {
        long pid = chain.sessionsOf("alice").getFirst();
        // The replies are more than two sockets hold. No command follows, since bytes that the
        // server
        // has not read would make its close a reset, which does not linger.
        d.send("STAT /\r\n".repeat(10));
        chain.eventuallyLogged("end .*user=alice.* reason=stalled");
        Chain.eventually("the session has ended", () -> !Files.exists(Path.of("/proc/" + pid)));
      }
    }
  }
}
