package org.twoftpd.monitor.client;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.twoftpd.shared.config.AnonymousMode;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.wire.GateMessage;

class ConnectionTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Endpoint PEER = new Endpoint(new byte[] {127, 0, 0, 1}, 1, 0);

  /** The gate keeps AUTH_TIMEOUT, and this notices when it does not. */
  @Test
  void row48_aClientThatTheGateForgetsIsOverdue() {
    Connection c = new Connection(1, -1, PEER, PEER, null);
    c.setGreeted(new GateMessage.Options(new byte[0], 100, 900, AnonymousMode.OFF, false, false));
    long now = System.nanoTime();
    assertFalse(c.isOverdue(now, 30));
    assertFalse(c.isOverdue(now + 129 * SECOND, 30));
    assertTrue(c.isOverdue(now + 130 * SECOND, 30));
    // While the monitor owes it an answer the gate cannot end it.
    c.setAwaitingAnswer(true);
    assertFalse(c.isOverdue(now + 1000 * SECOND, 30));
    c.setAwaitingAnswer(false);
    assertTrue(c.isOverdue(System.nanoTime() + 130 * SECOND, 30));
  }
}
