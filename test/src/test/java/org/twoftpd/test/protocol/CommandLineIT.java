package org.twoftpd.test.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.Dialogue;

/** Gate and session read command lines in the same way. */
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

  /** A dialogue that must go the same way before and after the login. */
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
  void otherTelnetAndWhatIsLeftOfItIsDroppedInFrontOfACommand() throws IOException {
    beforeAndAfterLogin(d -> {
      for (byte[] before :
          new byte[][] {
            bytes(0xff, 0xf4, 0xff, 0xf2), bytes(0xf4, 0xf2), bytes(0xff), bytes(0x80, 0xe4, 0xff)
          }) {
        d.send(before);
        d.expect(200, "NOOP");
      }
    });
  }

  @Test
  void row25_insideALineNothingIsTelnet() throws IOException {
    beforeAndAfterLogin(d -> {
      for (int second = 0xf0; second < 0x100; second++) {
        d.send("NOOP ");
        d.send(bytes(0xff, second, 1));
        d.expect(200, "");
      }
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
      // A line gets one error, however long it is and whatever is in it.
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
  void theByte255IsDoubledInRepliesAndMayBeInCommands() throws IOException {
    try (Dialogue d = chain.login("alice")) {
      assertEquals("\"/a\u00ff\u00ffb\" created.", d.expect(257, "MKD a\u00ff\u00ffb").text());
      assertEquals("a\u00ffb\r\n", d.fetchText("NLST"));
      assertEquals(1, d.fetchText("NLST a\u00ff\u00ffb/..").split("\r\n", -1).length - 1);
      assertTrue(d.expect(213, "STAT /").toString().contains(" a\u00ff\u00ffb"));
      assertTrue(d.expect(250, "MLST a\u00ffb").toString().contains("; a\u00ff\u00ffb"));
      d.expect(250, "RMD a\u00ffb");
      assertEquals("", d.fetchText("NLST"));
    }
  }

  /** Clients that use windows-1251 send such names: its last letter is 0xFF. */
  @Test
  void row25_namesThatDifferOnlyBehindTheByte255AreDifferentFiles() throws IOException {
    String[] names = {
      "\u00ff\u00e8", "\u00ff\u00e9", "\u00ff\u00fb", "\u00ff1", "\u00ff", "x\u00ff\u00f4y"
    };
    try (Dialogue d = chain.login("alice")) {
      d.expect(200, "TYPE I");
      d.expect(257, "MKD cyrillic");
      d.expect(250, "CWD cyrillic");
      for (String name : names) {
        d.store("STOR " + name, name.getBytes(StandardCharsets.ISO_8859_1));
      }
      List<String> listed = List.of(d.fetchText("NLST").split("\r\n", -1));
      assertEquals(names.length, listed.size() - 1);
      for (String name : names) {
        assertTrue(listed.contains(name), name);
        assertTrue(d.fetchText("LIST").contains(" " + name + "\r\n"), name);
        assertTrue(d.fetchText("MLSD").contains("; " + name + "\r\n"), name);
        assertEquals(name + "\r\n", d.fetchText("NLST " + name));
        assertArrayEquals(name.getBytes(StandardCharsets.ISO_8859_1), d.fetch("RETR " + name));
      }
      for (String name : names) {
        d.expect(350, "RNFR " + name);
        d.expect(250, "RNTO r" + name);
        d.expect(250, "DELE r" + name);
      }
      assertEquals("", d.fetchText("NLST"));
      d.expect(250, "CDUP");
      d.expect(250, "RMD cyrillic");
    }
  }
}
