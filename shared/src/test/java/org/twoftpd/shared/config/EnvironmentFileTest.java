package org.twoftpd.shared.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.twoftpd.shared.config.EnvironmentFile.Assignment;
import org.twoftpd.shared.config.EnvironmentFile.Fault;

/**
 * Each sentence of systemd.exec(5) about EnvironmentFile=, and what is an error here and not there.
 */
final class EnvironmentFileTest {
  private static EnvironmentFile parse(String text) {
    return EnvironmentFile.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String value(String text) {
    EnvironmentFile f = parse("A=" + text);
    assertEquals(List.of(), f.faults());
    assertEquals(1, f.assignments().size());
    return f.assignments().getFirst().value();
  }

  @Test
  void countsLinesAndPassesOverCommentsAndBlankLines() {
    EnvironmentFile f =
        parse("# one\n; two\n\n  \t\n  # three\nA=1\r\nB='x\ny'\n # \"\nC=2\\\n3\nD=4");
    assertEquals(List.of(), f.faults());
    assertEquals(
        List.of(
            new Assignment(6, "A", "1"),
            new Assignment(7, "B", "x\ny"),
            new Assignment(10, "C", "23"),
            new Assignment(12, "D", "4")),
        f.assignments());
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      ignoreLeadingAndTrailingWhitespace = false,
      delimiter = '|',
      value = {
        "  a b  c \t|a b  c",
        "a # b|a # b",
        "a\"b\"'c'|a\"b\"'c'",
        "\\\\|\\",
        "\\a\\\"|a\"",
        "a\\ |a ",
        "'a\\b\"'|a\\b\"",
        "\" a \"  | a ",
        "\"a\\\"b\\\\c\\`d\\$e\"|a\"b\\c`d$e",
        "\"a\\nb\\'\"|a\\nb\\'",
        "\"a\" 'b'|ab",
        "\"a\"b|ab",
        "\"a\"b \"c\"|ab \"c\"",
        "b=c|b=c",
      })
  void readsAValue(String written, String meant) {
    assertEquals(meant, value(written));
  }

  @Test
  void joinsLines() {
    assertEquals("", value(""));
    assertEquals("", value("\"\""));
    assertEquals("ab", value("a\\\nb"));
    assertEquals("ab", value("\"a\\\nb\""));
    assertEquals("a\nb", value("\"a\nb\""));
    assertEquals("a\\\nb", value("'a\\\nb'"));
    assertEquals("a", value("a\\"));
    assertEquals("gr\u00fc\u00df", value("gr\u00fc\u00df"));
    assertEquals("\ud83d\ude00", value("\\\ud83d\ude00"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"A", "A 1", "export", "\"A=1\"", "1A=1", "A B=1", "=1", "A-B=1", "\u00c4=1"})
  void refusesWhatIsNoAssignment(String line) {
    EnvironmentFile f = parse("X=1\n" + line + "\nY=2\n");
    assertEquals(1, f.faults().size());
    assertEquals(2, f.faults().getFirst().line());
    assertEquals(List.of("X", "Y"), f.assignments().stream().map(Assignment::name).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"A='b\n", "A=\"b\nc\n\n", "A=\"\\\"", "A=\"b\\"})
  void refusesAQuoteWithoutEnd(String text) {
    assertEquals(
        List.of(new Fault(2, "the quoted value of A has no closing quote")),
        parse("\n" + text).faults());
  }

  @Test
  void refusesWhatIsNoText() {
    String message = "the file must be UTF-8 without NUL and byte order mark";
    for (byte[] end : List.of(new byte[] {(byte) 0xff}, new byte[] {0}, new byte[] {(byte) 0xc3})) {
      byte[] content = {'A', '=', '1', '\n', '\n', 'B', '=', end[0]};
      EnvironmentFile f = EnvironmentFile.parse(content);
      assertEquals(List.of(new Fault(3, message)), f.faults());
      assertEquals(List.of(), f.assignments());
    }
    assertEquals(List.of(new Fault(1, message)), parse("\ufeffA=1").faults());
  }
}
