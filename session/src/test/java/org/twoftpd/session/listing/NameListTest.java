package org.twoftpd.session.listing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.twoftpd.session.fs.Scratch;
import org.twoftpd.session.fs.VirtualPath;

class NameListTest {
  @Provide
  Arbitrary<List<byte[]>> names() {
    return Arbitraries.bytes()
        .filter(b -> b != 0)
        .array(byte[].class)
        .ofMinSize(1)
        .ofMaxSize(6)
        .list()
        .ofMaxSize(60);
  }

  private static List<byte[]> contents(NameList list) {
    List<byte[]> names = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      names.add(list.get(i));
    }
    return names;
  }

  private static void assertSorted(List<byte[]> names) {
    NameList list = new NameList();
    for (byte[] name : names) {
      assertTrue(list.add(name, 0, name.length));
    }
    list.sort();
    List<byte[]> expected = new ArrayList<>(names);
    expected.sort(Arrays::compareUnsigned);
    List<byte[]> actual = contents(list);
    assertEquals(expected.size(), actual.size());
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(expected.get(i), actual.get(i));
    }
  }

  @Property
  void sortsByUnsignedBytes(@ForAll("names") List<byte[]> names) {
    assertSorted(names);
  }

  @Test
  void sortsWhatSortsAreBadAt() {
    List<byte[]> names = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      names.add(Scratch.bytes("p".repeat(200) + (i * 7919 % 5000)));
    }
    assertSorted(names);
    names.sort(Arrays::compareUnsigned);
    assertSorted(names);
    assertSorted(names.reversed());
    assertSorted(new ArrayList<>(java.util.Collections.nCopies(3000, new byte[] {'x'})));
    Random random = new Random(1);
    names.clear();
    for (int i = 0; i < 5000; i++) {
      byte[] name = new byte[1 + random.nextInt(255)];
      Arrays.fill(name, (byte) 'a');
      names.add(name);
    }
    assertSorted(names);
  }

  @Test
  void isUsedAgain() {
    NameList list = new NameList();
    list.add(Scratch.bytes("old"), 0, 3);
    list.clear();
    assertEquals(0, list.size());
    list.add(Scratch.bytes("xnewx"), 1, 3);
    assertArrayEquals(Scratch.bytes("new"), list.get(0));
  }

  /** The list notes that the first names are sorted, which later names may change. */
  @Test
  void whatIsAddedLaterIsSortedToo() {
    for (String first : new String[] {"ab", "ba", "bab"}) {
      for (String second : new String[] {"", "a", "c", "ca"}) {
        NameList list = new NameList();
        for (String part : new String[] {first, second}) {
          for (int i = 0; i < part.length(); i++) {
            list.add(Scratch.bytes(part), i, 1);
          }
          list.sort();
        }
        StringBuilder sorted = new StringBuilder();
        contents(list).forEach(name -> sorted.append(Scratch.text(name)));
        char[] expected = (first + second).toCharArray();
        Arrays.sort(expected);
        assertEquals(new String(expected), sorted.toString());
      }
    }
  }

  @Test
  void fullByCount() {
    NameList list = new NameList();
    byte[] name = {'n'};
    for (int i = 0; i < NameList.MAX_NAMES; i++) {
      assertTrue(list.add(name, 0, 1));
    }
    assertFalse(list.add(name, 0, 1));
    assertEquals(NameList.MAX_NAMES, list.size());
  }

  /** The longest paths fill the list by bytes, of which it holds nearly all that it promises. */
  @Test
  void fullByBytes() {
    NameList list = new NameList();
    byte[] name = new byte[VirtualPath.MAX_LENGTH];
    Arrays.fill(name, (byte) 'x');
    int count = 0;
    while (list.add(name, 0, name.length)) {
      count++;
    }
    assertEquals(count, list.size());
    // The names that were accepted are still whole.
    assertArrayEquals(name, list.get(count - 1));
    long held = (long) count * (name.length + 1);
    assertTrue(held <= NameList.MAX_BYTES, "holds " + held);
    assertTrue(held > NameList.MAX_BYTES / 10 * 9, "holds only " + held);
    long memory = list.memoryBytes();
    assertTrue(memory <= NameList.MAX_BYTES + 4L * 1024 * 3, "takes " + memory);
  }

  /** Each of 100,000 names of 20 bytes takes 21 bytes and two ints, and no object. */
  @Test
  void memoryOfAHundredThousandNames() {
    NameList list = new NameList();
    for (int i = 0; i < 100_000; i++) {
      byte[] name = Scratch.bytes("some-file-" + (1_000_000_000L + i * 7919L % 100_000));
      assertTrue(list.add(name, 0, name.length));
    }
    list.sort();
    long memory = list.memoryBytes();
    assertTrue(memory < 100_000 * 21 + 131_072 * 8 + 65_536 * 2, "takes " + memory);
    for (int i = 1; i < list.size(); i++) {
      assertTrue(Arrays.compareUnsigned(list.get(i - 1), list.get(i)) < 0);
    }
  }
}
