/*
 * Commands that a client sends during a transfer, or ahead of it.
 */
package org.twoftpd.test.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.twoftpd.test.transfer.TransferFixture.active;
import static org.twoftpd.test.transfer.TransferFixture.listener;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.Dialogue;

/**
 * ABOR interrupts a transfer, and so does a hang-up ({@link ClientHangUpIT}); every other command
 * waits for its end.
 */
class InterruptedTransferIT {
  private static final byte[] IP_AND_IAC = {(byte) 0xff, (byte) 0xf4, (byte) 0xff};

  private static Chain chain;
  private static Path home;
  private static byte[] random;

  @BeforeAll
  static void start() throws IOException {
    chain = TransferFixture.options().start();
    home = chain.user("alice").home();
    random = TransferFixture.fill(home);
  }

  @AfterAll
  static void stop() throws IOException {
    chain.close();
  }

  private static Dialogue login() throws IOException {
    Dialogue d = chain.login("alice");
    d.expect(200, "TYPE I");
    return d;
  }

  @Test
  void abortEndsATransferWith426And226() throws IOException {
    try (Dialogue d = login();
        Socket data = d.passive()) {
      d.expect(150, "RETR big");
      data.getInputStream().readNBytes(10);
      d.expect(426, "ABOR");
      d.expect(226);
      d.expect(226, "ABOR");
      d.expect(257, "PWD");
    }
  }

  @Test
  void row36_abortWithTelnetsUrgentDataDoesToo() throws IOException {
    try (Dialogue d = login();
        Socket data = d.passive()) {
      d.expect(150, "RETR big");
      data.getInputStream().readNBytes(10);
      d.send(new byte[] {(byte) 0xff, (byte) 0xf4});
      d.socket().sendUrgentData(0xff);
      d.send(new byte[] {(byte) 0xf2});
      d.expect(426, "ABOR");
      d.expect(226);
      d.expect(257, "PWD");
    }
  }

  /** RFC 959, 4.1.1: after QUIT in a transfer the connection stays until the transfer is done. */
  @Test
  void row37_otherCommandsWaitForTheEndOfADownload() throws Exception {
    String[] commands = {
      "PWD\r\n",
      "NOOP\r\n",
      "\r\nPWD\r\n",
      "NONSENSE\r\n",
      "x".repeat(5000) + "\r\n",
      "QUIT\r\n",
      "RETR random\r\n",
      "STAT random\r\n",
      "PWD\r\nSTAT\r\n",
      "MKD d\r\nRMD d\r\nNOOP\r\n",
    };
    int[][] codes = {
      {257}, {200}, {257}, {502}, {500}, {221}, {425}, {213}, {257, 211}, {257, 250, 200},
    };
    for (int i = 0; i < commands.length; i++) {
      try (Dialogue d = login();
          Socket data = d.passive()) {
        d.expect(150, "RETR random");
        Thread.sleep(2);
        d.send(commands[i]);
        assertArrayEquals(random, data.getInputStream().readAllBytes(), commands[i]);
        d.expect(226);
        for (int code : codes[i]) {
          d.expect(code);
        }
      }
    }
  }

  @Test
  void row37_otherCommandsWaitForTheEndOfAnUpload() throws Exception {
    for (int i = 0; i < 15; i++) {
      try (Dialogue d = login();
          Socket data = d.passive()) {
        d.expect(150, "STOR up");
        data.getOutputStream().write(random, 0, 20_000);
        data.close();
        d.send("QUIT\r\n");
        d.expect(226);
        d.expect(221);
        assertTrue(d.isClosed());
      }
      assertArrayEquals(Arrays.copyOf(random, 20_000), Files.readAllBytes(home.resolve("up")));
    }
    try (Dialogue d = login();
        Socket data = d.passive()) {
      d.expect(150, "STOR up");
      data.getOutputStream().write(random, 0, 100);
      Chain.eventually("100 bytes stored", () -> home.resolve("up").toFile().length() == 100);
      d.send("\r\nPWD\r\nNONSENSE\r\nSIZE up\r\n");
      Thread.sleep(200);
      data.getOutputStream().write(random, 100, 900);
      data.close();
      d.expect(226);
      d.expect(257);
      d.expect(502);
      assertEquals("1000", d.expect(213).text());
    }
    Files.delete(home.resolve("up"));
  }

  /** A session reads no more commands than it keeps, so it loses none. */
  @Test
  void row37_moreCommandsThanAreKeptWaitUnread() throws IOException {
    int many = 20_000;
    try (Dialogue d = login();
        Socket data = d.passive()) {
      d.expect(150, "STOR up");
      data.getOutputStream().write(random, 0, 100);
      Thread sender = new Thread(() -> send(d, "NOOP\r\n".repeat(many) + "PWD\r\n"));
      sender.start();
      Chain.eventually("100 bytes stored", () -> home.resolve("up").toFile().length() == 100);
      data.getOutputStream().write(random, 100, 100);
      data.close();
      d.expect(226);
      for (int i = 0; i < many; i++) {
        d.expect(200);
      }
      d.expect(257);
      d.expect(250, "DELE up");
    }
  }

  private static void send(Dialogue d, String text) {
    try {
      d.send(text);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void statusIsAnsweredAtOnceAndNoopInItsTurn() throws IOException {
    try (Dialogue d = login();
        Socket data = d.passive()) {
      d.expect(150, "RETR big");
      data.getInputStream().readNBytes(10);
      for (int i = 0; i < 3; i++) {
        Dialogue.Reply r = d.expect(211, "STAT");
        assertTrue(r.toString().matches(".*Download in progress, \\d+ bytes.*"), r::toString);
      }
      d.send("NOOP\r\n");
      data.getInputStream().readAllBytes();
      d.expect(226);
      d.expect(200);
    }
  }

  /** A STAT that waits for the data connection does not hold back a later one. */
  @Test
  void statusIsAnsweredAtOnceBehindOneThatWasSentAhead() throws IOException {
    try (Dialogue d = login();
        ServerSocket l = listener()) {
      d.send(active(l) + "RETR big\r\nSTAT\r\n");
      try (Socket data = l.accept()) {
        data.getInputStream().readNBytes(10);
        d.expect(200);
        int[] codes = {d.reply().code(), d.reply().code()};
        Arrays.sort(codes);
        assertArrayEquals(new int[] {150, 211}, codes);
        assertTrue(d.expect(211, "STAT").toString().contains("Download in progress"));
        data.getInputStream().readAllBytes();
      }
      d.expect(226);
      d.expect(257, "PWD");
    }
  }

  @Test
  void commandsSentAheadOfATransferWaitForItsEnd() throws IOException {
    try (Dialogue d = login();
        Socket data = d.passive()) {
      d.send("RETR random\r\nPWD\r\nNOOP\r\n");
      assertArrayEquals(random, data.getInputStream().readAllBytes());
      d.expect(150);
      d.expect(226);
      d.expect(257);
      d.expect(200);
    }
  }

  @Test
  void filesAskedForInOnePacketAllComeWhole() throws IOException {
    try (Dialogue d = login();
        ServerSocket a = listener();
        ServerSocket b = listener()) {
      d.send(active(a) + "RETR random\r\n" + active(b) + "RETR random\r\nQUIT\r\n");
      for (ServerSocket l : new ServerSocket[] {a, b}) {
        try (Socket data = l.accept()) {
          assertArrayEquals(random, data.getInputStream().readAllBytes());
        }
      }
      for (int code : new int[] {200, 150, 226, 200, 150, 226, 221}) {
        d.expect(code);
      }
      assertTrue(d.isClosed());
    }
  }

  @Test
  void abortBehindCommandsSentAheadIsHeard() throws IOException {
    try (Dialogue d = login();
        Socket data = d.passive()) {
      d.send("RETR big\r\nPWD\r\nNOOP\r\n");
      d.expect(150);
      data.getInputStream().readNBytes(10);
      d.send("ABOR\r\n");
      d.expect(426);
      d.expect(257);
      d.expect(200);
      d.expect(226);
    }
  }

  @Test
  void abortInTheSamePacketEndsEveryTransferBeforeIt() throws IOException {
    try (Dialogue d = login();
        ServerSocket a = listener();
        ServerSocket b = listener()) {
      d.send(active(a) + "RETR big\r\n" + active(b) + "STOR aborted\r\nABOR\r\nPWD\r\n");
      d.expect(200);
      assertInterrupted(d);
      d.expect(200);
      assertInterrupted(d);
      d.expect(226);
      d.expect(257);
      assertTrue(Files.notExists(home.resolve("aborted")) || d.expect(250, "DELE aborted") != null);
    }
  }

  /** Expects 426 when there was a data connection already, else 425. */
  private static void assertInterrupted(Dialogue d) throws IOException {
    Dialogue.Reply r = d.reply();
    if (r.code() == 150) {
      d.expect(426);
    } else {
      assertEquals(425, r.code(), r::toString);
    }
  }

  @Test
  void row36_urgentDataIsHeardBehindMoreCommandsThanAreRead() throws IOException {
    try (Dialogue d = login();
        Socket data = d.passive()) {
      // That is more than a session reads, and less than TCP's urgent pointer can skip.
      int ahead = 6000;
      d.send("RETR big\r\n" + "NOOP\r\n".repeat(ahead));
      d.expect(150);
      data.getInputStream().readNBytes(10);
      d.send(IP_AND_IAC);
      d.socket().sendUrgentData(0xf2);
      d.send("ABOR\r\n");
      d.expect(426);
      for (int i = 0; i < ahead; i++) {
        d.expect(200);
      }
      d.expect(226);
    }
  }

  @Test
  void questionsKeepTheirTurnBehindCommandsSentAhead() throws IOException {
    try (Dialogue d = login();
        Socket data = d.passive()) {
      d.send("RETR big\r\nPWD\r\n");
      d.expect(150);
      data.getInputStream().readNBytes(10);
      d.send("NOOP\r\nSTAT\r\n");
      data.getInputStream().readAllBytes();
      d.expect(226);
      d.expect(257);
      d.expect(200);
      d.expect(211);
    }
  }

  @Test
  void whatFollowsTheEndOfAnUploadDoesNotInterruptIt() throws IOException {
    for (String type : new String[] {"TYPE A", "TYPE I"}) {
      try (Dialogue d = login()) {
        d.expect(200, type);
        for (int i = 0; i < 20; i++) {
          try (Socket data = d.passive()) {
            d.expect(150, "STOR up");
            data.getOutputStream().write(new byte[10]);
            data.shutdownOutput();
            Thread.onSpinWait();
            d.send("NOOP\r\n");
            d.expect(226);
            d.expect(200);
          }
        }
        d.expect(250, "DELE up");
      }
    }
  }

  @Test
  void theTimeForASessionIsOverDuringATransferToo() throws IOException {
    try (Chain brief = Chain.options().user("alice").set("SESSION_TIMEOUT", "3").start()) {
      Files.write(brief.user("alice").home().resolve("big"), new byte[64 << 20]);
      try (Dialogue d = brief.login("alice");
          Socket data = d.passive()) {
        d.expect(150, "RETR big");
        data.getInputStream().readNBytes(10);
        assertTrue(d.expect(426).text().matches(".*after \\d+ bytes.*"));
        assertTrue(d.expect(421).text().contains("time"));
        assertTrue(d.isClosed());
      }
      try (Dialogue d = brief.login("alice")) {
        // So is one that waits for a data connection, and one that sends commands without a pause.
        d.expect(229, "EPSV");
        d.send("STOR x\r\n");
        d.expect(425);
        d.expect(421);
      }
      try (Dialogue d = brief.login("alice")) {
        Thread sender = new Thread(() -> noopForEver(d));
        sender.start();
        // The server closes with commands unread, which is a reset, and the 421 may be lost.
        assertThrows(IOException.class, () -> readForEver(d));
      }
      Chain.eventually(
          "three sessions whose time was over",
          () -> {
            try {
              return brief.log().split("reason=session-timeout", -1).length == 4;
            } catch (IOException e) {
              return false;
            }
          });
    }
  }

  private static void readForEver(Dialogue d) throws IOException {
    long end = System.nanoTime() + 15_000_000_000L;
    while (System.nanoTime() - end < 0) {
      d.reply();
    }
  }

  private static void noopForEver(Dialogue d) {
    long end = System.nanoTime() + 15_000_000_000L;
    try {
      while (System.nanoTime() - end < 0) {
        d.send("NOOP\r\n".repeat(500));
      }
    } catch (IOException e) {
      // As it should be: the server has closed the connection.
    }
  }
}
