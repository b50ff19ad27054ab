package org.twoftpd.test.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.Dialogue;

/** Transfers in both directions over every kind of data connection. */
class TransferIT {
  private static Chain chain;
  private static Path home;
  private static byte[] random;

  @BeforeAll
  static void start() throws IOException {
    chain =
        Chain.options()
            .user("alice")
            .with("--address", "127.0.0.1")
            .with("--address", "::1")
            .set("TIMEOUT", "6")
            .set("CONNECT_TIMEOUT", "3")
            .set("MAX_PER_IP", "50")
            .set("MAX_PER_USER", "50")
            .start();
    home = chain.user("alice").home();
    random = new byte[3_000_001];
    new Random(1).nextBytes(random);
    Files.write(home.resolve("random"), random);
    Files.write(home.resolve("big"), new byte[64 << 20]);
  }

  @AfterAll
  static void stop() throws IOException {
    chain.close();
  }

  private static Dialogue loginOver(String host, int place) throws IOException {
    Dialogue d = new Dialogue(host, chain.port(place));
    d.expect(220);
    d.expect(331, "USER alice");
    d.expect(230, "PASS pw-alice");
    d.expect(200, "TYPE I");
    return d;
  }

  private static Dialogue login() throws IOException {
    return loginOver("127.0.0.1", 0);
  }

  @Test
  void binaryIsExactInBothDirectionsPassiveAndActiveIpv4AndIpv6() throws IOException {
    String[] hosts = {"127.0.0.1", "::1"};
    for (int i = 0; i < hosts.length; i++) {
      try (Dialogue d = loginOver(hosts[i], i)) {
        d.store("STOR copy", random);
        assertArrayEquals(random, Files.readAllBytes(home.resolve("copy")));
        assertArrayEquals(random, d.fetch("RETR copy"));
        try (ServerSocket l = d.active()) {
          d.send("RETR random\r\n");
          try (Socket data = l.accept()) {
            assertArrayEquals(random, data.getInputStream().readAllBytes());
          }
          d.expect(150);
          d.expect(226);
        }
        try (ServerSocket l = d.active()) {
          d.send("STOR copy2\r\n");
          try (Socket data = l.accept()) {
            data.getOutputStream().write(random);
          }
          d.expect(150);
          d.expect(226);
        }
        assertArrayEquals(random, Files.readAllBytes(home.resolve("copy2")));
        d.expect(250, "DELE copy");
        d.expect(250, "DELE copy2");
      }
    }
  }

  /** Large uploads go through a pipe, and splice(2) refuses a file that is opened for appending. */
  @Test
  void largeUploadsAreExactHoweverTheFileIsOpened() throws IOException {
    byte[] large = new byte[3_000_001];
    new Random(1).nextBytes(large);
    try (Dialogue d = login()) {
      for (String verb : new String[] {"STOR large", "REST", "APPE large", "APPE fresh"}) {
        if (verb.equals("REST")) {
          d.expect(350, "REST 1000");
          d.store("STOR large", Arrays.copyOfRange(large, 1000, large.length));
        } else {
          d.store(verb, large);
        }
      }
      byte[] whole = Files.readAllBytes(home.resolve("large"));
      assertEquals(2 * large.length, whole.length);
      assertArrayEquals(large, Arrays.copyOf(whole, large.length));
      assertArrayEquals(large, Arrays.copyOfRange(whole, large.length, whole.length));
      assertArrayEquals(large, Files.readAllBytes(home.resolve("fresh")));
      d.expect(250, "DELE large");
      d.expect(250, "DELE fresh");
    }
  }

  @Test
  void pasvTellsTheAddressThatTheClientConnectedTo() throws IOException {
    try (Dialogue d = login()) {
      String text = d.expect(227, "PASV").text();
      assertTrue(text.matches(".*\\(127,0,0,1,\\d+,\\d+\\).*"), text);
    }
    try (Dialogue d = loginOver("::1", 1)) {
      d.expect(425, "PASV");
      d.expect(522, "EPSV 1");
      d.expect(229, "EPSV 2");
    }
  }

  @Test
  void asciiTranslatesLineEnds() throws IOException {
    try (Dialogue d = login()) {
      d.expect(200, "TYPE A");
      d.store("STOR text", "a\r\nb\rc\nd\r".getBytes(StandardCharsets.US_ASCII));
      assertEquals("a\nb\rc\nd\r", Files.readString(home.resolve("text")));
      assertEquals("a\r\nb\rc\r\nd\r", d.fetchText("RETR text"));
      d.expect(213, "SIZE text");
      d.expect(250, "DELE text");
    }
  }

  @Test
  void row23_restartGoesOnWhereItSays() throws IOException {
    try (Dialogue d = login()) {
      d.store("STOR r", "0123456789".getBytes(StandardCharsets.US_ASCII));
      d.expect(350, "REST 7");
      assertEquals("789", d.fetchText("RETR r"));
      assertEquals("0123456789", d.fetchText("RETR r"));
      d.expect(350, "REST 3");
      d.store("STOR r", "ab".getBytes(StandardCharsets.US_ASCII));
      assertEquals("012ab56789", Files.readString(home.resolve("r")));
      d.expect(350, "REST 10");
      assertEquals("", d.fetchText("RETR r"));
      for (String verb : new String[] {"RETR", "STOR"}) {
        d.expect(350, "REST 11");
        d.passive().close();
        d.expect(554, verb + " r");
      }
      d.expect(501, "REST -1");
      d.expect(501, "REST 18446744073709551616");
      d.expect(501, "REST x");
      d.store("APPE r", "!".getBytes(StandardCharsets.US_ASCII));
      d.store("APPE new", "!".getBytes(StandardCharsets.US_ASCII));
      assertEquals("012ab56789!", Files.readString(home.resolve("r")));
      d.expect(250, "DELE r");
      d.expect(250, "DELE new");
    }
  }

  @Test
  void row23_aTransferThatIsRefusedUsesUpRestartToo() throws IOException {
    byte[] whole = Arrays.copyOf(random, 200);
    try (Dialogue d = login()) {
      d.store("STOR whole", new byte[200]);
      String[] refused = {
        "LIST nosuch", "NLST nosuch", "MLSD whole", "RETR nosuch", "STOR no/such"
      };
      for (String line : refused) {
        d.expect(350, "REST 100");
        try (Socket data = d.passive()) {
          int code = d.command(line).code();
          assertTrue(code == 550 || code == 501, line);
        }
        d.store("STOR whole", whole);
        assertArrayEquals(whole, Files.readAllBytes(home.resolve("whole")), line);
      }
      d.expect(250, "DELE whole");
    }
  }

  @Test
  void withoutADataConnectionThereIs425() throws IOException {
    try (Dialogue d = login()) {
      d.expect(425, "RETR random");
      d.expect(425, "LIST");
      d.expect(229, "EPSV");
      // Nobody connects before CONNECT_TIMEOUT.
      d.expect(425, "RETR random");
      d.expect(425, "RETR random");
    }
  }

  @Test
  void row34_aStalledReaderEndsByTheTimeoutAndTheSessionGoesOn() throws IOException {
    try (Dialogue d = login();
        Socket data = d.passive()) {
      d.expect(150, "RETR big");
      data.getInputStream().readNBytes(10);
      d.expect(426);
      d.expect(257, "PWD");
    }
  }

  @Test
  void theControlConnectionDoesNotTimeOutDuringATransfer() throws Exception {
    try (Dialogue d = login();
        Socket data = d.passive()) {
      d.expect(150, "STOR slow");
      for (int i = 0; i < 5; i++) {
        data.getOutputStream().write(i);
        Thread.sleep(2000);
      }
      data.close();
      d.expect(226);
      d.expect(250, "DELE slow");
    }
  }

  @Test
  void anIdleSessionIsSentAway() throws IOException {
    try (Dialogue d = login()) {
      d.expect(421);
      assertTrue(d.isClosed());
    }
  }

  @Test
  void row01_row02_portIsForTheClientsOwnAddressAndHighPortsOnly() throws IOException {
    try (Dialogue d = login()) {
      for (String p :
          new String[] {
            "PORT 127,0,0,2,40,40",
            "PORT 127,0,0,1,0,25",
            "PORT 127,0,0,1,3,255",
            "PORT 1,2,3",
            "PORT 127,0,0,1,256,1",
            "PORT 127,0,0,1,-1,1",
            "PORT 127,0,0,1,4,1,1",
            "PORT x",
            "EPRT |1|127.0.0.2|10280|",
            "EPRT |1|127.0.0.1|1023|",
            "EPRT |1|127.0.0.1|65536|",
            "EPRT |1|localhost|10280|",
            "EPRT |2|127.0.0.1|10280|",
            "EPRT |1|127.0.0.1|10280",
            "EPRT x",
            "EPRT |2|::1|10280|",
            "EPRT |1|127.0.0.01|10280|",
            "EPRT |1|127.0.0.1|1028 0|",
          }) {
        d.expect(501, p);
      }
      d.expect(522, "EPRT |3|127.0.0.1|10280|");
      d.expect(200, "PORT 127,0,0,1,200,200");
      d.expect(501, "PORT 127,0,0,2,200,200");
      // PORT before it is forgotten.
      d.expect(425, "RETR random");
    }
  }

  @Test
  void row03_somebodyElseGetsNothingFromThePassivePort() throws IOException {
    try (Dialogue d = login()) {
      String[] n = d.expect(227, "PASV").text().replaceAll(".*\\((.*)\\).*", "$1").split(",", -1);
      InetSocketAddress there =
          new InetSocketAddress("127.0.0.1", Integer.parseInt(n[4]) << 8 | Integer.parseInt(n[5]));
      try (Socket thief = new Socket();
          Socket data = new Socket()) {
        thief.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.2"), 0));
        thief.connect(there, 5000);
        d.send("RETR random\r\n");
        thief.setSoTimeout(10_000);
        assertTrue(closedWithoutAByte(thief));
        data.connect(there, 5000);
        assertArrayEquals(random, data.getInputStream().readAllBytes());
        d.expect(150);
        d.expect(226);
      }
    }
    chain.eventuallyLogged("foreign-data-connection user=alice .*from=127\\.0\\.0\\.2:\\d+");
  }

  private static boolean closedWithoutAByte(Socket s) throws IOException {
    try {
      return s.getInputStream().read() < 0;
    } catch (java.net.SocketException e) {
      return true;
    }
  }

  @Test
  void row04_row05_aSecondPasvReplacesTheFirst() throws IOException {
    try (Dialogue d = login()) {
      int last = 0;
      for (int i = 0; i < 300; i++) {
        String port = d.expect(229, "EPSV").text().replaceAll(".*\\|(\\d+)\\|.*", "$1");
        int now = Integer.parseInt(port);
        if (last != 0 && last != now) {
          InetSocketAddress old = new InetSocketAddress("127.0.0.1", last);
          try (Socket s = new Socket()) {
            assertThrows(java.net.ConnectException.class, () -> s.connect(old, 2000));
          }
        }
        last = now;
      }
      long sockets;
      try (var fds = Files.list(Path.of("/proc/" + chain.sessionsOf("alice").getFirst() + "/fd"))) {
        sockets = fds.count();
      }
      assertTrue(sockets < 8, "descriptors: " + sockets);
    }
  }

  @Test
  void row12_specialFilesAreRefusedWithoutBlocking() throws Exception {
    Path fifo = home.resolve("fifo");
    assertEquals(0, new ProcessBuilder("mkfifo", "-m", "666", fifo.toString()).start().waitFor());
    try (Dialogue d = login()) {
      for (String verb : new String[] {"RETR", "STOR", "APPE"}) {
        d.passive().close();
        d.expect(550, verb + " fifo");
      }
      d.expect(550, "SIZE fifo");
      for (String command : new String[] {"RETR .", "RETR nothing", "STOR nothing/x"}) {
        d.passive().close();
        d.expect(550, command);
      }
      d.expect(250, "DELE fifo");
    }
  }

  /** Row 42. */
  @Test
  void row42_aFullDiskIs452AndNever226() throws Exception {
    Path small = home.resolve("small");
    Files.createDirectory(small);
    assertEquals(
        0,
        new ProcessBuilder(
                "mount", "-t", "tmpfs", "-o", "size=64k,mode=777", "tmpfs", small.toString())
            .start()
            .waitFor());
    try (Dialogue d = login();
        Socket data = d.passive()) {
      d.expect(150, "STOR small/x");
      try {
        data.getOutputStream().write(random);
      } catch (IOException e) {
        // The server has stopped reading.
      }
      d.expect(452);
      d.expect(257, "PWD");
    } finally {
      assertEquals(0, new ProcessBuilder("umount", "-l", small.toString()).start().waitFor());
      Files.delete(small);
    }
  }

  @Test
  void aBrokenDataConnectionIs426AndTheSessionGoesOn() throws IOException {
    try (Dialogue d = login()) {
      try (Socket data = d.passive()) {
        d.expect(150, "RETR big");
        data.getInputStream().readNBytes(10);
        data.setSoLinger(true, 0);
      }
      d.expect(426);
      try (Socket data = d.passive()) {
        d.expect(150, "STOR broken");
        data.getOutputStream().write(1);
        data.setSoLinger(true, 0);
      }
      d.expect(426);
      d.expect(250, "DELE broken");
    }
  }

  @Test
  void whatATransferLeavesUnreadIsNotReadAsCommands() throws IOException {
    try (Dialogue d = login()) {
      assertThrows(
          SocketTimeoutException.class,
          () -> {
            d.socket().setSoTimeout(300);
            d.reply();
          });
      d.socket().setSoTimeout(10_000);
      assertFalse(d.fetchText("NLST").isEmpty());
    }
  }
}
