/*
 * What a scanner of others says of the service's TLS: nothing but what twoftpd.conf(5) explains.
 */
package org.twoftpd.test.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.twoftpd.test.harness.Checkout;

@ExtendWith(TlsLab.Shared.class)
class TlsHygieneIT {
  /** What is offered and a scanner may mind; twoftpd.conf(5) names each. */
  private static final Set<String> EXPLAINED =
      Set.of(
          "ECDHE-ECDSA-AES256-SHA384",
          "ECDHE-ECDSA-AES128-SHA256",
          "ECDHE-ECDSA-AES256-SHA",
          "ECDHE-ECDSA-AES128-SHA");

  private static final Set<String> GOOD_SUITES =
      Set.of(
          "TLS_AES_256_GCM_SHA384",
          "TLS_AES_128_GCM_SHA256",
          "TLS_CHACHA20_POLY1305_SHA256",
          "ECDHE-ECDSA-AES256-GCM-SHA384",
          "ECDHE-ECDSA-AES128-GCM-SHA256",
          "ECDHE-ECDSA-CHACHA20-POLY1305");

  private static final Set<String> CURVES =
      Set.of(
          "x25519",
          "x448",
          "secp256r1 (NIST P-256)",
          "secp384r1 (NIST P-384)",
          "secp521r1 (NIST P-521)");

  private final TlsLab lab;

  TlsHygieneIT(TlsLab lab) {
    this.lab = lab;
  }

  /** The tags of one name in what sslscan has written. */
  private static List<String> tags(String xml, String name) {
    List<String> all = new ArrayList<>();
    for (Matcher m = Pattern.compile("<" + name + " [^>]*>").matcher(xml); m.find(); ) {
      all.add(m.group());
    }
    return all;
  }

  private static String value(String tag, String attribute) {
    Matcher m = Pattern.compile(" " + attribute + "=\"([^\"]*)\"").matcher(tag);
    assertTrue(m.find(), () -> tag + " has no " + attribute);
    return m.group(1);
  }

  private static Set<String> values(String xml, String name, String attribute) {
    Set<String> all = new TreeSet<>();
    for (String tag : tags(xml, name)) {
      all.add(value(tag, attribute));
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(ints = {TlsLab.EXPLICIT, TlsLab.IMPLICIT})
  void aScannerFindsNothingThatIsNotExplained(int place) throws IOException {
    String port = "127.0.0.1:" + TlsLab.port(lab.strict(), place);
    String starts = place == TlsLab.EXPLICIT ? "--starttls-ftp" : "--no-colour";
    String xml = lab.files.run("sslscan", "--no-colour", starts, "--xml=-", port);

    Set<String> protocols = new TreeSet<>();
    for (String p : tags(xml, "protocol")) {
      if (!value(p, "enabled").equals("0")) {
        protocols.add(value(p, "type") + value(p, "version"));
      }
    }
    assertEquals(Set.of("tls1.2", "tls1.3"), protocols, xml);
    assertEquals(6, tags(xml, "protocol").size(), xml);
    assertEquals(Set.of("0"), values(xml, "renegotiation", "supported"), xml);
    assertEquals(Set.of("0"), values(xml, "heartbleed", "vulnerable"), xml);
    for (String c : tags(xml, "compression")) {
      assertEquals("0", value(c, "supported"), xml);
    }

    Set<String> suites = new TreeSet<>(GOOD_SUITES);
    suites.addAll(EXPLAINED);
    assertEquals(suites, values(xml, "cipher", "cipher"), xml);
    assertTrue(Set.of("strong", "acceptable").containsAll(values(xml, "cipher", "strength")), xml);
    // What is preferred is none of those that need an explanation.
    for (String c : tags(xml, "cipher")) {
      assertTrue(
          value(c, "status").equals("accepted") || GOOD_SUITES.contains(value(c, "cipher")), c);
    }
    assertEquals(CURVES, values(xml, "group", "name"), xml);
    assertTrue(xml.contains("<signature-algorithm>ecdsa-with-SHA256</signature-algorithm>"), xml);
    assertTrue(xml.contains("curve_name=\"prime256v1\""), xml);
  }

  @Test
  void theManualExplainsWhatAScannerMayMind() throws IOException {
    String manual =
        Files.readString(Checkout.top().resolve("monitor/src/main/man/twoftpd.conf.5"))
            .replace("\\-", "-");
    int begin = manual.indexOf("\n.SS \"What a scanner of TLS may mind\"\n");
    assertTrue(begin > 0, manual);
    String section = manual.substring(begin, manual.indexOf("\n.SS ", begin + 1));
    Set<String> named = new TreeSet<>();
    for (Matcher m = Pattern.compile("ECDHE-[A-Z0-9-]+").matcher(section); m.find(); ) {
      named.add(m.group());
    }
    assertEquals(EXPLAINED, named);
    assertTrue(section.contains("signs itself"), section);
    String readme = Files.readString(Checkout.top().resolve("README.md")).replace('\n', ' ');
    assertTrue(readme.contains("what scanners may mind"), "the README points there");
  }
}
