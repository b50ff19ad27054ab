/*
 * Row 52: who comes seldom does not wait for who comes always, whatever the addresses and users of either.
 */
package org.twoftpd.monitor.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.twoftpd.shared.os.AddressText;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.Source;

class FairQueueTest {
  private static final long SECOND = 1_000_000_000L;

  private final RecentUse use = new RecentUse();
  private final FairQueue<String> queue = new FairQueue<>(use);
  private long now;

  private static LoginOrigin share(String address, String user) {
    Endpoint peer = new Endpoint(AddressText.parse(address), 4711, 0);
    return new LoginOrigin(Source.networks(peer), user);
  }

  /** As the pool does: the next one has a session. */
  private String serveNext() {
    Map.Entry<String, LoginOrigin> next = queue.next(now);
    if (next == null) {
      return null;
    }
    String what = next.getKey();
    use.count(next.getValue(), now);
    assertTrue(queue.remove(what));
    return what;
  }

  private List<String> serveAll() {
    List<String> order = new ArrayList<>();
    for (String s = serveNext(); s != null; s = serveNext()) {
      order.add(s);
    }
    return order;
  }

  @Test
  void equalsAreServedAsTheyCame() {
    for (String s : List.of("a", "b", "c")) {
      queue.add(s, share("192.0.2.1", s));
    }
    assertEquals(List.of("a", "b", "c"), serveAll());
    assertNull(queue.next(now));
  }

  @Test
  void row52_anEleventhSourceIsNextBehindEightyFromTen() {
    for (int i = 0; i < 80; i++) {
      queue.add("flood " + i, share("192.0.2." + i % 10, ""));
    }
    // They come again as soon as they are served.
    for (int i = 0; i < 200; i++) {
      now += SECOND / 30;
      String served = serveNext();
      queue.add(served, share("192.0.2." + Integer.parseInt(served.substring(6)) % 10, ""));
    }
    queue.add("seldom", share("198.51.100.1", ""));
    assertEquals("seldom", serveNext());
    queue.add("seldom again", share("198.51.100.1", ""));
    assertEquals("seldom again", serveNext());
  }

  @Test
  void row52_aSourceThatIsNewIsNotServedTwiceBeforeTheOthersAreOnce() {
    for (int i = 0; i < 5; i++) {
      queue.add("many " + i, share("192.0.2.1", "many"));
    }
    queue.add("one", share("192.0.2.2", "one"));
    queue.add("two", share("192.0.2.3", "two"));
    assertEquals(List.of("many 0", "one", "two"), serveAll().subList(0, 3));
  }

  /** Behind one address, users have their shares too. */
  @Test
  void row52_withinASourceUsersHaveTheirShares() {
    for (int i = 0; i < 20; i++) {
      queue.add("alice " + i, share("192.0.2.1", "alice"));
    }
    assertEquals("alice 0", serveNext());
    queue.add("bob", share("192.0.2.1", "bob"));
    assertEquals("bob", serveNext());
  }

  /** One user has one share, from however many addresses. */
  @Test
  void row52_aUserOfManyAddressesIsOneUser() {
    for (int i = 0; i < 40; i++) {
      queue.add("alice " + i, share("192.0.2." + i, "alice"));
      if (i < 5) {
        serveNext();
      }
    }
    queue.add("bob", share("198.51.100.1", "bob"));
    assertEquals("bob", serveNext());
  }

  /** A /48 has 65,536 networks of 64 bits, and is no more than four clients. */
  @Test
  void row52_aWideNetworkOfIpv6IsNotManySources() {
    for (int i = 0; i < 40; i++) {
      queue.add("flood " + i, share(String.format("2001:db8:1:%02x00::1", i), ""));
      if (i < 20) {
        serveNext();
      }
    }
    use.count(share("2001:db8:2::1", ""), now);
    queue.add("other", share("2001:db8:2::1", ""));
    assertEquals("other", serveNext());
  }

  @Test
  void whatWasHadIsForgotten() {
    LoginOrigin s = share("192.0.2.1", "alice");
    for (int i = 0; i < 100; i++) {
      use.count(s, now);
    }
    assertEquals(100, use.of(s, now), 0.001);
    assertEquals(100, use.ofAll(now), 0.001);
    assertTrue(use.of(s, 60 * SECOND) < 1);
    use.count(share("192.0.2.2", "bob"), 60 * SECOND);
    assertEquals(2, use.size());
  }

  @Test
  void memoryIsBounded() {
    LoginOrigin flood = share("192.0.2.1", "alice");
    for (int i = 0; i < 30_000; i++) {
      use.count(share("10.0." + i / 256 % 256 + "." + i % 256, "user" + i), now);
      use.count(flood, now);
    }
    assertEquals(10_000, use.size());
    assertEquals(30_000, use.of(flood, now), 0.001);
  }

  /** Whether one more would wait in vain depends on what is before it, not on how many wait. */
  @Test
  void row35_whoSendsManyIsBehindThemHimself() {
    for (int i = 0; i < 60; i++) {
      queue.add("flood " + i, share("192.0.2.1", "alice"));
    }
    assertEquals(61, queue.turnsUntil(share("192.0.2.1", "alice")));
    assertEquals(2, queue.turnsUntil(share("192.0.2.2", "alice")));
  }
}
