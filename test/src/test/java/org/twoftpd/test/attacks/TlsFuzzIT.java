/*
 * Sends any records at all to the running server, in the place of a hello, and behind a login: whatever it says to that is TLS, and
 * it serves others as before.  test/fuzz runs it for longer.
 */
package org.twoftpd.test.attacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.Dialogue;
import org.twoftpd.test.harness.Hello;
import org.twoftpd.test.harness.SecureDialogue;

class TlsFuzzIT {
  private static final int SECONDS = Integer.getInteger("twoftpd.fuzz.seconds", 8);
  private static final long SEED = Long.getLong("twoftpd.fuzz.seed", 20250101L);

  /** So many strangers, and then somebody who logs in. */
  private static final int ROUND = 25;

  private static final int PATIENCE_MILLIS = 30;
  private static final int LARGEST_RECORD = 16_640;
  private static final String[] PROTOCOLS = {"TLSv1.2", "TLSv1.3"};

  private FuzzRecords records;
  private Chain chain;
  private byte[] last = {};
  private int sent;

  @Test
  void whateverIsSaidTheServerSpeaksTls() throws Exception {
    records = new FuzzRecords(SEED);
    try (Chain c = Chain.options().user("alice").with("--tls", "on").start()) {
      chain = c;
      long gate = c.children("gate").getFirst();
      long end = System.nanoTime() + SECONDS * 1_000_000_000L;
      for (int round = 0; System.nanoTime() - end < 0; round++) {
        for (int i = 0; i < ROUND; i++) {
          strangerSays(records.hello());
        }
        clientSays(PROTOCOLS[round % 2]);
      }
      assertEquals(gate, c.children("gate").getFirst(), "the gate is another");
      String log = c.log();
      for (String fault : new String[] {"fault", "violation ", "session-died", "gate-died"}) {
        assertFalse(log.contains(fault), () -> "the log tells of a " + fault);
      }
      System.out.println("fuzz of TLS: seed " + SEED + ", " + sent + " times");
      assertTrue(sent > ROUND, () -> "only " + sent);
    } catch (IOException | AssertionError e) {
      String bytes = HexFormat.of().formatHex(last);
      throw new AssertionError(
          e + "\nseed " + SEED + ", after " + sent + " times, last\n" + bytes, e);
    }
  }

  private void strangerSays(byte[] bytes) throws IOException {
    sent++;
    last = bytes;
    try (Dialogue d = chain.connect()) {
      d.expect(234, "AUTH TLS");
      try {
        d.send(bytes);
        if (records.choose(2) == 0) {
          d.socket().shutdownOutput();
        }
      } catch (SocketException e) {
        // The server may have had enough.
      }
      assertTls(answer(d.socket()));
    }
  }

  /** A client that is logged in sends records that are none of its own. */
  private void clientSays(String protocol) throws Exception {
    try (SecureDialogue d = new SecureDialogue(chain.port(), protocol)) {
      d.login(chain.user("alice"));
      d.expect(200, "NOOP");
      sent++;
      last = records.record();
      d.raw().getOutputStream().write(last);
      d.raw().shutdownOutput();
      assertTls(answer(d.raw()));
    }
  }

  /** What comes until the end, or until nothing more does. */
  private static byte[] answer(Socket s) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] b = new byte[20_000];
    try {
      s.setSoTimeout(PATIENCE_MILLIS);
      for (int n = s.getInputStream().read(b); n > 0; n = s.getInputStream().read(b)) {
        all.write(b, 0, n);
      }
    } catch (SocketTimeoutException | SocketException e) {
      // It waits for more, or has reset the connection.
    }
    return all.toByteArray();
  }

  private static void assertTls(byte[] answer) {
    String hex = HexFormat.of().formatHex(answer);
    for (int at = 0; at + Hello.HEAD <= answer.length; ) {
      assertTrue(answer[at] >= 20 && answer[at] <= 23 && answer[at + 1] == 3, hex);
      int length = (answer[at + 3] & 0xff) << 8 | answer[at + 4] & 0xff;
      assertTrue(length > 0 && length <= LARGEST_RECORD, hex);
      at += Hello.HEAD + length;
    }
  }
}
