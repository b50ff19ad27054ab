/*
 * Command lines for the fuzzer: real verbs and likely parameters, then spoiled.  The same seed gives the same lines.
 */
package org.twoftpd.test.attacks;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Lines without their ends; none holds an LF, so each is one command. */
final class FuzzLines {
  private static final String[] VERBS =
      ("USER PASS ACCT QUIT REIN ABOR CWD XCWD CDUP XCUP PWD XPWD TYPE STRU MODE PASV PASV EPSV"
              + " EPSV PORT EPRT REST RETR RETR STOR STOR STOU APPE ALLO LIST LIST NLST MLSD MLST SIZE"
              + " MDTM MFMT MKD XMKD RMD XRMD DELE RNFR RNTO SITE STAT FEAT OPTS CLNT LANG HELP NOOP"
              + " SYST AUTH PBSZ PROT CCC ADAT SMNT HOST XSHA1 GET EHLO")
          .split(" ", -1);

  private static final String[] PARAMETERS = {
    "",
    "/",
    ".",
    "..",
    "a",
    "b c",
    "d/e",
    "/../..",
    "a*",
    "[a-",
    "*/*/*",
    "-la",
    "-R /",
    "--",
    "-",
    "~",
    "I",
    "A",
    "A N",
    "P",
    "C",
    "TLS",
    "L 8",
    "E",
    "S",
    "F",
    "0",
    "1",
    "-1",
    "4294967296",
    "9223372036854775807",
    "18446744073709551616",
    "127,0,0,1,200,200",
    "127,0,0,2,200,200",
    "127,0,0,1,0,21",
    "|1|127.0.0.1|51400|",
    "|2|::1|51400|",
    "|1|127.0.0.1|",
    "1",
    "2",
    "ALL",
    "20200101000000 a",
    "20201301000000 a",
    "19700101000000.123 a",
    "CHMOD 644 a",
    "CHMOD 7777 a",
    "CHMOD 000 .",
    "UMASK 077",
    "UMASK",
    "HELP",
    "IDLE 1",
    "UTF8 ON",
    "MLST type;size;",
    "MLST ;;;",
    "UTF8 OFF",
    "%n%n%s%s",
    "alice",
    "pw-alice",
    "a\0b",
    "\u00ff\u00ff",
    "\u00ff\u00fb\u0018",
    "\u00ff\u00f4\u00ff\u00f2",
    "\r",
    "caf\u00c3\u00a9",
    "\u0080\u0081",
    "\"",
    "a\tb",
    "|",
    "EN",
  };

  private final Random random;

  FuzzLines(long seed) {
    random = new Random(seed);
  }

  /** A number from 0 to {@code n - 1}, for choices that are not lines. */
  int choose(int n) {
    return random.nextInt(n);
  }

  byte[] next() {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    String verb = VERBS[choose(VERBS.length)];
    put(line, choose(8) == 0 ? verb.toLowerCase(java.util.Locale.ROOT) : verb);
    int parameters = choose(10) == 0 ? 3 : choose(4) == 0 ? 0 : 1;
    for (int i = 0; i < parameters; i++) {
      put(line, " " + PARAMETERS[choose(PARAMETERS.length)]);
    }
    byte[] b = line.toByteArray();
    for (int spoiled = choose(3) == 0 ? 1 + choose(4) : 0; spoiled > 0; spoiled--) {
      b = spoil(b);
    }
    for (int i = 0; i < b.length; i++) {
      b[i] = b[i] == '\n' ? 0 : b[i];
    }
    return b;
  }

  private static void put(ByteArrayOutputStream to, String s) {
    to.writeBytes(s.getBytes(StandardCharsets.ISO_8859_1));
  }

  private byte[] spoil(byte[] b) {
    ByteArrayOutputStream to = new ByteArrayOutputStream();
    int at = choose(b.length + 1);
    to.write(b, 0, at);
    switch (choose(6)) {
      case 0 -> to.write(random.nextInt(256));
      case 1 -> at = Math.min(b.length, at + 1 + choose(4));
      case 2 -> to.writeBytes(b);
      case 3 -> put(to, PARAMETERS[choose(PARAMETERS.length)].repeat(1 + choose(20)));
      case 4 -> put(to, "x".repeat(choose(20) == 0 ? 5000 : choose(300)));
      default -> {
        byte[] noise = new byte[choose(40)];
        random.nextBytes(noise);
        to.writeBytes(noise);
      }
    }
    to.write(b, at, b.length - at);
    return to.toByteArray();
  }
}
