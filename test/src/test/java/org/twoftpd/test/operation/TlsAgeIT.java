/*
 * Sessions over TLS that last for days.
 */
package org.twoftpd.test.operation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.ChainOptions;
import org.twoftpd.test.harness.Dialogue;
import org.twoftpd.test.harness.MovedClock;
import org.twoftpd.test.harness.SecureClient;
import org.twoftpd.test.harness.SecureStream;

class TlsAgeIT {
  /** More than most buffers between client and session hold. */
  private static final byte[] BIG = new byte[10_000_000];

  private static final byte[] FILE = new byte[100_000];

  private static Chain chain;
  private static MovedClock clock;

  @BeforeAll
  static void start() throws IOException {
    ChainOptions o = Chain.options().user("alice").with("--tls", "on").set("MAX_PER_IP", "50");
    clock = MovedClock.of(o);
    chain = o.start();
    Files.write(chain.user("alice").home().resolve("file"), FILE);
    Files.write(chain.user("alice").home().resolve("big"), BIG);
  }

  @AfterAll
  static void stop() throws IOException {
    chain.close();
  }

  @AfterEach
  void setRight() throws IOException {
    clock.moveAhead(Duration.ZERO);
    chain.reload();
  }

  private static void fetch(Dialogue d) throws IOException {
    try (Socket data = d.passive()) {
      d.expect(150, "RETR file");
      assertArrayEquals(FILE, d.tls().protect(data).readAll());
      d.expect(226);
    }
  }

  /** The key that seals tickets changes each hour, and the JDK forgets sessions after a day. */
  @ParameterizedTest
  @CsvSource({"TLSv1.3,25", "TLSv1.2,25", "TLSv1.3,143", "TLSv1.2,143"})
  void dataConnectionsResumeForDays(String protocol, int hours) throws Exception {
    try (Dialogue used = new SecureClient(protocol).login(chain, "alice");
        Dialogue idle = new SecureClient(protocol).login(chain, "alice")) {
      fetch(used);
      clock.moveAhead(Duration.ofHours(hours));
      // One by the ticket that came behind a transfer, one by that of the handshake.
      for (Dialogue d : new Dialogue[] {used, idle}) {
        fetch(d);
        fetch(d);
      }
    }
  }

  private static void isToldToConnectAgain(Dialogue d, String command) throws IOException {
    assertTrue(d.expect(421, command).text().contains("connect again"));
    assertEquals(-1, d.stream().in().read());
    assertTrue(d.stream().isEndedCleanly());
  }

  /** No ticket is good for longer than a week. */
  @Test
  void whoCanNotResumeAnyMoreIsToldToConnectAgainAndLosesNoTransfer() throws Exception {
    try (Dialogue passive = new SecureClient("TLSv1.3").login(chain, "alice");
        Dialogue active = new SecureClient("TLSv1.2").login(chain, "alice");
        Dialogue busy = new SecureClient("TLSv1.3").login(chain, "alice");
        Dialogue plain = chain.login("alice");
        ServerSocket client = new ServerSocket(0);
        Socket data = busy.passive()) {
      busy.expect(150, "RETR big");
      SecureStream file = busy.tls().protect(data);
      clock.moveAhead(Duration.ofDays(8));
      passive.expect(200, "NOOP");
      isToldToConnectAgain(passive, "EPSV");
      active.expect(257, "PWD");
      isToldToConnectAgain(active, "EPRT |1|127.0.0.1|" + client.getLocalPort() + "|");
      chain.eventuallyLogged("end user=alice address=127.0.0.1 reason=tls-expired");
      assertArrayEquals(BIG, file.readAll());
      busy.expect(226);
      isToldToConnectAgain(busy, "PASV");
      assertEquals(FILE.length, plain.fetch("RETR file").length);
      try (Dialogue again = new SecureClient("TLSv1.3").login(chain, "alice")) {
        fetch(again);
      }
    }
  }

  @Test
  void whereNobodyNeedsToResumeASessionLastsOn() throws Exception {
    chain.reload("TLS_REUSE=accepted");
    try (Dialogue d = new SecureClient("TLSv1.2").login(chain, "alice")) {
      fetch(d);
      assertFalse(chain.log().contains("tls-data"));
      clock.moveAhead(Duration.ofDays(8));
      fetch(d);
      // It could not resume, as its ticket was too old.
      chain.eventuallyLogged("tls-data .*address=127.0.0.1 result=served reason=.*TLS_REUSE.*");
    }
  }
}
