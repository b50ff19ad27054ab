package org.twoftpd.session.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** PORT and EPRT are parsed as clients may write them, and everything else is refused. */
class HostPortTest {
  private static byte[] bytes(String s) {
    return s.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String portText(byte[] a, int port) {
    StringBuilder s = new StringBuilder();
    for (byte b : a) {
      s.append(b & 0xff).append(',');
    }
    return s.append(port >> 8).append(',').append(port & 0xff).toString();
  }

  @Property
  void portComesBack(@ForAll @Size(4) byte[] a, @ForAll @IntRange(max = 65535) int port) {
    HostPort h = HostPort.parsePort(bytes(portText(a, port)));
    assertArrayEquals(a, h.address());
    assertEquals(port, h.port());
  }

  @Provide
  Arbitrary<byte[]> portLike() {
    Arbitrary<String> number =
        Arbitraries.oneOf(
            Arbitraries.integers().between(0, 300).map(Object::toString),
            Arbitraries.of(
                "",
                "-1",
                "+1",
                " 1",
                "1 ",
                "0001",
                "001",
                "99999999999999999999",
                "a",
                "1.2",
                "\0",
                "\u00b2"));
    return number.list().ofMinSize(4).ofMaxSize(8).map(l -> bytes(String.join(",", l)));
  }

  @Property(tries = 3000)
  void nothingElseIsAPort(@ForAll("portLike") byte[] p) {
    checkPort(p);
  }

  @Property
  void anyBytesAreAnswered(@ForAll byte[] p) {
    checkPort(p);
    String[] parts = HostPort.splitParts(p);
    if (parts != null) {
      checkParts(p, parts);
    }
  }

  private static int number(String s) {
    return Integer.parseInt(s.trim());
  }

  private static void checkPort(byte[] p) {
    String text = new String(p, StandardCharsets.ISO_8859_1);
    HostPort h = HostPort.parsePort(p);
    String[] n = text.split(",", -1);
    boolean good = n.length == 6;
    for (String s : n) {
      good &= s.matches(" *[0-9]{1,3}") && number(s) <= 255;
    }
    assertEquals(good, h != null, text);
    if (good) {
      assertEquals(number(n[4]) * 256 + number(n[5]), h.port());
      assertEquals(number(n[0]), h.address()[0] & 0xff);
    }
  }

  private static void checkParts(byte[] p, String[] parts) {
    char delimiter = (char) p[0];
    String text = delimiter + String.join("" + delimiter, parts) + delimiter;
    assertArrayEquals(p, bytes(text));
    for (String part : parts) {
      assertTrue(part.indexOf(delimiter) < 0);
    }
    for (boolean ipv4 : new boolean[] {true, false}) {
      HostPort h = HostPort.parseParts(ipv4, parts[1], parts[2]);
      if (h != null) {
        assertEquals(ipv4 ? 4 : 16, h.address().length);
        assertTrue(
            parts[2].matches("0*[0-9]{1,5}") && h.port() == Integer.parseInt(parts[2]), text);
      }
    }
  }

  @Property
  void eprtComesBack(
      @ForAll @Size(16) byte[] six,
      @ForAll @Size(4) byte[] four,
      @ForAll @IntRange(max = 65535) int port,
      @ForAll @CharRange(from = '!', to = '/') char delimiter)
      throws Exception {
    for (byte[] a : new byte[][] {six, four}) {
      InetAddress address = InetAddress.getByAddress(a);
      byte[] wanted = address.getAddress();
      String host = address.getHostAddress();
      if (host.indexOf(delimiter) >= 0) {
        continue;
      }
      boolean ipv4 = wanted.length == 4;
      String d = "" + delimiter;
      String[] parts = HostPort.splitParts(bytes(d + (ipv4 ? 1 : 2) + d + host + d + port + d));
      assertNotNull(parts);
      HostPort h = HostPort.parseParts(ipv4, parts[1], parts[2]);
      assertArrayEquals(wanted, h.address());
      assertEquals(port, h.port());
      assertNull(HostPort.parseParts(!ipv4, parts[1], parts[2]));
      assertNull(HostPort.parseParts(ipv4, parts[1], "" + (port + 65536)));
      assertNull(HostPort.parseParts(ipv4, parts[1], "-" + port));
      assertNull(HostPort.parseParts(ipv4, parts[1] + "%1", parts[2]));
    }
  }

  @Provide
  Arbitrary<byte[]> eprtLike() {
    return Arbitraries.strings()
        .withChars("|!12:.0a \0\u00ff")
        .ofMaxLength(24)
        .map(HostPortTest::bytes);
  }

  @Property(tries = 3000)
  void nothingElseHasThreeParts(@ForAll("eprtLike") byte[] p) {
    String[] parts = HostPort.splitParts(p);
    if (parts != null) {
      checkParts(p, parts);
    } else if (p.length > 0) {
      long delimiters =
          new String(p, StandardCharsets.ISO_8859_1).chars().filter(c -> c == p[0]).count();
      assertTrue(delimiters != 4 || p[p.length - 1] != p[0] || p[0] < 33 || p[0] > 126);
    }
  }
}
