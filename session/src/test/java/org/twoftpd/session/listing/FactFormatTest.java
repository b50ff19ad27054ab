package org.twoftpd.session.listing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.twoftpd.session.text.Text;
import org.twoftpd.shared.os.FileStatus;

/**
 * Reads lines of MLSD back with a parser that follows RFC 3659 and shares no code with the server.
 */
class FactFormatTest {
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("uuuuMMddHHmmss");
  private static final int[] TYPES = {
    0100000, 0040000, 0120000, 0010000, 0140000, 0020000, 0060000, 0
  };

  /** Holds a line's facts, with their names in lower case, and the name that a client reads. */
  private record Line(Map<String, String> facts, byte[] name) {}

  private static Line parse(byte[] line) {
    String text = new String(line, StandardCharsets.ISO_8859_1);
    assertTrue(text.endsWith("\r\n"), text);
    text = text.substring(0, text.length() - 2);
    assertTrue(text.indexOf('\n') < 0, text);
    int space = text.indexOf(' ');
    assertTrue(space >= 0, text);
    String before = text.substring(0, space);
    for (int i = 0; i < before.length(); i++) {
      int c = before.charAt(i);
      assertTrue(c > ' ' && c != 0x7f && c != 0xff, before);
    }
    Map<String, String> facts = new LinkedHashMap<>();
    if (!before.isEmpty()) {
      assertTrue(before.endsWith(";"), before);
      for (String fact : before.substring(0, before.length() - 1).split(";", -1)) {
        int equals = fact.indexOf('=');
        assertTrue(equals > 0, before);
        String key = fact.substring(0, equals).toLowerCase(java.util.Locale.ROOT);
        assertEquals(null, facts.put(key, fact.substring(equals + 1)), before);
      }
    }
    ByteArrayOutputStream name = new ByteArrayOutputStream();
    byte[] wire = text.substring(space + 1).getBytes(StandardCharsets.ISO_8859_1);
    for (byte b : wire) {
      name.write(b == 0 ? '\n' : b);
    }
    return new Line(facts, name.toByteArray());
  }

  private static byte[] replaceNul(byte[] b) {
    byte[] c = b.clone();
    for (int i = 0; i < c.length; i++) {
      c[i] = c[i] == 0 ? (byte) '\n' : c[i];
    }
    return c;
  }

  @Property(tries = 2000)
  void everyLineIsReadBack(
      @ForAll @Size(min = 1, max = 255) byte[] anyName,
      @ForAll @Size(max = 20) byte[] anyUser,
      @ForAll @Size(max = 20) byte[] anyGroup,
      @ForAll @IntRange(max = 7) int type,
      @ForAll @IntRange(max = 07777) int mode,
      @ForAll @LongRange(min = 0) long size,
      @ForAll @LongRange(min = -62167219200L, max = 253402300799L) long time,
      @ForAll long inode,
      @ForAll long device,
      @ForAll @IntRange(max = 255) int facts,
      @ForAll @IntRange(max = 3) int who,
      @ForAll boolean movable) {
    byte[] name = replaceNul(anyName);
    Viewer viewer = new Viewer(5, 6, new int[] {7}, anyUser, anyGroup);
    PermittedVerbs all =
        new PermittedVerbs(true, true, true, true, true, true, true, true, true, true);
    FileStatus status =
        new FileStatus(
            TYPES[type] | mode, 1, who & 1, 6 + (who >> 1), size, time, 0, inode, device);
    Text out = new Text();
    new FactFormat(new ListingStyle(viewer, all, facts, new StatusHelper()))
        .appendFacts(out, status, "dir", movable, null);
    out.addListedName(name);
    out.endLine();
    Line line = parse(out.toBytes());
    assertArrayEquals(name, line.name());
    checkFacts(line.facts(), facts, status, movable);
  }

  private static Text formatLine(FactFormat format, FileStatus status, int kind) {
    Text out = new Text();
    format.appendFacts(out, status, (kind & 1) == 0 ? "dir" : "cdir", (kind & 2) == 0, null);
    return out;
  }

  /**
   * The format keeps text from one line to the next, which must not show. The values are few, so
   * that many lines share text.
   */
  @Property(tries = 2000)
  void aLineTellsOfItsOwnFileAlone(
      @ForAll @Size(min = 2, max = 12) List<@IntRange(max = 0xffff) Integer> files,
      @ForAll @IntRange(max = 255) int facts) {
    Viewer viewer = new Viewer(5, 6, new int[] {7}, new byte[] {'u'}, new byte[] {'g'});
    PermittedVerbs all =
        new PermittedVerbs(true, true, true, true, true, true, true, true, true, true);
    ListingStyle style = new ListingStyle(viewer, all, facts, new StatusHelper());
    FactFormat used = new FactFormat(style);
    for (int bits : files) {
      FileStatus status =
          new FileStatus(
              TYPES[bits & 1] | (bits & 2) << 6 | 0400,
              1,
              4 + (bits >> 2 & 1),
              5 + (bits >> 3 & 1),
              bits >> 4 & 1,
              (bits >> 5 & 3) * 86_399L - 86_400,
              0,
              bits >> 7 & 1,
              bits >> 8 & 1);
      int kind = bits >> 9 & 3;
      assertArrayEquals(
          formatLine(new FactFormat(style), status, kind).toBytes(),
          formatLine(used, status, kind).toBytes());
    }
  }

  private static void checkFacts(Map<String, String> f, int facts, FileStatus s, boolean movable) {
    List<String> names =
        List.of(
            "type", "size", "modify", "perm", "unique", "unix.mode", "unix.owner", "unix.group");
    boolean regular = s.type() == 0100000;
    boolean directory = s.type() == 0040000;
    for (int i = 0; i < names.size(); i++) {
      boolean wanted = (facts & 1 << i) != 0 && (i != 1 || regular);
      assertEquals(wanted, f.containsKey(names.get(i)), f::toString);
    }
    assertTrue(f.size() <= names.size(), f::toString);
    String type = f.getOrDefault("type", regular ? "file" : directory ? "dir" : "OS.unix=");
    assertTrue(
        regular
            ? type.equals("file")
            : directory ? type.equals("dir") : type.startsWith("OS.unix="));
    assertEquals(s.size(), Long.parseLong(f.getOrDefault("size", "" + s.size())));
    if (f.containsKey("modify")) {
      LocalDateTime t = LocalDateTime.parse(f.get("modify"), STAMP);
      assertEquals(s.modified(), t.toEpochSecond(ZoneOffset.UTC));
    }
    if (f.containsKey("unique")) {
      String[] parts = f.get("unique").split("g", -1);
      assertEquals(2, parts.length);
      assertEquals(s.device(), Long.parseUnsignedLong(parts[0], 16));
      assertEquals(s.inode(), Long.parseUnsignedLong(parts[1], 16));
    }
    if (f.containsKey("unix.mode")) {
      assertEquals(s.permissions(), Integer.parseInt(f.get("unix.mode"), 8));
    }
    String perm = f.getOrDefault("perm", "");
    assertTrue(perm.matches("a?c?d?e?f?l?m?p?r?w?"), perm);
    assertFalse(!directory && perm.matches(".*[celmp].*"), perm);
    assertFalse(!regular && perm.matches(".*[arw].*"), perm);
    if (f.containsKey("perm")) {
      assertEquals(movable, perm.contains("d") && perm.contains("f"), perm);
    }
  }
}
