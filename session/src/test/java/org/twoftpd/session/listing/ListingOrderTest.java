package org.twoftpd.session.listing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Comparator;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.twoftpd.shared.os.FileStatus;

class ListingOrderTest {
  private static void assertFalling(long[] keys) {
    int[] expected =
        IntStream.range(0, keys.length)
            .boxed()
            .sorted(Comparator.comparingLong((Integer i) -> keys[i]).reversed())
            .mapToInt(Integer::intValue)
            .toArray();
    assertArrayEquals(expected, ListingOrder.sortDescending(keys));
  }

  /** The keys are few, so that many are equal. Equal keys must keep their order. */
  @Property
  void fallsAndLeavesWhatIsAlike(@ForAll @Size(max = 70) @IntRange(max = 9) int[] keys) {
    assertFalling(IntStream.of(keys).asLongStream().toArray());
  }

  @Property
  void anyKeys(@ForAll @Size(max = 70) long[] keys) {
    assertFalling(keys);
  }

  @Test
  void whatIsGoneComesLast() {
    ListingOrder order = new ListingOrder(ListingOrder.By.TIME, false);
    FileStatus ancient = new FileStatus(0, 1, 0, 0, 0, Long.MIN_VALUE + 1, 0, 1, 1);
    assertTrue(order.sortKey(ancient) > order.sortKey(null));
  }
}
