/*
 * Addresses that strangers and administrators write are held against the JDK's own reading of them.
 */
package org.twoftpd.shared.os;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTextTest {
  private static byte[] withoutMapping(byte[] a) {
    if (a.length != 16 || a[10] != -1 || a[11] != -1) {
      return a;
    }
    for (int i = 0; i < 10; i++) {
      if (a[i] != 0) {
        return a;
      }
    }
    return new byte[] {a[12], a[13], a[14], a[15]};
  }

  /** Every text that is taken is the same address to the JDK. */
  private static void check(String text) throws Exception {
    byte[] address = AddressText.parse(text);
    if (address == null) {
      return;
    }
    assertTrue(address.length == (text.indexOf(':') < 0 ? 4 : 16), text);
    assertTrue(text.matches("[0-9.]+|[0-9a-fA-F:]+|[0-9a-fA-F:]+[0-9.]+"), text);
    // ofLiteral asks no resolver, and returns an IPv4 address for one that IPv6 only wraps.
    assertArrayEquals(InetAddress.ofLiteral(text).getAddress(), withoutMapping(address), text);
  }

  @Provide
  Arbitrary<String> addressLike() {
    Arbitrary<String> piece =
        Arbitraries.oneOf(
            Arbitraries.of(
                "::", ":", ".", "0", "00", "1.2.3.4", "255", "256", "ffff", "10000", "g"),
            Arbitraries.integers().between(0, 0x1ffff).map(Integer::toHexString),
            Arbitraries.integers().between(0, 300).map(Object::toString),
            Arbitraries.strings().withChars("%[]/- \u0660\uff11\0-+xX").ofLength(1));
    Arbitrary<String> groups =
        Arbitraries.integers()
            .between(0, 0xffff)
            .map(Integer::toHexString)
            .list()
            .ofMinSize(1)
            .ofMaxSize(9)
            .map(l -> String.join(":", l));
    return Arbitraries.oneOf(
        piece.list().ofMaxSize(17).map(l -> String.join("", l)),
        groups,
        groups.flatMap(a -> groups.map(b -> a + "::" + b)),
        groups.map(a -> a + ":1.2.3.4"),
        groups.map(a -> "::" + a),
        groups.map(a -> a + "::"));
  }

  @Property(tries = 5000)
  void whatIsTakenIsAnAddress(@ForAll("addressLike") String text) throws Exception {
    check(text);
  }

  @Property
  void anyTextIsAnswered(@ForAll String text) throws Exception {
    check(text);
  }

  @Property
  void everyIpv4AddressComesBack(@ForAll @Size(4) byte[] a) {
    String text = (a[0] & 0xff) + "." + (a[1] & 0xff) + "." + (a[2] & 0xff) + "." + (a[3] & 0xff);
    assertArrayEquals(a, AddressText.parse(text));
    assertNull(AddressText.parse(text + "."));
    assertNull(AddressText.parse("." + text));
    assertNull(AddressText.parse("0" + text));
    assertNull(AddressText.parse(text + ".1"));
  }

  @Property
  void everyIpv6AddressComesBackInEveryForm(
      @ForAll @Size(16) byte[] a,
      @ForAll @IntRange(max = 7) int from,
      @ForAll @IntRange(min = 1, max = 8) int zeros) {
    int to = Math.min(8, from + zeros);
    for (int i = 2 * from; i < 2 * to; i++) {
      a[i] = 0;
    }
    List<String> groups = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      groups.add(Integer.toHexString((a[2 * i] & 0xff) << 8 | a[2 * i + 1] & 0xff));
    }
    String full = String.join(":", groups);
    String shortened =
        String.join(":", groups.subList(0, from)) + "::" + String.join(":", groups.subList(to, 8));
    String last =
        (a[12] & 0xff) + "." + (a[13] & 0xff) + "." + (a[14] & 0xff) + "." + (a[15] & 0xff);
    assertArrayEquals(a, AddressText.parse(full));
    assertArrayEquals(a, AddressText.parse(full.toUpperCase(Locale.ROOT)));
    assertArrayEquals(a, AddressText.parse(shortened), shortened);
    assertArrayEquals(a, AddressText.parse(String.join(":", groups.subList(0, 6)) + ":" + last));
    assertNull(AddressText.parse(full + ":1"));
    assertNull(AddressText.parse(full + ":"));
    assertNull(AddressText.parse(":" + full));
    assertNull(AddressText.parse(full + "::"));
    assertNull(AddressText.parse(shortened + "::"));
    assertNull(AddressText.parse(full + "%lo"));
    assertNull(AddressText.parse("[" + full + "]"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        ":",
        ":::",
        "1",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.256",
        "01.2.3.4",
        "1.2.3.4 ",
        " 1.2.3.4",
        "1..2.3",
        "-1.2.3.4",
        "1.2.3.4/8",
        "0x1.2.3.4",
        "::1.2.3",
        "::1.2.3.4:5",
        "1.2.3.4::",
        "12345::",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1::2::3",
        "::g",
        "fe80::1%1",
        "1:2:3:4:5:6:7:1.2.3.4",
        "\u0661.2.3.4",
        "::\uff11",
        "1:2:3:4::5:6:7:8"
      })
  void isNoAddress(String text) {
    assertNull(AddressText.parse(text), text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "255.255.255.255",
        "::",
        "::1",
        "1::",
        "::ffff:1.2.3.4",
        "1:2:3:4:5:6::8"
      })
  void isAnAddress(String text) throws Exception {
    assertNotNull(AddressText.parse(text), text);
    check(text);
  }
}
