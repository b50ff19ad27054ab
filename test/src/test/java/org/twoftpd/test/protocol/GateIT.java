package org.twoftpd.test.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.ChainOptions;
import org.twoftpd.test.harness.Dialogue;

/** The dialogue before login, and rows 14 to 17 and 27 of attacks.txt. */
class GateIT {
  private static Chain chain;

  @BeforeAll
  static void start() throws IOException {
    chain =
        Chain.options()
            .user("alice")
            .set("MAX_PER_IP", "50")
            .set("AUTH_ATTEMPTS", "2")
            .set("PENALTY_FAILURES", "0")
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    chain.close();
  }

  /**
   * Not every class is in the archive that a gate starts with. One without an archive has to find
   * all of them before its jail, for dialogues as for the monitor's question whether it is alive.
   */
  @Test
  void findsEveryClassBeforeItsJail() throws Exception {
    ChainOptions o =
        Chain.options().user("alice").set("LOGREQUESTS", "on").set("PENALTY_FAILURES", "0");
    Path gate =
        Files.writeString(
            o.directory().resolve("twoftpd-gate"),
            """
            #!/bin/bash
            words=(); for w; do case $w in -XX:AOTCache=*) ;; *) words+=("$w");; esac; done
            exec -a twoftpd-gate "$(dirname "$0")/java" "${words[@]}"
            """);
    Files.setPosixFilePermissions(gate, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (Chain bare = o.with("--program", "gate=" + gate).start()) {
      long pid = bare.children("gate").getFirst();
      for (int i = 0; i < 10; i++) {
        try (Dialogue d = bare.connect()) {
          d.expect(211, "FEAT");
          d.expect(214, "HELP");
          d.expect(502, " PASS secret");
          d.expect(331, "USER alice");
          d.expect(530, "PASS wrong");
          bare.login(d, "alice");
        }
        // The monitor asks every few seconds.
        Thread.sleep(1000);
      }
      assertEquals(pid, bare.children("gate").getFirst());
      String log = bare.log();
      assertFalse(log.contains("stderr role=gate"), log);
    }
  }

  /** The verbs of the table LOGIN and the codes of all others. */
  @ParameterizedTest
  @CsvSource({
    "331,USER alice",
    "331,user alice",
    "504,USER",
    "503,PASS x",
    "503,PASS",
    "215,SYST",
    "501,SYST x",
    "200,NOOP",
    "214,HELP",
    "214,HELP RETR",
    "211,FEAT",
    "501,FEAT x",
    "200,OPTS UTF8 ON",
    "200,opts utf8 on",
    "501,OPTS MODE Z",
    "504,OPTS",
    "214,SITE HELP",
    "504,SITE",
    "530,SITE CHMOD 777 x",
    "501,QUIT now",
    "221,QUIT",
    "221,quit"
  })
  void codesOfTheTable(int code, String line) throws IOException {
    try (Dialogue d = chain.connect()) {
      d.expect(code, line);
    }
  }

  /** Row 27: verbs of other tables. */
  @Test
  void row27_everythingElseIs530WhenItIsKnownAnd502WhenNot() throws IOException {
    try (Dialogue d = chain.connect()) {
      for (String verb :
          ("ACCT CWD XCWD CDUP XCUP PWD XPWD PASV PORT EPSV EPRT LIST NLST MLSD MLST SIZE MDTM REST"
                  + " RETR STOR STOU APPE MKD XMKD RMD XRMD DELE RNFR RNTO STAT ABOR TYPE MODE STRU")
              .split(" ", -1)) {
        d.expect(530, verb + " x");
        d.expect(530, verb);
      }
      Dialogue.Reply unknown = d.expect(502, "XYZZY reflect-me");
      assertTrue(!unknown.toString().contains("reflect-me"), unknown::toString);
      d.expect(502, "AUTH TLS");
      d.expect(502, "\u0001\u0002");
    }
  }

  @Test
  void theGreetingHasTwoLines() throws IOException {
    try (Dialogue d = new Dialogue("127.0.0.1", chain.port())) {
      assertTrue(d.expect(220).lines().size() >= 2);
    }
  }

  @Test
  void theUserIsForgottenAfterABadPasswordAndTheLastFailureCloses() throws IOException {
    try (Dialogue d = chain.connect()) {
      d.expect(331, "USER alice");
      d.expect(530, "PASS wrong");
      d.expect(503, "PASS pw-alice");
      d.expect(331, "USER somebody");
      d.expect(331, "USER alice");
      d.expect(530, "PASS");
      d.expect(421);
      assertTrue(d.isClosed());
    }
    chain.eventuallyLogged("disconnect address=127.0.0.1 reason=attempts");
  }

  @Test
  void helpNamesWhatThereIs() throws IOException {
    try (Dialogue d = chain.connect()) {
      String help = d.expect(214, "HELP").toString();
      for (String verb : "USER PASS QUIT SYST NOOP HELP FEAT OPTS SITE".split(" ", -1)) {
        assertTrue(help.contains(verb), help);
      }
    }
  }

  /** Row 16: another protocol's first verb ends it, and what follows is not looked at. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1",
        "POST /x HTTP/1.0",
        "HEAD / HTTP/1.1",
        "PUT /a HTTP/1.1",
        "DELETE /a HTTP/1.1",
        "OPTIONS * HTTP/1.1",
        "CONNECT a:21 HTTP/1.1",
        "TRACE / HTTP/1.1",
        "PATCH / HTTP/1.1",
        "PROPFIND / HTTP/1.1",
        "get / HTTP/1.1",
        "EHLO x",
        "HELO x",
        "MAIL FROM:<x>",
        "RCPT TO:<x>"
      })
  void anotherProtocolIsClosedAtOnce(String line) throws IOException {
    try (Dialogue d = chain.connect()) {
      d.send(line + "\r\nUSER alice\r\nPASS pw-alice\r\n");
      d.expect(421);
      assertTrue(d.isClosed());
    }
  }

  /** Row 16: ten lines that are no commands, of whatever kind. */
  @Test
  void nonsenseIsHeardTenTimes() throws IOException {
    for (int kind = 0; kind < 2; kind++) {
      try (Dialogue d = chain.connect()) {
        for (int i = 0; i < 9; i++) {
          switch (kind) {
            case 0 -> d.expect(502, "XYZZY" + i);
            case 1 -> d.expect(500, "x".repeat(5000));
            default -> throw new AssertionError();
          }
          d.expect(200, "NOOP");
        }
        d.expect(502, "PLUGH");
        d.expect(421);
        assertTrue(d.isClosed());
      }
    }
    chain.eventuallyLogged("disconnect address=127.0.0.1 reason=not-ftp");
  }

  /** Ends of lines, Telnet, the longest line. */
  @Test
  void theCommandLineIsTheOneOfTheSession() throws IOException {
    try (Dialogue d = chain.connect()) {
      d.send("NOOP\nNOOP\r\r\r\n");
      d.expect(200);
      d.expect(200);
      d.send(
          "\u00ff\u00fb\u0001\u00ff\u00fd\u0001\u00ff\u00f4\u00ff\u00f2\u00ff\u00fc\u0001NOOP\r\n");
      assertEquals("\u00ff\u00fe\u0001\u00ff\u00fc\u0001200 Nothing done.", d.line());
      d.expect(331, "USER " + "u".repeat(4096 - "USER ".length()));
      d.expect(500, "USER " + "u".repeat(4097 - "USER ".length()));
      d.expect(200, "NOOP");
    }
  }

  /** Pipelined commands are answered each, and in order. */
  @Test
  void hundredsOfCommandsInOnePacket() throws IOException {
    try (Dialogue d = chain.connect()) {
      d.send("SYST\r\nNOOP\r\n".repeat(400));
      for (int i = 0; i < 400; i++) {
        d.expect(215);
        d.expect(200);
      }
    }
  }
}
