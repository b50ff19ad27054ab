package org.twoftpd.session.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.twoftpd.session.control.CommandLine;
import org.twoftpd.session.control.CommandReader;

/** LOGREQUESTS shows requests, and no password however it comes. */
class RequestTextTest {
  private static final String SECRET = "hu7Nter-2";

  private static byte[] bytes(String s) {
    return s.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String before(String line) {
    return new String(
        RequestText.beforeLogin(new CommandLine(bytes(line))), StandardCharsets.ISO_8859_1);
  }

  private static String after(String line) {
    return new String(
        RequestText.afterLogin(new CommandLine(bytes(line))), StandardCharsets.ISO_8859_1);
  }

  @Test
  void showsCommandsWhole() {
    for (String line :
        List.of(
            "NOOP",
            "CWD  a b ",
            "retr x\001",
            "SITE CHMOD 640 f",
            "SITE",
            "OPTS UTF8 ON",
            "auth TLS",
            "PROT P")) {
      assertEquals(line, before(line));
      assertEquals(line, after(line));
    }
    assertEquals("USER anna", before("USER anna"));
  }

  @Test
  void row56_showsOfWhatMayBeSecretTheVerb() {
    assertEquals("USER", after("USER anna"));
    for (String line : List.of("pass " + SECRET, "PASS", "PaSs  " + SECRET)) {
      assertEquals("PASS", before(line));
      assertEquals("PASS", after(line));
    }
    assertEquals("ACCT", after("ACCT " + SECRET));
    assertEquals("SITE", after("SITE PSWD old " + SECRET));
    assertEquals("ADAT", before("adat " + SECRET));
  }

  @Test
  void row56_showsTheLengthOfWhatIsNoCommand() {
    for (String line :
        List.of(" PASS secret", "\nPASS secret", "PASS\tsecret-", "PASSsecret--", "secret secre")) {
      assertEquals("(12 bytes that are no command)", before(line), line);
      assertEquals("(12 bytes that are no command)", after(line), line);
    }
    assertEquals("(0 bytes that are no command)", after(""));
  }

  /** Makes blanks, controls, Telnet's commands and other bytes that are not letters. */
  @Provide
  Arbitrary<String> filling() {
    Arbitrary<String> odd =
        Arbitraries.of(
            " ",
            "  ",
            "\t",
            "\0",
            "\r",
            "\n",
            "\r\n",
            "\001",
            "\177",
            "\u0080",
            "\u00a0",
            "\u00f2",
            "\u00ff",
            "\u00ff\u00ff",
            "\u00ff\u00f4",
            "\u00ff\u00f4\u00ff\u00f2",
            "\u00ff\u00fb\001",
            "\u00ff\u00fd",
            "-",
            ";",
            "");
    return odd.list().ofMaxSize(4).map(parts -> String.join("", parts));
  }

  /**
   * Makes PASS in any case, with such bytes before, within and behind it, and the password after
   * that.
   */
  @Provide
  Arbitrary<String> oddPasswords() {
    Arbitrary<String> verb =
        Arbitraries.of("PASS", "pass", "PaSs", "ACCT", "USER x\r\nPASS", "P", "");
    Arbitrary<Integer> within = Arbitraries.integers().between(0, 4);
    return Combinators.combine(filling(), verb, within, filling(), filling(), filling())
        .as((front, v, at, inner, behind, end) -> {
          int i = Math.min(at, v.length());
          return front
              + v.substring(0, i)
              + inner
              + v.substring(i)
              + behind
              + SECRET
              + end
              + "\r\n";
        });
  }

  @Property(tries = 20_000)
  void row56_noSpacingLetsAPasswordThrough(@ForAll("oddPasswords") String sent) {
    CommandReader reader = new CommandReader();
    reader.addUnread(bytes(sent));
    for (CommandLine l = reader.nextLine(); l != null; l = reader.nextLine()) {
      for (byte[] shown : List.of(RequestText.beforeLogin(l), RequestText.afterLogin(l))) {
        String text = new String(shown, StandardCharsets.ISO_8859_1);
        assertFalse(text.contains("7Nter"), () -> text + " of " + sent);
      }
    }
  }
}
