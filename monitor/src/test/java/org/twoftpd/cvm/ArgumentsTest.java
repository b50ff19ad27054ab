/*
 * The command line of twoftpd-cvm is understood, and each error names the argument and what is allowed.
 */
package org.twoftpd.cvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ArgumentsTest {
  private static String refused(String... arguments) {
    return assertThrows(IllegalArgumentException.class, () -> Arguments.parse(arguments))
        .getMessage();
  }

  @Test
  void isUnderstood() {
    assertEquals(
        new Arguments.Serve("u", false, null, false, "s", "n"),
        Arguments.parse(new String[] {"--user", "n", "--socket", "s", "--users", "u"}));
    assertEquals(
        new Arguments.Serve("u", false, null, false, null, null),
        Arguments.parse(new String[] {"--users", "u"}));
    assertEquals(new Arguments.Help(), Arguments.parse(new String[] {"--help"}));
    assertEquals(
        new Arguments.Version(), Arguments.parse(new String[] {"--users", "u", "--version"}));
  }

  @Test
  void aSelfTestNeedsNoAccounts() {
    assertEquals(
        new Arguments.SelfTest("1:1"),
        Arguments.parse(new String[] {"--self-test", "--user", "1:1"}));
  }

  @Test
  void systemAccountsNeedNoUsersFile() {
    assertEquals(
        new Arguments.Serve(null, true, "h", false, null, null),
        Arguments.parse(new String[] {"--unix", "--shells", "h"}));
    assertEquals(
        new Arguments.Serve(null, true, null, true, null, null),
        Arguments.parse(new String[] {"--unix", "--any-shell"}));
  }

  @Test
  void whatIsWrongIsNamed() {
    assertEquals("--users FILE or --unix must be given", refused());
    assertTrue(refused("--users", "u", "--shells", "s").startsWith("--shells is for"));
    assertTrue(refused("--users", "u", "--any-shell").startsWith("--any-shell is for"));
    assertTrue(refused("--unix", "--any-shell", "--shells", "s").contains("one of them"));
    assertEquals("--users needs a value", refused("--users"));
    assertEquals("--socket needs a value", refused("--users", "u", "--socket", ""));
    assertTrue(refused("--usres", "u").startsWith("\"--usres\": allowed are --users FILE"));
  }

  @Test
  void identitiesAreNumbersOrNames() {
    assertEquals(new Identity(64123, 64124), Identity.parse("64123:64124"));
    assertEquals(new Identity(2147483647, 1), Identity.parse("2147483647:1"));
    assertEquals(new Identity(1, 1), Identity.parse("daemon"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "root",
        "0:1",
        "1:0",
        "2147483648:1",
        "1:2147483648",
        "1:",
        ":1",
        "1:1:1",
        "-1:1",
        "01:1",
        "99999999999999999999:1",
        "no-such-user-here"
      })
  void identitiesThatAreNotAllowedAreNamed(String text) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Identity.parse(text)).getMessage();
    assertTrue(message.startsWith("--user \"" + text + "\": allowed are"), message);
  }
}
