/*
 * Hashes that perl gets from the C library, without the code under test.
 */
package org.twoftpd.cvm;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/** Runs perl, which Debian always has. */
final class Hashes {
  static final String SHA512 = of("secret", "$6$abcdefgh");

  private Hashes() {}

  static String of(String password, String setting) {
    String hex = HexFormat.of().formatHex(password.getBytes(StandardCharsets.ISO_8859_1));
    String hash = perl("print crypt(pack('H*', $ARGV[0]), $ARGV[1])", hex, setting);
    assertTrue(hash.length() > 12, "crypt(3) knows " + setting);
    return hash;
  }

  /** Runs a perl program and returns what it prints; fails when it cannot run or dies. */
  static String perl(String program, String... arguments) {
    try {
      String[] command = new String[arguments.length + 3];
      command[0] = "/usr/bin/perl";
      command[1] = "-e";
      command[2] = program;
      System.arraycopy(arguments, 0, command, 3, arguments.length);
      Process perl = new ProcessBuilder(command).redirectErrorStream(true).start();
      perl.getOutputStream().close();
      byte[] output = perl.getInputStream().readAllBytes();
      assertTrue(perl.waitFor(30, TimeUnit.SECONDS), "perl ended");
      String text = new String(output, StandardCharsets.ISO_8859_1);
      assertTrue(perl.exitValue() == 0, text);
      return text;
    } catch (IOException | InterruptedException failure) {
      return fail("perl is needed: install Debian's package perl-base", failure);
    }
  }
}
