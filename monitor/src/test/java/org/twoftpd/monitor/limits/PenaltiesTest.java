/*
 * Row 28 of attacks.txt: guessing gets slower, then it ends for a while, and nobody pays for others.
 */
package org.twoftpd.monitor.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.twoftpd.shared.config.IpNetwork;
import org.twoftpd.shared.os.AddressText;
import org.twoftpd.shared.os.Endpoint;

class PenaltiesTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Endpoint GUESSER = at("192.0.2.1");

  private static Endpoint at(String address) {
    return new Endpoint(AddressText.parse(address), 4711, 0);
  }

  private static Penalties penalties() {
    return new Penalties(20, 600, List.of());
  }

  private static void fail(Penalties p, Endpoint who, int times, long now) {
    for (int i = 0; i < times; i++) {
      p.countFailure(who, now);
    }
  }

  @Test
  void theAnswerComesLaterEachTime() {
    Penalties p = penalties();
    long[] delays = new long[12];
    for (int i = 0; i < delays.length; i++) {
      delays[i] = p.countFailure(GUESSER, i);
    }
    assertEquals(1000, delays[0]);
    assertEquals(1000, delays[2]);
    assertEquals(1500, delays[3]);
    assertEquals(3500, delays[7]);
    assertEquals(5000, delays[11]);
    assertEquals(1000, p.countFailure(at("192.0.2.2"), 12));
  }

  @Test
  void afterSoManyTheSourceIsSentAwayForAWhile() {
    Penalties p = penalties();
    fail(p, GUESSER, 19, 0);
    assertFalse(p.sendsAway(GUESSER, 0));
    fail(p, GUESSER, 1, 0);
    assertTrue(p.sendsAway(GUESSER, 0));
    assertTrue(p.sendsAway(at("::ffff:192.0.2.1"), 599 * SECOND));
    assertFalse(p.sendsAway(at("192.0.2.2"), 0));
    assertFalse(p.sendsAway(GUESSER, 600 * SECOND));
    assertEquals(1000, p.countFailure(GUESSER, 600 * SECOND));
    assertFalse(p.sendsAway(GUESSER, 600 * SECOND));
  }

  @Test
  void aSteadyFewNeverAddUp() {
    Penalties p = penalties();
    for (int i = 0; i < 1000; i++) {
      assertEquals(1000, p.countFailure(GUESSER, i * 31L * SECOND));
    }
    assertFalse(p.sendsAway(GUESSER, 1000 * 31 * SECOND));
  }

  @Test
  void aNetworkOf64BitsIsOneSource() {
    Penalties p = penalties();
    for (int i = 1; i <= 20; i++) {
      p.countFailure(at("2001:db8:0:7::" + Integer.toHexString(i)), 0);
    }
    assertTrue(p.sendsAway(at("2001:db8:0:7:ffff::1"), 0));
    assertFalse(p.sendsAway(at("2001:db8:0:8::1"), 0));
  }

  /** Failures of each of the first hosts of as many networks; the first that is refused. */
  private static int untilSentAway(Penalties p, String network, int most) {
    for (int i = 0; i < most; i++) {
      Endpoint host = at(String.format(network, i));
      if (p.sendsAway(host, 0)) {
        return i;
      }
      p.countFailure(host, 0);
    }
    return most;
  }

  @Test
  void row53_aWiderNetworkAddsUpToo() {
    Penalties p = penalties();
    assertEquals(40, untilSentAway(p, "2001:db8:0:%02x::1", 256));
    assertFalse(p.sendsAway(at("2001:db8:0:100::1"), 0), "another /56");
    assertEquals(79, untilSentAway(p, "2001:db8:1:%02x00::1", 256));
    assertFalse(p.sendsAway(at("2001:db8:2::1"), 0), "another /48");
    assertEquals(1000, p.countFailure(at("2001:db8:2::1"), 0));
  }

  @Test
  void row53_whatIsSentAwayIsForgottenLast() {
    Penalties p = penalties();
    fail(p, GUESSER, 20, 0);
    Endpoint nearly = at("192.0.2.77");
    fail(p, nearly, 19, 0);
    for (int i = 0; i < 10_500; i++) {
      byte[] a = {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i};
      fail(p, new Endpoint(a, 1, 0), 1 + i % 3, SECOND);
      byte[] six = new byte[16];
      six[0] = 0x20;
      six[2] = (byte) (i >> 8);
      six[3] = (byte) i;
      p.countFailure(new Endpoint(six, 1, 0), SECOND);
    }
    assertEquals(10_000, p.size());
    assertTrue(p.sendsAway(GUESSER, 2 * SECOND));
    // Nor is a guess forgotten that is missing to that.
    p.countFailure(nearly, 2 * SECOND);
    assertTrue(p.sendsAway(nearly, 2 * SECOND));
    assertFalse(p.sendsAway(GUESSER, 600 * SECOND));
  }

  /** When nothing but such is left, it is the one whose time is over first. */
  @Test
  void row53_memoryIsBoundedAllTheSame() {
    Penalties p = penalties();
    for (int i = 0; i < 10_001; i++) {
      byte[] a = {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i};
      fail(p, new Endpoint(a, 1, 0), 20, i);
    }
    assertEquals(10_000, p.size());
    assertFalse(p.sendsAway(at("10.0.0.0"), 20_000));
    assertTrue(p.sendsAway(at("10.0.0.1"), 20_000));
    assertTrue(p.sendsAway(at("10.0.39.16"), 20_000));
  }

  @Test
  void noMoreSourcesAreRememberedThanThereIsRoomFor() {
    Penalties p = penalties();
    fail(p, GUESSER, 20, 0);
    for (int i = 0; i < 30_000; i++) {
      byte[] a = {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i};
      p.countFailure(new Endpoint(a, 1, 0), SECOND);
    }
    assertEquals(10_000, p.size());
    p.countFailure(at("192.0.2.3"), 602 * SECOND);
    assertEquals(1, p.size());
  }

  @Test
  void whoIsExemptIsNeverSentAway() throws Exception {
    IpNetwork net = new IpNetwork(new byte[] {(byte) 192, 0, 2, 0}, 24);
    Penalties p = new Penalties(3, 600, List.of(net));
    fail(p, GUESSER, 100, 0);
    assertFalse(p.sendsAway(GUESSER, 0));
    p.use(3, 600, List.of());
    fail(p, GUESSER, 3, 0);
    assertTrue(p.sendsAway(GUESSER, 0));
    p.use(0, 600, List.of());
    assertFalse(p.sendsAway(GUESSER, 0));
  }
}
