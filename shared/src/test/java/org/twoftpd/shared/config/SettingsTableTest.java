package org.twoftpd.shared.config;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of settings is consistent, and its types allow what they say and nothing else. */
final class SettingsTableTest {
  private static Setting<?> find(String name) {
    return SettingsTable.rows().stream()
        .filter(s -> s.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + name));
  }

  /** Which settings there are is held by the tests that show them, one by one. */
  @Test
  void hasEverySettingOnce() {
    Set<String> names = new HashSet<>();
    for (Setting<?> s : SettingsTable.rows()) {
      assertTrue(names.add(s.name()), s.name());
      assertEquals(s, SettingsTable.find(s.name()));
    }
    assertFalse(names.isEmpty());
  }

  @Test
  void hasDefaultsThatAreAllowedAndSaysWhatTheyAre() {
    Set<String> descriptions = new HashSet<>();
    for (Setting<?> s : SettingsTable.rows()) {
      String value = s.mayBeEmpty() ? "" : s.whenUnset();
      assertDoesNotThrow(() -> s.type().parse(value), s.name());
      assertFalse(s.whenUnset().isBlank(), s.name());
      assertFalse(s.description().isBlank() || s.description().endsWith("."), s.name());
      assertFalse(s.description().contains("\n") || s.allowed().contains("\n"), s.name());
      assertTrue(descriptions.add(s.description()), s.name());
    }
  }

  @ParameterizedTest
  @CsvSource(
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "TIMEOUT,0",
        "TIMEOUT,86401",
        "TIMEOUT,-1",
        "TIMEOUT,1.5",
        "TIMEOUT,1 ",
        "TIMEOUT,''",
        "TIMEOUT,99999999999999999999",
        "AUTH_ATTEMPTS,0",
        "UMASK,8",
        "UMASK,1000",
        "UMASK,-1",
        "UMASK,0x1",
        "CHROOT,''",
        "CHROOT,enabled",
        "CHROOT,2",
        "TABLE,XFER",
        "TABLE,read",
        "SPARES,8-2",
        "SPARES,-2",
        "SPARES,2-",
        "SPARES,257",
        "PASV_PORTS,5000",
        "PASV_PORTS,1-2",
        "PASV_PORTS,60000-65536",
        "PASV_PORTS,6000-5000",
        "BIND_PORT,21",
        "ANONYMOUS,both",
        "ANONYMOUS,''",
        "MAX_FILE_SIZE,-1",
        "MAX_FILE_SIZE,K",
        "MAX_FILE_SIZE,1k",
        "MAX_FILE_SIZE,1KB",
        "MAX_FILE_SIZE,1.5G",
        "MAX_FILE_SIZE,1T",
        "MAX_FILE_SIZE,1152921504606846977",
        "MAX_FILE_SIZE,1125899906842625K",
        "MAX_FILE_SIZE,18446744073709551617",
        "MAX_FILE_SIZE,99999999999999999999G",
        "PENALTY_FAILURES,-1",
        "PENALTY_TIME,0",
        "PENALTY_EXEMPT,10.0.0.1/8",
        "MESSAGEFILE,a/b",
        "MESSAGEFILE,..",
        "ANON_HOME,home",
        "UID,0",
        "GID,0",
        "UID,2147483648",
        "UID,-1",
        "UID,4294967295",
        "GIDS,'1,0'",
        "GIDS,'1,,2'",
        "GIDS,'1,1'",
        "GATE_USER,0:0",
        "GATE_USER,5:0",
        "GATE_USER,0:5",
        "GATE_USER,5:",
        "GATE_USER,a b",
        "GATE_USER,''",
        "LISTEN,''",
        "LISTEN,'0.0.0.0:21,0.0.0.0:21'",
        "LISTEN,'0.0.0.0:21,'",
        "CVM,''",
        "CVM,'/a,/a'",
        "SERVICE,''",
        "CVM_RANDOM_BYTES,0",
        "CVM_RANDOM_BYTES,129",
        "BANNER,\u0007",
        "BANNER,a\rb",
        "BANNER,\u001b[1m",
        "HOME,/a\tb",
        "SHELL_READONLY,sh"
      })
  void refuses(String name, String value) {
    assertThrows(BadValueException.class, () -> find(name).type().parse(value));
  }

  @ParameterizedTest
  @CsvSource(
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "TIMEOUT,1",
        "TIMEOUT,86400",
        "TIMEOUT,0000000900",
        "CONNECT_TIMEOUT,''",
        "SESSION_TIMEOUT,0",
        "UMASK,0",
        "UMASK,0777",
        "UMASK,''",
        "CHROOT,oN",
        "CHROOT,NO",
        "TABLE,''",
        "SPARES,0",
        "SPARES,3",
        "SPARES,0-256",
        "PASV_PORTS,1024-65535",
        "BIND_PORT,20",
        "MAX_FILE_SIZE,0",
        "MAX_FILE_SIZE,''",
        "MAX_FILE_SIZE,1152921504606846976",
        "MAX_FILE_SIZE,1099511627776M",
        "PENALTY_FAILURES,0",
        "PENALTY_EXEMPT,'10.0.0.0/8,2001:db8::/32'",
        "MESSAGEFILE,.message",
        "GIDS,'1, 2,3'",
        "GATE_USER,65534:65534",
        "UID,2147483647",
        "LISTEN,127.0.0.1:0",
        "BANNER,''",
        "CVM_ACCOUNT_SPLIT_CHARS,''",
        "PASV_ADDRESS,'10.0.0.0/8=10.0.0.1, 203.0.113.5'"
      })
  void allows(String name, String value) {
    assertDoesNotThrow(() -> find(name).type().parse(value));
  }

  @Test
  void boundsTexts() throws BadValueException {
    assertEquals(4096, ((byte[]) find("BANNER").type().parse("b".repeat(4096))).length);
    assertThrows(BadValueException.class, () -> find("BANNER").type().parse("b".repeat(4097)));
    assertThrows(BadValueException.class, () -> find("BANNER").type().parse("\u00fc".repeat(2049)));
    assertThrows(
        BadValueException.class, () -> find("ANON_HOME").type().parse("/" + "h".repeat(4095)));
    assertThrows(BadValueException.class, () -> find("MESSAGEFILE").type().parse("m".repeat(256)));
    String many = "1.2.3.4:1" + ",1.2.3.4:2".repeat(64);
    assertThrows(BadValueException.class, () -> find("LISTEN").type().parse(many));
  }
}
