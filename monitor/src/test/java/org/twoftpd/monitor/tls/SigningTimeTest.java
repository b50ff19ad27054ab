package org.twoftpd.monitor.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.twoftpd.shared.os.AddressText;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.Source;

/** How much time of a processor one source may have for signatures. */
class SigningTimeTest {
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1000 * MILLI;

  private final SigningTime time = new SigningTime();

  private static List<Source.Network> networks(String address) {
    return Source.networks(new Endpoint(AddressText.parse(address), 1, 0));
  }

  private int signaturesWithin(List<Source.Network> who, long each, long from, long to) {
    int n = 0;
    for (long now = from; now < to; now += MILLI) {
      if (time.millisUntil(who, now) == 0) {
        time.spend(who, each, now);
        n++;
      }
    }
    return n;
  }

  @Test
  void aQuarterOfAProcessorAndWhatWasSaved() {
    List<Source.Network> who = networks("192.0.2.1");
    int first = signaturesWithin(who, 15 * MILLI, 0, 10 * SECOND);
    // A second saved, and 2.5 of ten.
    assertTrue(Math.abs(first - 3500 / 15) <= 3, first + " signatures of RSA");
    int next = signaturesWithin(who, 15 * MILLI, 10 * SECOND, 20 * SECOND);
    assertTrue(Math.abs(next - 2500 / 15) <= 3, next + " signatures of RSA");
  }

  @Test
  void howLongItTakesIsTold() {
    List<Source.Network> who = networks("192.0.2.1");
    time.spend(who, SECOND, 0);
    time.spend(who, SECOND, 5 * SECOND);

    assertEquals(0, time.millisUntil(networks("192.0.2.2"), 5 * SECOND));
    long millis = time.millisUntil(who, 5 * SECOND);
    assertTrue(millis > 0 && millis <= 2, millis + " ms");
    assertEquals(0, time.millisUntil(who, 5 * SECOND + millis * MILLI));
  }

  @Test
  void manyAddressesOfOneSiteAreNotManyClients() {
    int all = 0;
    for (int i = 0; i < 200; i++) {
      all += signaturesWithin(networks("2001:db8:0:" + i + "::1"), 100 * MILLI, i, i + 1);
    }
    assertTrue(all >= 40 && all <= 42, all + " signatures of 0.1 s for a site");
  }

  @Test
  void memoryIsBounded() {
    for (int i = 0; i < 30_000; i++) {
      time.spend(networks("10." + i / 65536 + "." + i / 256 % 256 + "." + i % 256), MILLI, i);
    }
    assertEquals(10_000, time.size());
  }
}
