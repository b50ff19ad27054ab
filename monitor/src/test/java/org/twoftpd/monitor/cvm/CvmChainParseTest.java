/*
 * From the setting CVM to a chain; how it is written is tested where settings are read.
 */
package org.twoftpd.monitor.cvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.twoftpd.shared.config.CvmSettings;

final class CvmChainParseTest {
  @TempDir Path directory;

  private static String understood(String spec) {
    return Chains.parse(spec).toString();
  }

  private static String refused(String spec) {
    return assertThrows(IllegalArgumentException.class, () -> Chains.parse(spec)).getMessage();
  }

  @Test
  void allThreeKindsInOneChain() {
    assertEquals(
        "cvm-local:/run/x/cvm,cvm-udp:127.0.0.1:99,cvm-command:/bin/true,cvm-command:/bin/true",
        understood("cvm-local:/run/x/cvm,cvm-udp:127.0.0.1:99,cvm-command:/bin/true,/bin/true"));
  }

  @Test
  void sixAddressesStandInBrackets() {
    assertEquals("cvm-udp:[0:0:0:0:0:0:0:1]:9", understood("cvm-udp:[::1]:9"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/no/such/module", "/etc/passwd", "/tmp"})
  void aProgramThatCannotBeStartedIsNamed(String path) {
    String message = refused(path);
    assertTrue(message.contains("cvm-command:" + path + ": "), message);
  }

  @Test
  void aProgramThatOthersMayWriteIsRefused() throws Exception {
    Path program = Files.writeString(directory.resolve("module"), "#!/bin/sh\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxrwxr-x"));
    assertTrue(refused(program.toString()).contains("by its owner alone"));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertEquals("cvm-command:" + program, understood(program.toString()));
    Files.setAttribute(program, "unix:uid", 65534);
    assertTrue(refused(program.toString()).contains("must belong to root"));
  }

  @Test
  void row54_aProgramInADirectoryOfOthersIsRefusedWhenItIsNamedAndWhenItIsStarted()
      throws Exception {
    Path place = Files.createDirectory(directory.resolve("place"));
    Path program = Files.writeString(place.resolve("module"), "#!/bin/sh\nexit 100\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    CvmChain chain = Chains.parse(program.toString());
    byte[] word = {'x'};
    assertFalse(chain.verify(word, new byte[0], word).toString().contains("not started"));
    Files.setAttribute(place, "unix:uid", 65534);
    String directoryOfOthers = "the directory " + place + " (owner uid 65534, mode 0755)";
    assertTrue(refused(program.toString()).contains(directoryOfOthers));
    assertTrue(chain.verify(word, new byte[0], word).toString().contains(directoryOfOthers));
    Path link = Files.createSymbolicLink(directory.resolve("link"), program);
    assertTrue(refused(link.toString()).contains(directoryOfOthers));
    Files.setAttribute(place, "unix:uid", 0);
    assertEquals("cvm-command:" + link, understood(link.toString()));
    Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.setAttribute(place, "unix:mode", 01777);
    assertTrue(refused(program.toString()).contains("mode 1777"));
  }

  @Test
  void settingsHaveTheirRanges() {
    Duration second = Duration.ofSeconds(1);
    Map<String, String> none = Map.of();
    String spec = "cvm-local:/run/x/cvm";
    assertThrows(IllegalArgumentException.class, () -> Chains.parse(spec, null, 256, none, second));
    assertThrows(IllegalArgumentException.class, () -> Chains.parse(spec, null, -1, none, second));
    assertThrows(IllegalArgumentException.class, () -> Chains.parse(spec, "", 8, none, second));
    assertThrows(
        IllegalArgumentException.class, () -> Chains.parse(spec, null, 8, none, Duration.ZERO));
    assertThrows(
        IllegalArgumentException.class,
        () -> Chains.parse(spec, null, 8, Map.of("LD_PRELOAD", "x"), second));
  }

  @Test
  void theLookupSecretIsNeverInAModulesEnvironment() {
    CvmSettings settings =
        new CvmSettings(
            List.of(),
            "ftp",
            Optional.empty(),
            "@",
            8,
            Map.of("CVM_LOOKUP_SECRET", "", "CVM_X", "1"));
    Map<String, String> environment = ModuleProgram.environment(settings);
    assertFalse(environment.containsKey("CVM_LOOKUP_SECRET"));
    assertEquals(
        Map.of(
            "PATH", "/usr/bin:/bin",
            "SERVICE", "ftp",
            "CVM_ACCOUNT_SPLIT_CHARS", "@",
            "CVM_X", "1"),
        environment);
  }
}
