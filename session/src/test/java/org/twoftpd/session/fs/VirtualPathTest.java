package org.twoftpd.session.fs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Deque;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.SystemCallException;

class VirtualPathTest {
  private static VirtualPath path(String text) throws SystemCallException {
    return VirtualPath.ROOT.resolve(text.getBytes(ISO_8859_1));
  }

  private static String text(VirtualPath path) {
    return new String(path.bytes(), ISO_8859_1);
  }

  @ParameterizedTest
  @CsvSource({
    "/, '', /",
    "/, a, /a",
    "/a, b, /a/b",
    "/a, b/c, /a/b/c",
    "/a, /b, /b",
    "/a, //b//c//, /b/c",
    "/a/b, .., /a",
    "/a/b, ../c, /a/c",
    "/a/b, ../../.., /",
    "/, .., /",
    "/, ../../etc, /etc",
    "/a, ./././b/., /a/b",
    "/a, b/../../../../x, /x",
    "/a, ..., /a/...",
    "/a, '. ', '/a/. '",
    "/a, ..b, /a/..b",
    "/a, b.., /a/b..",
    "/a, ' ', '/a/ '",
    "/a, /, /",
    "/a, '', /a",
  })
  void resolves(String from, String argument, String expected) throws SystemCallException {
    assertEquals(expected, text(path(from).resolve(argument.getBytes(ISO_8859_1))));
  }

  @Test
  void relativeIsFitForOpenat() throws SystemCallException {
    assertArrayEquals(new byte[] {'.'}, VirtualPath.ROOT.relative());
    assertArrayEquals("a/b".getBytes(ISO_8859_1), path("/a/b").relative());
  }

  @Test
  void parentAndName() throws SystemCallException {
    assertEquals(path("/a"), path("/a/b").parent());
    assertEquals(VirtualPath.ROOT, path("/a").parent());
    assertEquals(VirtualPath.ROOT, VirtualPath.ROOT.parent());
    assertArrayEquals("b".getBytes(ISO_8859_1), path("/a/b").name());
    assertEquals(0, VirtualPath.ROOT.name().length);
    assertTrue(VirtualPath.ROOT.isRoot());
    assertFalse(path("/a").isRoot());
  }

  @Test
  void dotParts() throws SystemCallException {
    assertTrue(path("/.a").hasDotPart());
    assertTrue(path("/a/.b/c").hasDotPart());
    assertTrue(path("/a/...").hasDotPart());
    assertFalse(path("/a.b/c.").hasDotPart());
    assertFalse(VirtualPath.ROOT.hasDotPart());
    assertFalse(path("/.home/u/x").hasDotPartBelow(path("/.home/u")));
    assertTrue(path("/.home/u/.x").hasDotPartBelow(path("/.home/u")));
    assertTrue(path("/.home/v/x").hasDotPartBelow(path("/.home/u")));
  }

  @Test
  void startsWithGoesByWholeParts() throws SystemCallException {
    assertTrue(path("/a/b").startsWith(path("/a")));
    assertTrue(path("/a").startsWith(path("/a")));
    assertTrue(path("/a").startsWith(VirtualPath.ROOT));
    assertFalse(path("/ab").startsWith(path("/a")));
    assertFalse(path("/a").startsWith(path("/a/b")));
  }

  @Test
  void nothingInsideCanBeChanged() throws SystemCallException {
    byte[] argument = "abc".getBytes(ISO_8859_1);
    VirtualPath path = VirtualPath.ROOT.resolve(argument);
    argument[0] = 'X';
    path.bytes()[1] = 'X';
    VirtualPath.ROOT.bytes()[0] = 'X';
    assertEquals("/abc", text(path));
    assertEquals("/", text(VirtualPath.ROOT));
  }

  @Test
  void lengthIsBounded() throws SystemCallException {
    byte[] long4094 = new byte[4094];
    java.util.Arrays.fill(long4094, (byte) 'x');
    VirtualPath longest = VirtualPath.ROOT.resolve(long4094);
    assertEquals(VirtualPath.MAX_LENGTH, longest.bytes().length);
    SystemCallException e =
        assertThrows(SystemCallException.class, () -> longest.resolve(new byte[] {'y'}));
    assertEquals(Errno.ENAMETOOLONG, e.errno());
    assertEquals(VirtualPath.ROOT, longest.resolve("y/../..".getBytes(ISO_8859_1)));
  }

  @Test
  void nulIsNoName() {
    SystemCallException e =
        assertThrows(
            SystemCallException.class, () -> VirtualPath.ROOT.resolve(new byte[] {'a', 0, 'b'}));
    assertEquals(Errno.EINVAL, e.errno());
  }

  @Test
  void equalityGoesByBytes() throws SystemCallException {
    assertEquals(path("/a/b"), path("a/./b"));
    assertEquals(path("/a/b").hashCode(), path("a/b/").hashCode());
    assertNotEquals(path("/a"), path("/A"));
  }

  @Provide
  Arbitrary<String> arguments() {
    return Arbitraries.strings().withChars("/.ab\u00ff\n*").ofMaxLength(40);
  }

  /** Answers the same question with a stack of parts. */
  private static String reference(String from, String argument) {
    Deque<String> parts = new ArrayDeque<>();
    String whole = argument.startsWith("/") ? argument : from + "/" + argument;
    for (String part : whole.split("/", -1)) {
      switch (part) {
        case "", "." -> {}
        case ".." -> parts.pollLast();
        default -> parts.addLast(part);
      }
    }
    return "/" + String.join("/", parts);
  }

  @Property(tries = 3000)
  void resolveAgreesWithAStackOfParts(
      @ForAll("arguments") String from, @ForAll("arguments") String argument)
      throws SystemCallException {
    VirtualPath start = path(from);
    String expected = reference(text(start), argument);
    assertEquals(expected, text(start.resolve(argument.getBytes(ISO_8859_1))));
  }

  @Property(tries = 3000)
  void resolveNeverLeavesTheRootAndIsIdempotent(
      @ForAll("arguments") String from, @ForAll("arguments") String argument)
      throws SystemCallException {
    VirtualPath resolved = path(from).resolve(argument.getBytes(ISO_8859_1));
    String text = text(resolved);
    assertTrue(text.startsWith("/"));
    assertFalse(text.contains("//"));
    assertFalse((text + "/").contains("/../"));
    assertFalse((text + "/").contains("/./"));
    assertTrue(text.equals("/") || !text.endsWith("/"));
    assertEquals(resolved, resolved.resolve(resolved.bytes()));
    assertEquals(resolved, VirtualPath.ROOT.resolve(resolved.relative()));
    assertEquals(resolved, resolved.parent().resolve(resolved.name()));
  }
}
