/*
 * Transfers over TLS: every way to connect, and every way to end.
 */
package org.twoftpd.test.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.Dialogue;
import org.twoftpd.test.harness.SecureClient;
import org.twoftpd.test.harness.SecureStream;

class TlsTransferIT {
  /** No other test uses this address, so that its port 20 is free. */
  private static final String OWN_ADDRESS =
      "127.21."
          + (ProcessHandle.current().pid() >> 8 & 0xff)
          + "."
          + (ProcessHandle.current().pid() & 0xff | 1);

  private static final byte[] FILE = new byte[3_000_000];

  private static Chain chain;
  private static Path home;

  @BeforeAll
  static void start() throws IOException {
    chain =
        Chain.options()
            .user("alice")
            .with("--tls", "on")
            .with("--address", "127.0.0.1")
            .with("--address", "::1")
            .with("--address", OWN_ADDRESS)
            .set("MAX_PER_IP", "50")
            .start();
    home = chain.user("alice").home();
    new Random(1).nextBytes(FILE);
    Files.write(home.resolve("file"), FILE);
  }

  @AfterAll
  static void stop() throws IOException {
    chain.close();
  }

  @BeforeEach
  void removeUploads() throws IOException {
    try (Stream<Path> all = Files.list(home)) {
      for (Path p : all.filter(p -> !p.endsWith("file")).toList()) {
        Files.delete(p);
      }
    }
  }

  private static Dialogue login(String protocol) throws IOException {
    return image(new SecureClient(protocol).login(chain, "alice"));
  }

  private static Dialogue image(Dialogue d) throws IOException {
    d.expect(200, "TYPE I");
    return d;
  }

  private static Dialogue login(int place, String address) throws IOException {
    Dialogue d = new Dialogue(address, chain.port(place));
    d.expect(220);
    return image(new SecureClient("TLSv1.2").login(chain, d, "alice"));
  }

  private static byte[] fetch(Dialogue d, Socket data, String command) throws IOException {
    d.expect(150, command);
    byte[] all = d.tls().protect(data).readAll();
    d.expect(226);
    return all;
  }

  /** Sends; the server answers the goodbye, for which some clients wait. */
  private static void send(Dialogue d, Socket data, String command, byte[] bytes)
      throws IOException {
    d.expect(150, command);
    SecureStream s = d.tls().protect(data);
    s.out().write(bytes);
    s.finish();
    assertEquals(0, s.readAll().length);
    d.expect(226);
  }

  private static void activeModeWorks(Dialogue d, int port) throws IOException {
    try (ServerSocket client = d.active()) {
      d.send("STOR up\r\n");
      try (Socket data = client.accept()) {
        assertTrue(port == 0 || data.getPort() == port, "port " + data.getPort());
        d.expect(150);
        SecureStream s = d.tls().protect(data);
        s.out().write(FILE);
        s.finish();
        d.expect(226);
      }
    }
    assertArrayEquals(FILE, Files.readAllBytes(home.resolve("up")));
    try (ServerSocket client = d.active()) {
      d.send("RETR up\r\n");
      try (Socket data = client.accept()) {
        d.expect(150);
        assertArrayEquals(FILE, d.tls().protect(data).readAll());
        d.expect(226);
      }
    }
  }

  @Test
  void inActiveModeTheClientBeginsTlsToo() throws Exception {
    try (Dialogue four = login(0, "127.0.0.1");
        Dialogue six = login(1, "::1")) {
      activeModeWorks(four, 0);
      activeModeWorks(six, 0);
    }
  }

  @Test
  void activeConnectionsMayComeFromPort20() throws Exception {
    chain.reload("BIND_PORT=20");
    try (Dialogue d = login(2, OWN_ADDRESS);
        Dialogue six = login(1, "::1")) {
      activeModeWorks(d, 20);
      activeModeWorks(six, 20);
    } finally {
      chain.reload();
    }
  }

  @Test
  void passiveModeWorksWithBothFamilies() throws Exception {
    try (Dialogue six = login(1, "::1");
        Socket up = six.passive()) {
      send(six, up, "STOR six", FILE);
      try (Socket down = six.passive()) {
        assertArrayEquals(FILE, fetch(six, down, "RETR six"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void anEmptyFileIsAHandshakeAndAGoodbye(String protocol) throws Exception {
    try (Dialogue d = login(protocol);
        Socket up = d.passive()) {
      send(d, up, "STOR empty", new byte[0]);
    }
    assertEquals(0, Files.size(home.resolve("empty")));
    Files.createDirectory(home.resolve("hollow"));
    for (String command : List.of("RETR empty", "NLST hollow", "LIST hollow")) {
      try (Dialogue d = login(protocol);
          Socket down = d.passive()) {
        assertEquals(0, fetch(d, down, command).length);
      }
    }
  }

  @Test
  void linesEndAsTheTypeSaysInBothDirections() throws Exception {
    try (Dialogue d = login("TLSv1.2")) {
      d.expect(200, "TYPE A");
      byte[] lines = "one\r\ntwo\r\n".getBytes(StandardCharsets.US_ASCII);
      try (Socket up = d.passive()) {
        send(d, up, "STOR lines", lines);
      }
      assertEquals("one\ntwo\n", Files.readString(home.resolve("lines")));
      try (Socket down = d.passive()) {
        assertArrayEquals(lines, fetch(d, down, "RETR lines"));
      }
    }
  }

  /** The level counts when the transfer begins, not when its port was asked for. */
  @Test
  void theLevelMayBeChosenBetweenThePortAndTheTransfer() throws Exception {
    chain.reload("TLS_DATA=any");
    try (Dialogue d = login("TLSv1.2")) {
      d.expect(200, "PROT C");
      try (Socket data = d.passive()) {
        d.expect(200, "PROT P");
        assertArrayEquals(FILE, fetch(d, data, "RETR file"));
      }
      try (Socket data = d.passive()) {
        d.expect(200, "PROT C");
        d.expect(150, "RETR file");
        assertArrayEquals(FILE, data.getInputStream().readAllBytes());
        d.expect(226);
      }
    } finally {
      chain.reload();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "TLSv1.3,required",
    "TLSv1.2,required",
    "TLSv1.3,accepted",
    "TLSv1.2,accepted",
    "TLSv1.3,off",
    "TLSv1.2,off"
  })
  void whoDoesNotResumeIsServedOrRefusedAsTheSettingSays(String protocol, String reuse)
      throws Exception {
    chain.reload("TLS_REUSE=" + reuse);
    try (Dialogue d = login(protocol)) {
      try (Socket data = d.passive()) {
        d.expect(150, "RETR file");
        SecureStream stranger = new SecureClient(protocol).over(data);
        if (reuse.equals("required")) {
          assertThrows(IOException.class, () -> stranger.shakeHands().readAll());
          assertTrue(d.expect(522).text().contains("TLS_REUSE"));
        } else {
          assertArrayEquals(FILE, stranger.shakeHands().readAll());
          d.expect(226);
        }
      }
      try (Socket data = d.passive()) {
        assertArrayEquals(FILE, fetch(d, data, "RETR file"));
      }
    } finally {
      chain.reload();
    }
  }
}
