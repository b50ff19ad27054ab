package org.twoftpd.shared.config;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever file and environment hold, the reader answers with settings or with messages. */
final class SettingsPropertyTest {
  private static final byte[] PASSWD =
      "twoftpd:x:113:114::/:\nftp:x:111:112::/srv/ftp:\n".getBytes(StandardCharsets.US_ASCII);

  private static void answers(byte[] file, Map<String, String> environment, byte[] passwd) {
    try {
      Settings s = SettingsReader.read("f", file, environment, passwd);
      assertTrue(s.gateUser().uid() > 0 && s.gateUser().gid() > 0);
      assertTrue(s.login().timeoutSeconds() > 0 && s.login().authAttempts() > 0);
      assertFalse(s.listen().addresses().isEmpty() || s.cvm().chain().isEmpty());
      s.anonymous().ifPresent(a -> assertTrue(a.uid() > 0 && a.gid() > 0));
      s.anonymous().ifPresent(a -> assertTrue(a.home().startsWith("/")));
    } catch (SettingsException e) {
      assertFalse(e.messages().isEmpty());
      for (String message : e.messages()) {
        assertTrue(message.chars().allMatch(c -> c >= ' ' && c != 127), message);
        assertTrue(message.length() < 2000, message);
      }
    }
  }

  @Property
  void anyBytes(@ForAll byte[] file, @ForAll byte[] passwd) {
    answers(file, Map.of(), PASSWD);
    answers(new byte[0], Map.of(), passwd);
  }

  @Provide
  Arbitrary<String> value() {
    return Arbitraries.oneOf(
        Arbitraries.of(
            "on",
            "off",
            "0",
            "1",
            "7",
            "20",
            "900",
            "022",
            "-1",
            "2147483648",
            "1-2",
            "2000-3000",
            "/x",
            "root",
            "ftp",
            "1:2",
            "0:0",
            "1.2.3.4:5",
            "[::1]:2",
            "1.2.3.4",
            "1.0.0.0/8=1.2.3.4",
            "cvm-local:/x",
            "cvm-udp:1.2.3.4:5",
            "xfer",
            "drop",
            "a\\nb"),
        Arbitraries.strings()
            .withChars("\"'\\ \t\r\n#;=,:/.-0189azAZ\u00fc\u0000\u001b")
            .ofMaxLength(20),
        Arbitraries.strings().ofMaxLength(12));
  }

  @Provide
  Arbitrary<String> name() {
    List<String> names = SettingsTable.rows().stream().map(Setting::name).toList();
    return Arbitraries.oneOf(
        Arbitraries.of(names),
        Arbitraries.of("ANONYMOUS", "UID", "GID", "HOME", "TIMEOUT", "CVM_X", "TIMEOUTS"),
        Arbitraries.strings().ascii().ofMaxLength(6));
  }

  @Provide
  Arbitrary<String> file() {
    Arbitrary<String> line =
        Combinators.combine(name(), Arbitraries.of("=", " = ", "=\"", "='", "", "#"), value())
            .as((n, e, v) -> n + e + v);
    return line.list().ofMaxSize(12).map(lines -> String.join("\n", lines));
  }

  @Provide
  Arbitrary<Map<String, String>> environment() {
    return Arbitraries.maps(name(), value()).ofMaxSize(4);
  }

  @Property
  void likelyLines(
      @ForAll("file") String file, @ForAll("environment") Map<String, String> environment) {
    answers(file.getBytes(StandardCharsets.UTF_8), environment, PASSWD);
  }

  /** What goes through without a complaint has gone through unchanged. */
  @Property
  void quotedTextArrives(@ForAll String text) {
    String quoted = "\"" + text.replaceAll("([\"\\\\`$])", "\\\\$1") + "\"";
    EnvironmentFile f = EnvironmentFile.parse(("A=" + quoted).getBytes(StandardCharsets.UTF_8));
    boolean valid =
        text.indexOf('\0') < 0
            && text.indexOf('\ufeff') < 0
            && StandardCharsets.UTF_8.newEncoder().canEncode(text);
    if (valid) {
      assertTrue(f.faults().isEmpty(), text);
      assertTrue(f.assignments().getFirst().value().equals(text), text);
    }
  }
}
