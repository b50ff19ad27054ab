/*
 * A client that closes its control connection within a transfer.
 */
package org.twoftpd.test.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
 * A hang-up interrupts a download. An upload is whole when the end of its data connection has come
 * or comes within a moment, since devices close everything without waiting for a reply.
 */
class ClientHangUpIT {
  private static Chain chain;
  private static Path home;
  private static byte[] random;

  /** A chain with ATOMIC_STORE: files get their names when they are whole. */
  private static Chain atomic;

  @BeforeAll
  static void start() throws IOException {
    chain = TransferFixture.options().start();
    atomic = TransferFixture.options().set("ATOMIC_STORE", "on").start();
    home = chain.user("alice").home();
    random = TransferFixture.fill(home);
  }

  @AfterAll
  static void stop() throws IOException {
    chain.close();
    atomic.close();
  }

  private static Dialogue login() throws IOException {
    return login(chain, "TYPE I");
  }

  private static Dialogue login(Chain c, String type) throws IOException {
    Dialogue d = c.login("alice");
    d.expect(200, type);
    return d;
  }

  private static byte[] stored(Chain c, String name) throws IOException {
    return Files.readAllBytes(c.user("alice").home().resolve(name));
  }

  @Test
  void aClientThatGoesDuringATransferLeavesNothingBehind() throws IOException {
    Dialogue d = login();
    long pid = chain.sessionsOf("alice").stream().max(Long::compare).orElseThrow();
    Socket data = d.passive();
    d.expect(150, "RETR big");
    data.getInputStream().readNBytes(10);
    d.socket().setSoLinger(true, 0);
    d.close();
    data.close();
    Chain.eventually("the session has ended", () -> !Files.exists(Path.of("/proc/" + pid)));
  }

  /**
   * A session that is stopped meanwhile finds a question whose answer nobody reads. It logs how
   * many bytes went over all the same, and the data connection does not end as after a whole file.
   */
  @Test
  void whoHangsUpWithAQuestionIsToldOfInTheLog() throws IOException {
    for (boolean storing : new boolean[] {false, true}) {
      Dialogue d = login();
      long pid = chain.sessionsOf("alice").stream().max(Long::compare).orElseThrow();
      try (Socket data = d.passive()) {
        if (storing) {
          d.expect(150, "STOR asked");
          data.getOutputStream().write(random, 0, 1000);
          Chain.eventually("it", () -> home.resolve("asked").toFile().length() == 1000);
        } else {
          d.expect(150, "RETR big");
          data.getInputStream().readNBytes(10);
        }
        Chain.signal("STOP", pid);
        // There are many questions, so that an answer meets the end of the connection in any case.
        d.send("STAT\r\n".repeat(500));
        d.socket().setSoLinger(true, 0);
        d.close();
        Chain.signal("CONT", pid);
        if (storing) {
          chain.eventuallyLogged("upload .*/asked.* bytes=1000 .*result=failed");
        } else {
          chain.eventuallyLogged("download .*/big.* bytes=[1-9][0-9]* .*result=failed.*ended");
          assertThrows(IOException.class, () -> data.getInputStream().readAllBytes());
        }
      }
      Chain.eventually("the session has ended", () -> !Files.exists(Path.of("/proc/" + pid)));
    }
    Files.delete(home.resolve("asked"));
  }

  /** The client has read neither 150 nor 226, so that its close is a reset. */
  @Test
  void row36_anUploadIsWholeWhenEverythingIsClosedBehindIt() throws IOException {
    byte[] sent = Arrays.copyOf(random, 20_000);
    for (Chain c : new Chain[] {chain, atomic}) {
      for (int i = 0; i < 15; i++) {
        String name = "whole" + i;
        Dialogue d = login(c, "TYPE I");
        try (Socket data = d.passive()) {
          d.send("STOR " + name + "\r\n");
          if (i % 3 > 0) {
            d.expect(150);
          }
          data.getOutputStream().write(sent);
          if (i % 3 == 2) {
            d.close();
          }
        }
        d.close();
        c.eventuallyLogged("upload .*/" + name + ".* result=done");
        assertArrayEquals(sent, stored(c, name), name);
      }
      Chain.eventually("no session", () -> c.sessionsOf("alice").isEmpty());
    }
  }

  @Test
  void whatComesWithinAMomentBelongsToAnUpload() throws Exception {
    for (Chain c : new Chain[] {chain, atomic}) {
      try (Dialogue d = login(c, "TYPE I");
          Socket data = d.passive()) {
        d.expect(150, "STOR late");
        data.getOutputStream().write(random, 0, 1000);
        d.close();
        Thread.sleep(500);
        data.getOutputStream().write(random, 1000, random.length - 1000);
      }
      c.eventuallyLogged("upload .*/late.* result=done");
      assertArrayEquals(random, stored(c, "late"));
    }
  }

  @Test
  void aTextIsWholeTooWhenItsClientHangsUp() throws IOException {
    Dialogue d = login(chain, "TYPE A");
    try (Socket data = d.passive()) {
      d.expect(150, "STOR text");
      data.getOutputStream()
          .write("one\r\ntwo\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      d.close();
    }
    chain.eventuallyLogged("upload .*/text.* result=done");
    assertEquals("one\ntwo\n", Files.readString(home.resolve("text")));
  }

  /** Without ATOMIC_STORE the bytes that came stay, so that the client can resume. */
  @Test
  void row36_anUploadWithoutItsEndIsNotTakenForWhole() throws IOException {
    for (Chain c : new Chain[] {chain, atomic}) {
      Path half = c.user("alice").home().resolve("half");
      for (boolean flowing : new boolean[] {false, true}) {
        Dialogue d = login(c, "TYPE I");
        try (Socket data = d.passive()) {
          d.expect(150, "STOR half");
          data.getOutputStream().write(random, 0, 1000);
          d.close();
          Thread sender = new Thread(() -> trickle(data));
          if (flowing) {
            sender.start();
          }
          c.eventuallyLogged("upload .*/half.* result=failed");
          Chain.eventually("no session", () -> c.sessionsOf("alice").isEmpty());
        }
        assertEquals(c == chain, Files.exists(half));
        if (c == chain) {
          assertArrayEquals(
              Arrays.copyOf(random, 1000), Arrays.copyOf(Files.readAllBytes(half), 1000));
          Files.delete(half);
        }
      }
    }
  }

  private static void trickle(Socket data) {
    try {
      while (true) {
        data.getOutputStream().write(new byte[100]);
        Thread.sleep(100);
      }
    } catch (IOException | InterruptedException e) {
      // As it should be: the server has closed the connection.
    }
  }

  @Test
  void whoAbortsAndHangsUpWantsNoFile() throws IOException {
    Dialogue d = login(atomic, "TYPE I");
    try (Socket data = d.passive()) {
      d.expect(150, "STOR aborted");
      data.getOutputStream().write(random, 0, 1000);
      d.send("ABOR\r\n");
      d.close();
    }
    atomic.eventuallyLogged("upload .*/aborted.* result=failed");
    assertFalse(Files.exists(atomic.user("alice").home().resolve("aborted")));
  }

  /** Some devices store and rename without reading the replies. */
  @Test
  void whatWasSentBehindAnUploadIsDoneBeforeTheEnd() throws IOException {
    Dialogue d = login();
    try (Socket data = d.passive()) {
      d.send("STOR a.tmp\r\nRNFR a.tmp\r\nRNTO a.jpg\r\nQUIT\r\n");
      data.getOutputStream().write(random, 0, 20_000);
    }
    d.close();
    chain.eventuallyLogged("rename .*/a.jpg");
    assertArrayEquals(Arrays.copyOf(random, 20_000), Files.readAllBytes(home.resolve("a.jpg")));
  }

  @Test
  void whoSaysQuitAndSendsNoMoreStillGetsAFile() throws IOException {
    try (Dialogue d = login();
        Socket data = d.passive()) {
      d.expect(150, "RETR big");
      data.getInputStream().readNBytes(10);
      d.send("QUIT\r\n");
      d.socket().shutdownOutput();
      assertEquals((64 << 20) - 10, data.getInputStream().readAllBytes().length);
      d.expect(226);
      d.expect(221);
      assertTrue(d.isClosed());
    }
  }

  @Test
  void aHangUpBehindCommandsSentAheadIsHeard() throws IOException {
    for (boolean whole : new boolean[] {false, true}) {
      try (Dialogue d = login()) {
        long pid = chain.sessionsOf("alice").stream().max(Long::compare).orElseThrow();
        try (Socket data = d.passive()) {
          d.send("RETR big\r\nPWD\r\n");
          d.expect(150);
          data.getInputStream().readNBytes(10);
          if (whole) {
            d.close();
          } else {
            d.socket().shutdownOutput();
            d.expect(426);
            d.expect(257);
            assertTrue(d.isClosed());
          }
          Chain.eventually("the session has ended", () -> !Files.exists(Path.of("/proc/" + pid)));
        }
      }
    }
  }

  @Test
  void aClientThatSendsAllAndThenNoMoreGetsItsFile() throws IOException {
    try (Dialogue d = login();
        ServerSocket l = listener()) {
      d.send(active(l) + "RETR random\r\nQUIT\r\n");
      d.socket().shutdownOutput();
      try (Socket data = l.accept()) {
        assertArrayEquals(random, data.getInputStream().readAllBytes());
      }
      d.expect(200);
      d.expect(150);
      d.expect(226);
      d.expect(221);
    }
  }
}
