package org.twoftpd.session.listing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamePatternTest {
  private static NamePattern pattern(String text) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    return NamePattern.parse(bytes, 0, bytes.length);
  }

  private static boolean matches(String pattern, String name) {
    byte[] bytes = name.getBytes(ISO_8859_1);
    return pattern(pattern).matches(bytes, 0, bytes.length);
  }

  @ParameterizedTest
  @CsvSource({
    "*, '', true",
    "*, abc, true",
    "*, .hidden, false",
    "?hidden, .hidden, false",
    "[.]hidden, .hidden, false",
    "[!a]*, .hidden, false",
    "**hidden, .hidden, false",
    ".*, .hidden, true",
    ".h?dden, .hidden, true",
    "\\.*, .hidden, true",
    "'', .hidden, false",
    "a*, a.hidden, true",
    "a?hidden, a.hidden, true",
    "*, ., false",
    "'', '', true",
    "'', a, false",
    "?, a, true",
    "?, '', false",
    "?, ab, false",
    "a*c, abbbc, true",
    "a*c, ac, true",
    "a*c, acb, false",
    "*.txt, x.txt, true",
    "*.txt, .txt, false",
    "*.txt, x.txt.gz, false",
    "a*b*c, a1b2b3c, true",
    "a*b*c, a1b2b3, false",
    "**a**, xxaxx, true",
    "[abc], b, true",
    "[abc], d, false",
    "[!abc], d, true",
    "[!abc], a, false",
    "[!abc], '', false",
    "[a-c]x, bx, true",
    "[a-c]x, dx, false",
    "[c-a], b, false",
    "[]], ], true",
    "[!]], ], false",
    "[!]], x, true",
    "[]-a], ^, true",
    "[a-], -, true",
    "[-a], -, true",
    "[a-c-e], -, true",
    "[a-c-e], d, false",
    "[^a], ^, true",
    "[^a], b, false",
    "[!], '[!]', true",
    "[, [, true",
    "[a, [a, true",
    "[a*, [abc, true",
    "a[, a[, true",
    "[]a, []a, true",
    "[[], [, true",
    "\\*, *, true",
    "\\*, x, false",
    "\\\\, \\, true",
    "a\\, a\\, true",
    "[\\]], ], true",
    "[\\a-\\c], b, true",
    "[\\-a], -, true",
    "x\\[1], x[1], true",
    "[.][.], .., false",
    ".[.], .., true",
  })
  void matchesBySpecification(String pattern, String name, boolean expected) {
    assertEquals(expected, matches(pattern, name));
  }

  @Test
  void everyByteMatchesItselfOnly() {
    for (int b = 1; b < 256; b++) {
      byte[] name = {(byte) b};
      byte[] escaped = {'\\', (byte) b};
      byte[] other = {(byte) (b == 255 ? 1 : b + 1)};
      NamePattern pattern = NamePattern.parse(escaped, 0, 2);
      assertTrue(pattern.matches(name, 0, 1));
      assertFalse(pattern.matches(other, 0, 1));
      assertEquals(b != '.', matches("?", new String(name, ISO_8859_1)));
    }
    assertTrue(matches("[\u0080-\u00ff]", "\u00c3"));
    assertFalse(matches("[\u0080-\u00ff]", "a"));
  }

  @Test
  void onlyThePartOfTheArrayCounts() {
    byte[] text = "xx*.cyyab.czz".getBytes(ISO_8859_1);
    assertTrue(NamePattern.parse(text, 2, 5).matches(text, 7, 4));
    assertFalse(NamePattern.parse(text, 2, 5).matches(text, 7, 5));
  }

  @Test
  void tellsPatternsFromNames() {
    for (String pattern : new String[] {"*", "a?", "[", "\\a"}) {
      byte[] bytes = pattern.getBytes(ISO_8859_1);
      assertTrue(NamePattern.isPattern(bytes, 0, bytes.length));
      assertFalse(NamePattern.isPattern(bytes, 0, 0));
    }
    byte[] plain = "a]!-{b}~".getBytes(ISO_8859_1);
    assertFalse(NamePattern.isPattern(plain, 0, plain.length));
  }

  /**
   * Such patterns slowed servers down in CVE-2010-2632 and CVE-2011-0418. Steps are counted, since
   * time depends on the machine.
   */
  @Test
  void hostilePatternsTakeBoundedSteps() {
    String[] patterns = {
      "a*".repeat(2000) + "b",
      "*a".repeat(100) + "b",
      "*" + "a".repeat(120) + "b",
      "*".repeat(4000) + "b",
      "*[a-b]?".repeat(60) + "c",
      "[!b]*".repeat(800) + "b",
    };
    byte[] name = "a".repeat(4096).getBytes(ISO_8859_1);
    for (String text : patterns) {
      NamePattern pattern = pattern(text);
      assertFalse(pattern.matches(name, 0, name.length));
      long bound = (long) text.length() * name.length + name.length;
      assertTrue(pattern.steps() <= bound, () -> text + " took " + pattern.steps() + " steps");
    }
  }

  @Test
  void bracketsThatNeverCloseAreNames() {
    String brackets = "[".repeat(4095);
    assertTrue(matches(brackets, brackets));
    assertFalse(matches(brackets, brackets.substring(1)));
  }

  @Provide
  Arbitrary<String> patterns() {
    return Arbitraries.strings().withChars("ab*?[]!-\\").ofMaxLength(9);
  }

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.strings().withChars("ab-]![\\*").ofMaxLength(8);
  }

  @Property(tries = 20000)
  void agreesWithASlowMatcher(@ForAll("patterns") String pattern, @ForAll("names") String name) {
    assertEquals(
        SlowMatcher.matches(pattern, name), matches(pattern, name), () -> pattern + " : " + name);
  }

  /** Matches by recursion as the specification reads. This is plain, and exponential in time. */
  private static final class SlowMatcher {
    static boolean matches(String pattern, String name) {
      if (pattern.isEmpty()) {
        return name.isEmpty();
      }
      char first = pattern.charAt(0);
      String rest = pattern.substring(1);
      if (first == '*') {
        return matches(rest, name) || (!name.isEmpty() && matches(pattern, name.substring(1)));
      }
      if (name.isEmpty()) {
        return false;
      }
      char c = name.charAt(0);
      String more = name.substring(1);
      if (first == '?') {
        return matches(rest, more);
      }
      if (first == '\\' && !rest.isEmpty()) {
        return rest.charAt(0) == c && matches(rest.substring(1), more);
      }
      int end = first == '[' ? endOfSet(pattern) : -1;
      if (end > 0) {
        return inSet(pattern.substring(1, end), c) && matches(pattern.substring(end + 1), more);
      }
      return first == c && matches(rest, more);
    }

    private static int endOfSet(String pattern) {
      int at = pattern.startsWith("[!") ? 2 : 1;
      int first = at;
      while (at < pattern.length()) {
        if (pattern.charAt(at) == ']' && at > first) {
          return at;
        }
        at += pattern.charAt(at) == '\\' ? 2 : 1;
      }
      return -1;
    }

    private static boolean inSet(String set, char c) {
      boolean negated = set.startsWith("!");
      String left = negated ? set.substring(1) : set;
      boolean found = false;
      while (!left.isEmpty()) {
        int skip = left.charAt(0) == '\\' ? 1 : 0;
        char low = left.charAt(skip);
        left = left.substring(skip + 1);
        char high = low;
        if (left.length() >= 2 && left.charAt(0) == '-') {
          int skipHigh = left.charAt(1) == '\\' ? 2 : 1;
          high = left.charAt(skipHigh);
          left = left.substring(skipHigh + 1);
        }
        found |= low <= c && c <= high;
      }
      return found != negated;
    }
  }
}
