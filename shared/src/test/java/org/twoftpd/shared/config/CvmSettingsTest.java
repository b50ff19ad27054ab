package org.twoftpd.shared.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Credential modules as CVM names them: which forms are read, and which are refused. */
final class CvmSettingsTest {
  @Test
  void readsCredentialModules() throws BadValueException {
    assertEquals(
        new CvmSettings.Module.Local("/run/cvm"), CvmSettings.parseModule("cvm-local:/run/cvm"));
    assertEquals(
        new CvmSettings.Module.Udp(AddressParser.parseEndpoint("127.0.0.1:500", 1)),
        CvmSettings.parseModule("cvm-udp:localhost:500"));
    assertEquals(
        new CvmSettings.Module.Udp(AddressParser.parseEndpoint("[::1]:500", 1)),
        CvmSettings.parseModule("cvm-udp:[::1]:500"));
    assertEquals(
        new CvmSettings.Module.Command("/bin/cvm:x"),
        CvmSettings.parseModule("cvm-command:/bin/cvm:x"));
    assertEquals(new CvmSettings.Module.Command("/bin/cvm"), CvmSettings.parseModule("/bin/cvm"));
    String fits = "/" + "s".repeat(106);
    assertEquals(new CvmSettings.Module.Local(fits), CvmSettings.parseModule("cvm-local:" + fits));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "cvm",
        "cvm-local:",
        "cvm-local:run/cvm",
        "cvm-udp:",
        "cvm-udp:host:500",
        "cvm-udp:127.0.0.1",
        "cvm-udp:127.0.0.1:0",
        "cvm-udp:127.0.0.1:port",
        "cvm-command:cvm-unix",
        "cvm-unix",
        "CVM-LOCAL:/x",
        "cvm-local:/a\nb",
        " /bin/cvm"
      })
  void refusesOtherModules(String text) {
    assertThrows(BadValueException.class, () -> CvmSettings.parseModule(text));
  }

  @Test
  void refusesASocketPathThatIsTooLong() {
    assertThrows(
        BadValueException.class, () -> CvmSettings.parseModule("cvm-local:/" + "s".repeat(107)));
  }
}
