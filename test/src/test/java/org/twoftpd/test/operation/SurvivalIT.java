package org.twoftpd.test.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.Dialogue;
import org.twoftpd.test.harness.Spares;

/** A process that is killed at any moment harms nobody else, and a burst of clients is served. */
class SurvivalIT {
  private static final int BIG = 64 << 20;
  private Chain chain;

  @BeforeEach
  void start() throws IOException {
    chain =
        Chain.options()
            .user("alice")
            .user("bob")
            .set("MAX_PER_IP", "300")
            .set("MAX_PER_USER", "300")
            .set("MAX_CLIENTS", "300")
            .start();
    Path big = chain.user("alice").home().resolve("big");
    Files.write(big, new byte[BIG]);
  }

  @AfterEach
  void stop() throws IOException {
    chain.close();
  }

  /** A download that has begun, and of which most bytes are still to come. */
  private final class Download implements AutoCloseable {
    final Dialogue d = chain.login("alice");
    final Socket data;
    final InputStream in;

    Download() throws IOException {
      d.expect(200, "TYPE I");
      data = d.passive();
      d.expect(150, "RETR big");
      in = data.getInputStream();
      in.readNBytes(1000);
    }

    void finish() throws IOException {
      long n = 1000;
      byte[] b = new byte[1 << 16];
      for (int r = in.read(b); r > 0; r = in.read(b)) {
        n += r;
      }
      assertEquals(BIG, n);
      d.expect(226);
      d.expect(257, "PWD");
    }

    @Override
    public void close() throws IOException {
      data.close();
      d.close();
    }
  }

  private void assertServes() throws IOException {
    try (Dialogue d = chain.login("bob")) {
      d.expect(257, "PWD");
      d.expect(221, "QUIT");
    }
  }

  @Test
  void aKilledSessionHurtsNobodyElse() throws IOException {
    try (Download a = new Download();
        Dialogue b = chain.login("bob")) {
      Chain.signal("KILL", chain.sessionsOf("bob").getFirst());
      assertTrue(b.isClosed());
      a.finish();
    }
    chain.eventuallyLogged("session-died user=bob .*status=\"signal 9\"");
    assertServes();
  }

  @Test
  void aKilledGateHurtsNobodyElse() throws IOException {
    try (Download a = new Download();
        Dialogue stranger = chain.connect()) {
      long gate = chain.children("gate").getFirst();
      Chain.signal("KILL", gate);
      stranger.expect(421);
      assertTrue(stranger.isClosed());
      // Clients who come meanwhile wait in the kernel's queue, and the next gate greets them.
      assertServes();
      a.finish();
      assertTrue(chain.children("gate").getFirst() != gate);
    }
    chain.eventuallyLogged("gate-died reason=\"ended with .*signal 9.*\"");
  }

  @Test
  void killedSparesAreReplaced() throws IOException {
    for (int round = 0; round < 3; round++) {
      Chain.eventually("two spares", () -> chain.children("session").size() >= 2);
      Spares.killAll(chain);
      assertServes();
    }
  }

  @Test
  void aSpareThatIsKilledAtTheMomentItIsAssignedCostsOneLogin() throws IOException {
    // A login waits for a spare that is not ready yet, and takes none that is stopped before it is.
    Chain.eventually(
        "two spares that are ready",
        () ->
            chain.children("session").size() == 2
                && chain.children("session").stream().allMatch(Spares::isReady));
    for (long spare : chain.children("session")) {
      Chain.signal("STOP", spare);
    }
    try (Dialogue d = chain.connect()) {
      d.expect(331, "USER bob");
      d.send("PASS pw-bob\r\n");
      // The monitor starts another spare when it has taken one for the login.
      Chain.eventually("a spare is taken", () -> chain.children("session").size() > 2);
      Spares.killAll(chain);
      assertTrue(d.isClosed());
    }
    assertServes();
  }

  @Test
  void withTheMonitorDeadRunningTransfersEndWell() throws IOException {
    try (Download a = new Download();
        Dialogue b = chain.login("bob")) {
      chain.killMonitorAlone();
      a.finish();
      b.store("STOR after", new byte[1000]);
      b.expect(213, "SIZE after");
      b.expect(221, "QUIT");
      a.d.expect(221, "QUIT");
    }
  }

  @Test
  void row35_aStoppedGateIsReplaced() throws IOException {
    long gate = chain.children("gate").getFirst();
    Chain.signal("STOP", gate);
    List<Socket> crowd = new ArrayList<>();
    try {
      // These are more than its socket holds. That it reads nothing is no reason yet to kill it.
      for (int i = 0; i < 290; i++) {
        Socket s = new Socket();
        s.connect(new java.net.InetSocketAddress("127.0.0.1", chain.port()), 5000);
        crowd.add(s);
      }
      Chain.eventually(
          "another gate", () -> chain.children("gate").stream().anyMatch(g -> g != gate));
    } finally {
      for (Socket s : crowd) {
        s.close();
      }
    }
    chain.eventuallyLogged("gate-died reason=\"killed: it has given no sign of life for .*");
    assertServes();
  }

  @Test
  void aGateThatReadsLateLosesNobody() throws Exception {
    long gate = chain.children("gate").getFirst();
    Chain.signal("STOP", gate);
    List<Dialogue> crowd = new ArrayList<>();
    for (int i = 0; i < 290; i++) {
      crowd.add(new Dialogue("127.0.0.1", chain.port()));
    }
    TimeUnit.SECONDS.sleep(2);
    Chain.signal("CONT", gate);
    for (Dialogue d : crowd) {
      d.expect(220);
      d.close();
    }
    assertEquals(gate, chain.children("gate").getFirst());
  }

  @Test
  void aBurstOf200IsServed() throws Exception {
    int count = 200;
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger served = new AtomicInteger();
    List<String> failures = java.util.Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                try {
                  go.await();
                  Dialogue d = new Dialogue("127.0.0.1", chain.port());
                  d.socket().setSoTimeout(120_000);
                  try (d) {
                    d.expect(220);
                    d.expect(331, "USER bob");
                    d.expect(230, "PASS pw-bob");
                    d.expect(257, "PWD");
                    served.incrementAndGet();
                    d.expect(221, "QUIT");
                  }
                } catch (IOException | InterruptedException | AssertionError e) {
                  failures.add(e.toString());
                }
              }));
    }
    go.countDown();
    for (Thread t : threads) {
      assertTrue(t.join(java.time.Duration.ofSeconds(150)));
    }
    assertEquals(List.of(), failures);
    assertEquals(count, served.get());
    TimeUnit.MILLISECONDS.sleep(1);
  }
}
