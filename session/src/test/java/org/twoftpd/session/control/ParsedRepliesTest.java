package org.twoftpd.session.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.twoftpd.session.text.Text;

/** Parses each reply in the way of the programs that are named beside the test. */
class ParsedRepliesTest {
  /** Python's ftplib takes the length by the first pattern, Java's sun.net.ftp by the second. */
  private static final List<Pattern> LENGTHS =
      List.of(
          Pattern.compile("150 .* \\((\\d+) bytes\\).*", Pattern.CASE_INSENSITIVE),
          Pattern.compile("150 Opening .*\\((\\d+) bytes\\)."));

  private static byte[] bytes(String s) {
    return s.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String line(int code, Text text) {
    return code + " " + new String(text.toBytes(), StandardCharsets.ISO_8859_1);
  }

  private static String passive() {
    Text begun = ParsedReplies.passivePrefix(new byte[] {10, (byte) 200, 0, 1});
    assertEquals(line(227, ParsedReplies.passive(begun, 1)), line(227, begun) + "0,1)");
    return line(227, ParsedReplies.passive(begun, 51_400));
  }

  /** Programs read it by sscanf("227 Entering Passive Mode (%d,%d,%d,%d,%d,%d)"). */
  @Test
  void passiveLetterForLetter() {
    assertEquals("227 Entering Passive Mode (10,200,0,1,200,200)", passive());
  }

  /** Java's sun.net.ftp uses the first pattern; ftplib and curl use the second. */
  @Test
  void passiveAsLibrariesFindIt() {
    for (String regex :
        List.of(
            "227 .* \\(?(\\d{1,3},\\d{1,3},\\d{1,3},\\d{1,3}),(\\d{1,3}),(\\d{1,3})\\)?",
            "(\\d+,\\d+,\\d+,\\d+),(\\d+),(\\d+)")) {
      Matcher m = Pattern.compile(regex).matcher(passive());
      assertTrue(m.find(), regex);
      assertEquals("10,200,0,1", m.group(1));
      assertEquals("200", m.group(2));
      assertEquals("200", m.group(3));
    }
  }

  @Test
  void extendedPassiveLetterForLetterAndAsLibrariesFindIt() {
    String line = line(229, ParsedReplies.extendedPassive(51_400));
    assertEquals("229 Entering Extended Passive Mode (|||51400|)", line);
    Matcher java = Pattern.compile("^229 .* \\(\\|\\|\\|(\\d+)\\|\\)").matcher(line);
    assertTrue(java.find());
    assertEquals("51400", java.group(1));
    // ftplib splits what is between the brackets at its first character and expects five parts.
    String inside = line.substring(line.indexOf('(') + 1, line.indexOf(')'));
    assertEquals(List.of("", "", "", "51400", ""), List.of(inside.split("\\|", -1)));
  }

  /** Returns the length that .NET's FtpWebRequest finds, or -1 when it finds none. */
  private static long dotNet(String line) {
    int from = line.lastIndexOf('(');
    int to = line.indexOf(" bytes).");
    return from < 0 || to <= from ? -1 : Long.parseLong(line.substring(from + 1, to).trim());
  }

  private static void assertLength(long expected, String line) {
    for (Pattern p : LENGTHS) {
      Matcher m = p.matcher(line);
      assertEquals(expected, m.find() ? Long.parseLong(m.group(1)) : -1, line);
    }
    assertEquals(expected, dotNet(line), line);
  }

  @Test
  void openingLetterForLetter() {
    byte[] name = bytes("dir/a b.txt");
    assertEquals(
        "150 Opening BINARY mode data connection for dir/a b.txt (123 bytes).",
        line(150, ParsedReplies.openingToSend(false, name, 123)));
    assertEquals(
        "150 Opening ASCII mode data connection for dir/a b.txt.",
        line(150, ParsedReplies.openingToSend(true, name, 123)));
    assertEquals(
        "150 Opening BINARY mode data connection for dir/a b.txt.",
        line(150, ParsedReplies.openingToReceive(false, name)));
    assertEquals(
        "150 Opening ASCII mode data connection for dir/a b.txt.",
        line(150, ParsedReplies.openingToReceive(true, name)));
  }

  /** Java stops reading at the length that the reply gives, so a wrong one would cut the file. */
  @Test
  void theLengthIsTheOneThatIsMeantWhateverTheNameSays() {
    for (String name :
        List.of(
            "f",
            "a (5 bytes).",
            "(5 bytes).",
            " (5 BYTES) ",
            "( 5 bytes",
            "((((7 bytes).(8 bytes).",
            "for x (5 bytes).",
            "a\r\n226 (5 bytes).",
            "\u00ff(5 bytes)\u00ff",
            "\\x285 bytes).")) {
      assertLength(123, line(150, ParsedReplies.openingToSend(false, bytes(name), 123)));
      assertLength(0, line(150, ParsedReplies.openingToSend(false, bytes(name), 0)));
      assertLength(-1, line(150, ParsedReplies.openingToSend(true, bytes(name), 123)));
      assertLength(-1, line(150, ParsedReplies.openingToReceive(false, bytes(name))));
    }
    assertLength(-1, "150 " + ParsedReplies.LISTING);
  }

  @Test
  void noNameEndsTheLineOrIsTelnet() {
    StringBuilder all = new StringBuilder();
    for (char c = 1; c < 256; c++) {
      all.append(c);
    }
    String line = line(150, ParsedReplies.openingToReceive(false, bytes(all.toString())));
    assertTrue(line.contains("\\x0a") && line.contains("\\x0d") && line.contains("\\x28"), line);
    assertTrue(line.contains("\u00e4") && line.contains("\u00ff\u00ff"), line);
    assertFalse(line.chars().anyMatch(c -> c < ' ' || c == 0x7f), line);
  }

  /** Perl's Net::FTP reads both replies; Java's sun.net.ftp reads the second. */
  @Test
  void uniqueNames() {
    assertEquals("150 FILE: n.x7", line(150, ParsedReplies.uniqueName(bytes("n.x7"))));
    String line = line(226, ParsedReplies.uniqueNameStored(bytes("n.x7")));
    for (String regex :
        List.of("unique\\s+file\\s*name\\s*:\\s*(.*)\\)", "unique file name:\\s*(\\S*)\\s*\\)")) {
      Matcher m = Pattern.compile(regex).matcher(line);
      assertTrue(m.find(), line);
      assertEquals("n.x7", m.group(1));
    }
  }

  /** All clients take the path from between the quotation marks. */
  @Test
  void paths() {
    assertEquals(
        "257 \"/a\"\"b\" is the current directory.",
        line(257, ParsedReplies.workingDirectory(bytes("/a\"b"))));
    assertEquals("257 \"/d\" created.", line(257, ParsedReplies.directoryMade(bytes("/d"))));
  }

  /** PHP's ftp_chmod and some cameras, for ALLO, take no other code for success. */
  @Test
  void codesThatProgramsTakeAlone() {
    assertEquals(200, ParsedReplies.MODE_CHANGED);
    assertEquals(200, ParsedReplies.ALLOCATED);
  }

  /**
   * Perl's Net::FTP looks for words in the help; PHP's ftp_systype takes the first word of SYST.
   */
  @Test
  void wordsThatAreLookedFor() {
    assertTrue(ParsedReplies.HELP.contains("following commands"));
    assertTrue(ParsedReplies.SITE_HELP.contains("following SITE commands"));
    assertEquals("UNIX", ParsedReplies.SYSTEM.split(" ", -1)[0]);
  }
}
