/*
 * Whatever a client chooses, a line can be taken apart again into the fields that were put in.
 */
package org.twoftpd.shared.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.wire.SessionReport;

final class LinePropertyTest {
  private static final Endpoint PEER = new Endpoint(new byte[] {10, 0, 0, 1}, 1, 0);
  private static final Pattern FIELD = Pattern.compile(" ([a-z]+)=(?:\"([^\"]*)\"|([^ \"=]+))");

  private static byte[] decode(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\\') {
        assertEquals('x', text.charAt(i + 1));
        out.write(Integer.parseInt(text.substring(i + 2, i + 4), 16));
        i += 3;
      } else {
        out.write(text.charAt(i));
      }
    }
    return out.toByteArray();
  }

  @Property
  void everyFieldComesBackAndNoOther(
      @ForAll @Size(max = 200) byte[] user,
      @ForAll @Size(max = 200) byte[] path,
      @ForAll @Size(max = 200) byte[] target) {
    String line =
        new SessionEvent.Changed(new SessionReport.Renamed(true, path, target), user, PEER)
            .entry()
            .toString();
    assertTrue(line.chars().allMatch(c -> c >= ' ' && c <= '~'), line);
    assertTrue(line.startsWith("rename "), line);
    List<String> keys = new ArrayList<>();
    List<byte[]> values = new ArrayList<>();
    Matcher m = FIELD.matcher(line);
    int at = "rename".length();
    while (at < line.length()) {
      assertTrue(m.find(at) && m.start() == at, line);
      keys.add(m.group(1));
      values.add(decode(m.group(2) == null ? m.group(3) : m.group(2)));
      at = m.end();
    }
    assertEquals(List.of("user", "address", "path", "target", "result"), keys);
    assertArrayEquals(user, values.get(0));
    assertArrayEquals(path, values.get(2));
    assertArrayEquals(target, values.get(3));
  }

  /** Any bytes, with those that could forge something more often than by chance. */
  @Property
  void evenOutOfNastyBytes(@ForAll @Size(max = 40) byte[] choice) {
    byte[] nasty = "\n\r\"\\= x\0".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    byte[] value = new byte[choice.length];
    for (int i = 0; i < value.length; i++) {
      value[i] = nasty[choice[i] & 7];
    }
    everyFieldComesBackAndNoOther(value, value, value);
  }
}
