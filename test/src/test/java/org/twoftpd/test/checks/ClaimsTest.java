/*
 * Follows each claim to its test: every attack of the list and every row of the README's table of trust has tests that exist.
 */
package org.twoftpd.test.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.twoftpd.test.harness.Checkout;

class ClaimsTest {
  private static final int ATTACKS = 58;
  private static final Pattern ROW = Pattern.compile("(\\d\\d) (.+?)(?:: (test/\\S+))?");

  /** A method that is a test: its annotation, others, perhaps a comment between them, its name. */
  private static final Pattern TEST_METHOD =
      Pattern.compile(
          "@(?:Test|ParameterizedTest|Property)\\b(?:(?!\\bvoid\\b)[^{}]|\\{[^{}]*\\})*\\bvoid"
              + " (\\w+)\\(");

  private static Path top;

  /** The source of each class of tests, by its name. */
  private static final Map<String, String> SOURCES = new TreeMap<>();

  @BeforeAll
  static void readSources() throws IOException {
    top = Checkout.top();
    for (String module : List.of("shared", "session", "monitor", "test")) {
      try (Stream<Path> all = Files.walk(top.resolve(module).resolve("src/test/java"))) {
        for (Path p : all.filter(f -> f.toString().endsWith(".java")).toList()) {
          String name = p.getFileName().toString().replace(".java", "");
          SOURCES.merge(name, Files.readString(p), String::concat);
        }
      }
    }
  }

  private static List<String> testsOf(String source) {
    List<String> names = new ArrayList<>();
    Matcher m = TEST_METHOD.matcher(source);
    while (m.find()) {
      names.add(m.group(1));
    }
    return names;
  }

  @Test
  void everyAttackHasATestThatIsNamedAfterIt() throws IOException {
    TreeSet<String> shown = new TreeSet<>();
    for (String source : SOURCES.values()) {
      for (String name : testsOf(source)) {
        Matcher m = Pattern.compile("row(\\d\\d)_").matcher(name);
        while (m.find()) {
          shown.add(m.group(1));
        }
      }
    }
    TreeSet<String> listed = new TreeSet<>();
    TreeSet<String> expected = new TreeSet<>();
    for (String line : attacks()) {
      Matcher m = ROW.matcher(line);
      assertTrue(m.matches(), line);
      String row = m.group(1);
      assertTrue(listed.add(row), line);
      if (m.group(3) != null) {
        String script = Files.readString(top.resolve(m.group(3)));
        assertTrue(script.contains("row " + Integer.parseInt(row)), line);
      } else {
        expected.add(row);
      }
    }
    assertEquals(ATTACKS, listed.size());
    assertEquals("01", listed.first());
    assertEquals(Integer.toString(ATTACKS), listed.last());
    assertEquals(expected, shown);
  }

  private static List<String> attacks() throws IOException {
    try (var in = ClaimsTest.class.getResourceAsStream("/org/twoftpd/test/attacks/attacks.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(l -> !l.startsWith("#"))
          .toList();
    }
  }

  @Test
  void everyLineOfTheLogIsTold() throws IOException {
    Path source = top.resolve("shared/src/main/java/org/twoftpd/shared");
    TreeSet<String> written = new TreeSet<>();
    Pattern line = Pattern.compile("\\b[Ll]ine\\([^,]+, \"([a-z-]+)\"");
    for (String subject : List.of("Service", "Process", "Client", "Session", "MissingLines")) {
      Matcher m = line.matcher(Files.readString(source.resolve("log/" + subject + "Event.java")));
      while (m.find()) {
        written.add(m.group(1));
      }
    }
    assertTrue(written.containsAll(List.of("stopped", "no-passive-port", "upload")), "" + written);
    Pattern comma = Pattern.compile(", ");
    String manual = Files.readString(top.resolve("monitor/src/main/man/twoftpd.8"));
    TreeSet<String> inManual = new TreeSet<>();
    manual
        .substring(manual.indexOf(".SH LOG"), manual.indexOf(".SH SELINUX"))
        .replace("\\", "")
        .lines()
        .flatMap(comma::splitAsStream)
        .forEach(inManual::add);
    assertTrue(inManual.containsAll(written), () -> written + " in " + inManual);
  }

  @Test
  void everyClaimOfTheReadmeHasATestThatIsThere() throws IOException {
    List<String> readme = Files.readAllLines(top.resolve("README.md"));
    int header =
        readme.indexOf("| taken over | the attacker has | the attacker has not | shown by |");
    assertTrue(header > 0, "the table of trust");
    int rows = 0;
    for (int i = header + 2; readme.get(i).startsWith("|"); i++) {
      String[] columns = readme.get(i).split("\\|", -1);
      List<String> tests = new ArrayList<>();
      Matcher m = Pattern.compile("`(\\w+)`").matcher(columns[4]);
      while (m.find()) {
        tests.add(m.group(1));
      }
      assertFalse(tests.isEmpty(), readme.get(i));
      for (String test : tests) {
        String source = SOURCES.getOrDefault(test, "");
        assertFalse(testsOf(source).isEmpty(), () -> "no test " + test);
      }
      rows++;
    }
    assertTrue(rows >= 7, () -> "the table of trust is cut short");
  }

  @Test
  void everyTestThatTheReadmeNamesIsThere() throws IOException {
    Matcher m =
        Pattern.compile("`(\\w+(?:IT|Test))`").matcher(Files.readString(top.resolve("README.md")));
    int found = 0;
    while (m.find()) {
      String name = m.group(1);
      assertTrue(SOURCES.containsKey(name), name);
      found++;
    }
    assertTrue(found > 10);
  }
}
