/*
 * Lines that wait for the log keep their order and their bounds, and every line that is missing is counted.
 */
package org.twoftpd.shared.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.twoftpd.shared.log.LogQueue.Next;
import org.twoftpd.shared.os.Endpoint;

class LogQueueTest {
  private static final Share ANNA = user("anna");
  private static final Share BERT = user("bert");
  private static final Share STRANGER =
      Share.stranger(new Endpoint(new byte[] {(byte) 192, 0, 2, 1}, 1, 0));

  private final LogQueue<String> queue =
      new LogQueue<String>()
          .room(Share.Kind.SERVICE, 1000, 1000)
          .room(Share.Kind.SESSIONS, 10_000, 5000)
          .room(Share.Kind.FAILURES, 1000, 500)
          .room(Share.Kind.STRANGERS, 2000, 500);

  private static Share user(String name) {
    return Share.user(name.getBytes(StandardCharsets.US_ASCII));
  }

  private List<String> all() {
    List<String> all = new ArrayList<>();
    for (Next<String> n = queue.poll(); n != null; n = queue.poll()) {
      all.add(n.line() == null ? n.share().user() + " lost " + n.lost() : n.line());
    }
    assertTrue(queue.isEmpty());
    return all;
  }

  @Test
  void theLinesOfAShareStayInOrderAndSharesTakeTurns() {
    for (int i = 1; i <= 3; i++) {
      queue.add(ANNA, "a" + i, 10);
    }
    queue.add(BERT, "b1", 10);
    queue.add(Share.SERVICE, "s1", 10);
    assertEquals(List.of("a1", "s1", "b1", "a2", "a3"), all());
    assertNull(queue.poll());
  }

  @Test
  void whatIsMissingIsToldWhereItIsMissing() {
    queue.add(ANNA, "a1", 2500);
    queue.add(ANNA, "a2", 2500);
    queue.add(ANNA, "a3", 1);
    queue.add(ANNA, "a4", 1);
    assertEquals("a1", queue.poll().line());
    queue.add(ANNA, "a5", 1);
    queue.add(ANNA, "too large", 5001);
    assertEquals(List.of("a2", "anna lost 2", "a5", "anna lost 1"), all());
  }

  @Test
  void row47_nobodysFloodCostsSomebodyElsesLine() {
    for (int i = 0; i < 100_000; i++) {
      queue.add(ANNA, "a", 10);
      queue.add(user("carl"), "c", 10);
      queue.add(STRANGER, "x", 10);
    }
    for (int i = 0; i < 100; i++) {
      queue.add(BERT, "b" + i, 10);
      queue.add(Share.SERVICE, "s" + i, 10);
    }
    List<String> all = all();
    for (int i = 0; i < 100; i++) {
      assertTrue(all.contains("b" + i) && all.contains("s" + i));
    }
    assertEquals("b0", all.get(6), "of whom little waits does not wait behind the others");
    // The user who has most lines lost some, so that there was room for bert's.
    assertEquals(1000, all.stream().filter(l -> l.matches("[abc]\\d*")).count());
  }

  @Test
  void aCrowdOfStrangersHasTheRoomOfStrangers() {
    for (int i = 0; i < 100_000; i++) {
      byte[] address = {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i};
      queue.add(Share.stranger(new Endpoint(address, 1, 0)), "x", 10);
    }
    queue.add(ANNA, "a", 10);
    List<String> all = all();
    assertEquals(200, all.stream().filter("x"::equals).count());
    assertTrue(all.contains(" lost 99800"), "counted together");
    assertTrue(all.contains("a"));
  }

  @Test
  void row47_aCrowdOfStrangersMakesNobodyElseWait() {
    for (int i = 0; i < 200; i++) {
      byte[] address = {10, 0, 0, (byte) i};
      queue.add(Share.stranger(new Endpoint(address, 1, 0)), "x", 10);
    }
    for (int i = 0; i < 10; i++) {
      queue.add(ANNA, "a" + i, 10);
      queue.add(Share.SERVICE, "s" + i, 10);
    }
    List<String> first = all().subList(0, 30);
    assertEquals(10, first.stream().filter("x"::equals).count(), first::toString);
    assertEquals(9, first.indexOf("a3") - first.indexOf("a0"), first::toString);
    assertTrue(first.contains("a9") && first.contains("s9"), first::toString);
  }

  @Test
  void row47_noCrowdOfStrangersHidesAGuesser() {
    Endpoint guesser = new Endpoint(new byte[] {(byte) 192, 0, 2, 1}, 1, 0);
    for (int i = 0; i < 20; i++) {
      queue.add(Share.failures(guesser), "f", 10);
    }
    for (int i = 0; i < 100_000; i++) {
      byte[] address = {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i};
      queue.add(Share.stranger(new Endpoint(address, 1, 0)), "x", 10);
    }
    assertEquals(20, all().stream().filter("f"::equals).count());
  }

  @Test
  void whatIsGivenUpIsCounted() {
    queue.add(ANNA, "a1", 5000);
    queue.add(ANNA, "a2", 1);
    queue.add(ANNA, "a3", 1);
    queue.add(BERT, "b1", 1);
    queue.add(STRANGER, "x", 1);
    assertEquals(Map.of(Share.Kind.SESSIONS, 4L, Share.Kind.STRANGERS, 1L), queue.giveUp());
    assertTrue(queue.isEmpty());
    queue.add(ANNA, "a4", 5000);
    assertEquals(List.of("a4"), all());
  }

  @Test
  void isCrowdedBeyondTheHalf() {
    queue.add(ANNA, "a", 2500);
    assertFalse(queue.isCrowded(ANNA));
    queue.add(ANNA, "a", 1);
    assertTrue(queue.isCrowded(ANNA));
    assertFalse(queue.isCrowded(BERT));
  }

  /** Whatever is added and taken, the bounds hold and every line is there or counted. */
  @Property
  void row47_whatIsAddedIsTakenOrCounted(
      @ForAll @Size(max = 400) List<@IntRange(max = 999_999) Integer> steps) {
    long added = 0;
    long accounted = 0;
    for (int step : steps) {
      if (step % 4 == 0) {
        Next<String> n = queue.poll();
        accounted += n == null ? 0 : n.line() == null ? n.lost() : 1;
      } else {
        queue.add(user("u" + step / 4 % 7), "l" + added++, 1 + step % 2000);
      }
    }
    Map<Share, Integer> order = new HashMap<>();
    for (Next<String> n = queue.poll(); n != null; n = queue.poll()) {
      accounted += n.line() == null ? n.lost() : 1;
      if (n.line() != null) {
        int number = Integer.parseInt(n.line().substring(1));
        assertTrue(order.getOrDefault(n.share(), -1) < number, "in their order");
        order.put(n.share(), number);
      }
    }
    assertEquals(added, accounted);
  }
}
