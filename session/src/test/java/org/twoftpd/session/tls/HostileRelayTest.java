/*
 * Clients, sessions and strangers who want the gate to keep what they have left behind, or to take one for another.
 */
package org.twoftpd.session.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.twoftpd.shared.config.ClientCertificates;
import org.twoftpd.shared.config.TlsReuse;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.wire.TransferLine;

@Timeout(60)
class HostileRelayTest {
  private static final int SHUT_WR = 1;

  @TempDir static Path directory;
  private static TestKeys keys;

  private final Relay relay = Relay.start(RelayedClient.POOL, (_, _, _) -> {});

  @BeforeAll
  static void install() throws Exception {
    RemoteSignature.install();
    keys = new TestKeys(directory).with(TestKeys.EC, "ftp.test");
  }

  private RelayedClient logIn(String protocol) throws Exception {
    TlsTerms terms = keys.terms(TlsReuse.REQUIRED, protocol);
    return new RelayedClient(relay, terms, keys, new TestClient(protocol, null));
  }

  private static void eventually(BooleanSupplier what) throws InterruptedException {
    for (int i = 0; i < 1000 && !what.getAsBoolean(); i++) {
      Thread.sleep(10);
    }
    assertTrue(what.getAsBoolean());
  }

  /** How many descriptors this process has, the gate's among them. */
  private static long descriptors() {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.count();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * A download over TLS whose handshake is done; the session has the descriptor that is returned.
   */
  private static int beginDownload(RelayedClient c, SSLSocket d, int data) throws Exception {
    int inside = c.hand(data, TransferLine.DOWNLOAD);
    CompletableFuture<Exception> done = TestClient.shakeHands(d);
    c.expect(TransferLine.PROTECTED, 1);
    assertNull(done.get(10, TimeUnit.SECONDS));
    return inside;
  }

  /** Until neither the gate nor the client's kernel takes more. */
  private static void fill(int inside) throws InterruptedException {
    fill(inside, 50);
  }

  private static void fill(int inside, int times) throws InterruptedException {
    byte[] zeros = new byte[65536];
    int refused = 0;
    while (refused < times) {
      int n = Native.write(inside, zeros, 0, zeros.length);
      refused = n == -Errno.EAGAIN ? refused + 1 : 0;
      Thread.sleep(refused > 0 ? 30 : 0);
    }
  }

  /**
   * The session has said that a download is complete, and then gives up, since the client takes
   * nothing: the gate lets go of it too, and hears of the next.
   */
  @Test
  void row58_aClientThatNeverTakesTheEndOfADownloadIsGivenUp() throws Exception {
    try (RelayedClient c = logIn("TLSv1.2")) {
      try (Socket raw = TestClient.socket(c.sockets.port());
          SSLSocket d = c.peer.over(raw)) {
        int data = c.sockets.accept();
        Native.setLinger(data, 0);
        int inside = beginDownload(c, d, data);
        fill(inside);
        c.say(TransferLine.COMPLETE);
        Native.close(inside);
        c.say(TransferLine.ABORT);
        c.sockets.close(data);
        // A client that read before the gate has heard of the end would be given everything.
        assertThrows(IOException.class, () -> writeUntilRefused(raw));
      }
      try (SSLSocket d = c.peer.connect(c.sockets.port())) {
        int data = c.sockets.accept();
        int inside = beginDownload(c, d, data);
        Native.close(inside);
        c.sockets.close(data);
      }
    }
  }

  /** The gate reads nothing while it sends, and its end is a reset. */
  private static void writeUntilRefused(Socket raw) throws Exception {
    while (true) {
      raw.getOutputStream().write(0);
      Thread.sleep(20);
    }
  }

  /** The same, where the session has gone. */
  @Test
  void row58_nothingIsKeptForASessionThatHasGone() throws Exception {
    long before;
    try (RelayedClient first = logIn("TLSv1.3")) {
      before = descriptors();
    }
    List<Socket> clients = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      try (RelayedClient c = logIn("TLSv1.3")) {
        Socket raw = TestClient.socket(c.sockets.port());
        clients.add(raw);
        int data = c.sockets.accept();
        int inside = beginDownload(c, c.peer.over(raw), data);
        fill(inside);
        c.say(TransferLine.COMPLETE);
        Native.close(inside);
        c.sockets.close(data);
      }
    }
    // What is left are the clients' own.
    eventually(() -> descriptors() <= before + clients.size());
    for (Socket s : clients) {
      s.close();
    }
  }

  /** A session can hand over what never ends, and leave it behind. */
  @Test
  void row58_whatARogueSessionHandsOverEndsWithIt() throws Exception {
    int[] endless = new int[2];
    int[] other = new int[2];
    try (RelayedClient c = logIn("TLSv1.3")) {
      assertEquals(0, Native.dataPair(endless));
      assertEquals(0, Native.dataPair(other));
      try (SSLSocket d = c.peer.connect(c.sockets.port())) {
        int data = c.sockets.accept();
        c.hand(data, endless[1], TransferLine.DOWNLOAD);
        Native.close(endless[1]);
        CompletableFuture<Exception> done = TestClient.shakeHands(d);
        c.expect(TransferLine.PROTECTED, 1);
        assertNull(done.get(10, TimeUnit.SECONDS));
        c.sockets.close(data);
        c.endSession();
        // The gate has the other end no more.
        eventually(() -> Native.write(endless[0], new byte[1], 0, 1) == -Errno.EPIPE);
      }
    } finally {
      Native.close(endless[0]);
      Native.close(other[0]);
      Native.close(other[1]);
    }
  }

  /** A client that never closes its data connections has the gate keep one of them at most. */
  @Test
  void row58_dataConnectionsThatNobodyClosesDoNotHeapUp() throws Exception {
    // The JDK's client resumes a session more than once in TLS 1.2 only.
    try (RelayedClient c = logIn("TLSv1.2")) {
      List<Socket> open = new ArrayList<>();
      long before = descriptors();
      for (int i = 0; i < 20; i++) {
        Socket raw = TestClient.socket(c.sockets.port());
        open.add(raw);
        int data = c.sockets.accept();
        int inside = beginDownload(c, c.peer.over(raw), data);
        c.say(TransferLine.COMPLETE);
        Native.close(inside);
        c.expect(TransferLine.WRITTEN, 0);
        c.sockets.close(data);
      }
      // The clients' own are 20; what the gate closes it closes a moment behind what it says.
      long end = System.nanoTime() + 1_000_000_000L;
      long most = before + open.size() + 2;
      while (descriptors() > most && System.nanoTime() - end < 0) {
        Thread.sleep(5);
      }
      long now = descriptors();
      assertTrue(now <= most, () -> now + " descriptors, and " + before + " before");
      for (Socket s : open) {
        s.close();
      }
    }
  }

  /**
   * The line of a session that has ended is closed before its client has gone, and its number goes
   * to whoever comes next: the end of the one is none of the other.
   */
  @Test
  void row58_theEndOfOneClientTakesNoOtherAlong() throws Exception {
    RelayedClient going = logIn("TLSv1.3");
    int number = going.line[0];
    Native.close(going.line[1]);
    going.line[1] = -1;
    // The gate closes its end a moment later. Something else holds the number, until a line has it.
    eventually(() -> Native.shutdown(number, SHUT_WR) == -Errno.EBADF);
    int[] holder = new int[2];
    assertEquals(0, Native.dataPair(holder));
    Runnable freeing =
        () -> {
          Native.close(holder[0]);
          Native.close(holder[1]);
        };
    TlsTerms terms = keys.terms(TlsReuse.REQUIRED, "TLSv1.3");
    TestClient peer = new TestClient("TLSv1.3", null);
    try (RelayedClient staying = new RelayedClient(relay, terms, keys, peer, freeing)) {
      assertEquals(number, staying.line[0]);
      going.plain.close();
      eventually(() -> Native.write(going.pair[1], new byte[1], 0, 1) == -Errno.EPIPE);
      staying.speak();
      try (SSLSocket d = staying.peer.connect(staying.sockets.port())) {
        int data = staying.sockets.accept();
        int inside = beginDownload(staying, d, data);
        Native.close(inside);
        staying.sockets.close(data);
      }
    }
    Native.close(going.pair[1]);
    going.sockets.close();
  }

  /**
   * Where data connections may begin sessions, somebody without the client's certificate is
   * refused, and what he has learnt by that is of no use either.
   */
  @Test
  void row58_whoWasRefusedForHisCertificateDoesNotResumeThat() throws Exception {
    TestKeys mine = new TestKeys(directory.resolve("mine")).with(TestKeys.EC, "camera");
    TestKeys asking =
        new TestKeys(directory.resolve("asking"))
            .with(TestKeys.EC, "ftp.test")
            .asking(ClientCertificates.WANTED, mine.certificate(0));
    TlsTerms terms = asking.terms(TlsReuse.ACCEPTED, "TLSv1.2");
    TestClient stranger = new TestClient("TLSv1.2", null);
    try (RelayedClient c =
        new RelayedClient(relay, terms, asking, new TestClient("TLSv1.2", mine))) {
      for (int i = 0; i < 2; i++) {
        try (SSLSocket d = stranger.connect(c.sockets.port())) {
          int data = c.sockets.accept();
          int inside = c.hand(data, TransferLine.DOWNLOAD);
          var _ = TestClient.shakeHands(d);
          c.expect(TransferLine.REFUSED, TransferLine.OTHER_CLIENT);
          Native.close(inside);
          c.sockets.close(data);
        }
      }
      try (SSLSocket d = c.peer.connect(c.sockets.port())) {
        int data = c.sockets.accept();
        Native.close(beginDownload(c, d, data));
        c.sockets.close(data);
      }
    }
  }

  /** What nobody has a use for yet must not have the relay look at it again and again. */
  @Test
  void row58_whoTalksAndReadsNothingCostsTheRelayNothing() throws Exception {
    try (RelayedClient c = logIn("TLSv1.3")) {
      byte[] word = new byte[1000];
      for (int i = 0; i < 15; i++) {
        // What the kernel has room for grows each time, up to a limit.
        fill(c.pair[1], 8);
        c.control.getOutputStream().write(word);
        assertEquals(word.length, RelayedClient.read(c.pair[1], word.length).length);
      }
      fill(c.pair[1]);
      // Now the session reads nothing either.
      CompletableFuture<Void> talking =
          CompletableFuture.runAsync(() -> {
            try {
              c.control.getOutputStream().write(new byte[30_000_000]);
            } catch (IOException e) {
              // The test is over.
            }
          });
      Thread.sleep(1000);
      long before = relayTicks();
      Thread.sleep(1000);
      long spent = relayTicks() - before;
      assertTrue(spent < 25, () -> spent + " hundredths of a second");
      c.plain.close();
      talking.get(10, TimeUnit.SECONDS);
    }
  }

  /** What the threads of relays have had of the processor, in hundredths of a second. */
  private static long relayTicks() throws IOException {
    long all = 0;
    try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
      for (Path t : threads.toList()) {
        if (Files.readString(t.resolve("comm")).strip().equals("relay")) {
          // Behind the name: the state is field 3, times in user and kernel mode are 14 and 15.
          String stat = Files.readString(t.resolve("stat"));
          String[] fields = stat.substring(stat.indexOf(')') + 2).split(" ", -1);
          all += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        }
      }
    }
    return all;
  }
}
