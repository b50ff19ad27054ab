package org.twoftpd.session.text;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UtcTimeTest {
  private static final long FIRST = -62167219200L;
  private static final long LAST = 253402300799L;

  private static long parse(String text) {
    byte[] bytes = text.getBytes(US_ASCII);
    return UtcTime.parse(bytes, 0, bytes.length);
  }

  private static String stamp(long seconds) {
    Text out = new Text();
    UtcTime.ofEpochSecond(seconds).appendTimestamp(out);
    return new String(out.array(), 0, out.length(), US_ASCII);
  }

  @ParameterizedTest
  @CsvSource({
    "19700101000000, 0",
    "20000229235959, 951868799",
    "20380119031408, 2147483648",
    "19000228000000, -2203977600",
    "20240229120000.123, 1709208000",
    "20161231235960, 1483228800",
    "00000101000000, -62167219200",
    "99991231235959, 253402300799",
  })
  void readsAStamp(String text, long seconds) {
    assertEquals(seconds, parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2024",
        "2024022912000",
        "202402291200000",
        "20230229000000",
        "19000229000000",
        "20240001000000",
        "20241301000000",
        "20240100000000",
        "20240132000000",
        "20240431000000",
        "20240101240000",
        "20240101006000",
        "20240101000061",
        "2024010100000x",
        "-0240101000000",
        "20240101000000.",
        "20240101000000.x",
        "20240101000000Z",
        "20240101000000 ",
        "%n%n%n%n%n%n%n",
      })
  void refusesWhatIsNoStamp(String text) {
    assertEquals(UtcTime.INVALID, parse(text));
  }

  @Test
  void timesBeyondFourDigitYearsAreHeldAtTheEnds() {
    assertEquals("00000101000000", stamp(FIRST - 1));
    assertEquals("00000101000000", stamp(Long.MIN_VALUE));
    assertEquals("99991231235959", stamp(LAST + 1));
    assertEquals("99991231235959", stamp(Long.MAX_VALUE));
  }

  @Property(tries = 5000)
  void agreesWithJavaTimeBothWays(@ForAll @LongRange(min = FIRST, max = LAST) long seconds) {
    String expected =
        LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC)
            .format(DateTimeFormatter.ofPattern("uuuuMMddHHmmss"));
    assertEquals(expected, stamp(seconds));
    assertEquals(seconds, parse(expected));
  }
}
