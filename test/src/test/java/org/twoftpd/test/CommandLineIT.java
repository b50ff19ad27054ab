package org.twoftpd.test;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** SPEC 2, before login and after it: the gate and a session read lines in the same way. */
class CommandLineIT {
  private static Chain chain;

  @BeforeAll
  static void start() throws IOException {
    chain = Chain.options().user("alice").set("MAX_PER_IP", "50").start();
  }

  @AfterAll
  static void stop() throws IOException {
    chain.close();
  }

  /** What is to hold on both sides of the login. */
  private interface Talk {
    void with(Dialogue d) throws IOException;
  }

  private static void beforeAndAfterLogin(Talk talk) throws IOException {
    try (Dialogue d = chain.connect()) {
      talk.with(d);
    }
    try (Dialogue d = chain.login("alice")) {
      talk.with(d);
    }
  }

  private static byte[] bytes(int... values) {
    byte[] b = new byte[values.length];
    for (int i = 0; i < b.length; i++) {
      b[i] = (byte) values[i];
    }
    return b;
  }

  @Test
  void offersOfTelnetAreDeclined() throws IOException {
    beforeAndAfterLogin(d -> {
      // WILL 1, DO 3, WONT 5, DONT 6: the last two want no answer.
      d.send(bytes(0xff, 0xfb, 1, 0xff, 0xfd, 3, 0xff, 0xfc, 5, 0xff, 0xfe, 6));
      assertArrayEquals(bytes(0xff, 0xfe, 1, 0xff, 0xfc, 3), d.read(6));
      d.expect(200, "NOOP");
    });
  }

  @Test
  void otherTelnetIsSwallowedWhereverItStands() throws IOException {
    beforeAndAfterLogin(d -> {
      d.send(bytes(0xff, 0xf4, 0xff, 0xf2));
      d.send("NO");
      d.send(bytes(0xff, 0xf1));
      d.send("OP\r\n");
      d.expect(200);
    });
  }

  @Test
  void anyNumberOfReturnsMayStandBeforeTheLineFeedAndNoneNeeds() throws IOException {
    beforeAndAfterLogin(d -> {
      d.send("NOOP\r\r\r\n");
      d.expect(200);
      d.send("NOOP\n");
      d.expect(200);
      d.send("NOOP\nNOOP\r\nNOOP\n");
      for (int i = 0; i < 3; i++) {
        d.expect(200);
      }
    });
  }

  @Test
  void anEmptyLineIsNoCommand() throws IOException {
    beforeAndAfterLogin(d -> {
      d.send("\r\n".repeat(100));
      d.expect(200, "\n\r\r\nNOOP");
      d.send("SYST\r\n\r\nNOOP\r\n\r\n");
      d.expect(215);
      d.expect(200);
    });
  }

  @Test
  void aLineHas4096BytesAtMost() throws IOException {
    beforeAndAfterLogin(d -> {
      String longest = "NOOP " + "x".repeat(4091);
      d.expect(200, longest);
      d.send(longest + "\r\r\r\n");
      d.expect(200);
      d.expect(500, longest + "x");
      d.expect(200, "NOOP");
      // One error for one line, however long, and whatever is in it.
      d.expect(500, "NOOP\0".repeat(20_000));
      d.expect(200, "NOOP");
    });
  }

  @Test
  void hundredsOfCommandsMayComeInOnePacket() throws IOException {
    beforeAndAfterLogin(d -> {
      d.send("NOOP\r\nSYST\n".repeat(400));
      for (int i = 0; i < 400; i++) {
        d.expect(200);
        d.expect(215);
      }
    });
  }

  @Test
  void aLineMayComeByteForByte() throws IOException {
    beforeAndAfterLogin(d -> {
      for (byte b : "SYST\r\n".getBytes(StandardCharsets.US_ASCII)) {
        d.send(new byte[] {b});
      }
      d.expect(215);
    });
  }

  @Test
  void theParameterIsWhatFollowsOneSpace() throws IOException {
    Path home = chain.user("alice").home();
    try (Dialogue d = chain.login("alice")) {
      for (String name : new String[] {" before", "after ", "a  b", "\t", "a\rb", "\r"}) {
        d.expect(257, "MKD " + name + (name.endsWith("\r") ? "x" : ""));
        Path made = home.resolve(name + (name.endsWith("\r") ? "x" : ""));
        assertTrue(made.toFile().isDirectory(), "made " + made);
        d.expect(250, "RMD " + name + (name.endsWith("\r") ? "x" : ""));
      }
      d.expect(504, "MKD");
      d.expect(504, "MKD ");
    }
  }

  @Test
  void nulStandsForALineFeedInANameAndBackAgain() throws IOException {
    Path home = chain.user("alice").home();
    try (Dialogue d = chain.login("alice")) {
      assertEquals("\"/a\0b\" created.", d.expect(257, "MKD a\0b").text());
      assertTrue(home.resolve("a\nb").toFile().isDirectory());
      d.expect(250, "CWD a\0b");
      assertTrue(d.expect(257, "PWD").text().startsWith("\"/a\0b\""));
      d.expect(250, "CDUP");
      assertEquals("a\0b\r\n", d.fetchText("NLST"));
      d.expect(250, "RMD a\0b");
    }
  }

  @Test
  void theByte255IsDoubledInBothDirections() throws IOException {
    try (Dialogue d = chain.login("alice")) {
      assertEquals("\"/a\u00ff\u00ffb\" created.", d.expect(257, "MKD a\u00ff\u00ffb").text());
      assertEquals("a\u00ff\u00ffb\r\n", d.fetchText("NLST"));
      assertEquals(1, d.fetchText("NLST a\u00ff\u00ffb/..").split("\r\n", -1).length - 1);
      d.expect(250, "RMD a\u00ff\u00ffb");
      assertEquals("", d.fetchText("NLST"));
    }
  }
}
