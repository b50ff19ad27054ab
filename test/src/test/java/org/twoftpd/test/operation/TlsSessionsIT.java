/*
 * Sessions over TLS when the processes between which they live end.
 */
package org.twoftpd.test.operation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.twoftpd.monitor.tls.OwnCertificate;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.Dialogue;
import org.twoftpd.test.harness.SecureClient;
import org.twoftpd.test.harness.SecureStream;

class TlsSessionsIT {
  /** More than all buffers between client and session hold. */
  private static final byte[] FILE = new byte[16_000_000];

  private static final byte[] SMALL = new byte[100_000];

  private static final int PER_USER = 3;

  private Chain chain;

  @BeforeEach
  void start() throws Exception {
    chain =
        Chain.options()
            .user("alice")
            .with("--tls", "on")
            .set("MAX_PER_USER", "" + PER_USER)
            .start();
    new Random(1).nextBytes(FILE);
    Files.write(chain.user("alice").home().resolve("file"), FILE);
    Files.write(chain.user("alice").home().resolve("small"), SMALL);
  }

  @AfterEach
  void stop() throws IOException {
    chain.close();
  }

  private Dialogue secure() throws IOException {
    Dialogue d = new SecureClient("TLSv1.2").login(chain, "alice");
    d.expect(200, "TYPE I");
    return d;
  }

  /** A transfer that has begun, and of which most bytes are still to come. */
  private final class Begun implements AutoCloseable {
    final Dialogue d = secure();
    final Socket data;
    final SecureStream stream;
    private final boolean up;
    private byte[] head = new byte[0];

    Begun(boolean up) throws IOException {
      this.up = up;
      data = d.passive();
      d.expect(150, up ? "STOR up" : "RETR file");
      stream = d.tls().protect(data);
      if (up) {
        stream.out().write(FILE, 0, 1000);
      } else {
        head = stream.in().readNBytes(1000);
      }
    }

    /** It ends well, and the next one too. */
    void finish() throws IOException {
      if (up) {
        stream.out().write(FILE, 1000, FILE.length - 1000);
        stream.finish();
        d.expect(226);
        assertArrayEquals(FILE, Files.readAllBytes(chain.user("alice").home().resolve("up")));
      } else {
        assertEquals(1000, head.length);
        assertEquals(FILE.length - 1000, stream.readAll().length);
        d.expect(226);
      }
      fetch(d);
    }

    @Override
    public void close() throws IOException {
      data.close();
      d.close();
    }
  }

  private static void fetch(Dialogue d) throws IOException {
    try (Socket data = d.passive()) {
      d.expect(150, "RETR small");
      assertArrayEquals(SMALL, d.tls().protect(data).readAll());
      d.expect(226);
    }
  }

  private long gate() {
    return chain.children("gate").getFirst();
  }

  private static boolean isGone(long pid) {
    return ProcessHandle.of(pid).isEmpty();
  }

  private static String state(long pid) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
      return lines.filter(l -> l.startsWith("State:")).findFirst().orElse("");
    }
  }

  @Test
  void aSessionOutlivesTheMonitor() throws Exception {
    try (Dialogue d = secure();
        Dialogue notIn = chain.connect();
        Dialogue notInEither = new SecureClient("TLSv1.3").secure(chain.connect())) {
      long gate = gate();
      long session = chain.sessionsOf("alice").getFirst();
      chain.killMonitorAlone();
      notIn.expect(421);
      notInEither.expect(421);
      assertEquals(-1, notInEither.stream().in().read());
      assertTrue(notInEither.stream().isEndedCleanly());
      d.expect(257, "PWD");
      fetch(d);
      d.expect(221, "QUIT");
      assertEquals(-1, d.stream().in().read());
      assertTrue(d.stream().isEndedCleanly());
      Chain.eventually("the gate ends with its last session", () -> isGone(gate));
      Chain.eventually("the session ends", () -> isGone(session));
    }
  }

  @Test
  void transfersThatRunEndWellWithoutTheMonitor() throws Exception {
    try (Begun down = new Begun(false);
        Begun up = new Begun(true)) {
      chain.killMonitorAlone();
      // Only its parent, which is stopped, could take it away.
      Chain.eventuallyTold("the monitor ends", () -> state(chain.monitor()).contains("Z"));
      down.finish();
      up.finish();
    }
  }

  /** Not even those whose certificate and settings are others from then on. */
  @Test
  void aReloadCutsNobody() throws Exception {
    Path other = chain.directory().resolve("other.pem");
    OwnCertificate.make(other, List.of("other"), Instant.now());
    try (Dialogue idle = secure();
        Begun down = new Begun(false);
        Begun up = new Begun(true)) {
      for (String[] changed :
          new String[][] {{"TLS_CERT=" + other}, {"TLS_PROTOCOLS=TLSv1.3"}, {"TLS=off"}, {}}) {
        assertTrue(chain.reload(changed).endsWith("reload result=done"));
        // With the certificate exchanged between control and data connection.
        fetch(idle);
      }
      down.finish();
      up.finish();
      idle.expect(200, "NOOP");
    }
  }

  // ---- the gate dies ----

  private long openFiles() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/" + chain.monitor() + "/fd"))) {
      return all.count();
    }
  }

  private void logsInAsOftenAsAllowed() throws IOException {
    List<Dialogue> all = new ArrayList<>();
    try {
      for (int i = 0; i < PER_USER; i++) {
        all.add(secure());
      }
      try (Dialogue tooMany = new SecureClient("TLSv1.2").secure(chain.connect())) {
        tooMany.expect(331, "USER alice");
        tooMany.expect(421, "PASS " + chain.user("alice").password());
      }
    } finally {
      for (Dialogue d : all) {
        d.expect(221, "QUIT");
        d.close();
      }
    }
    Chain.eventually("all are out", () -> chain.sessionsOf("alice").isEmpty());
  }

  @Test
  void aGateThatDiesTakesItsSessionsAlongAndNothingOfThemStays() throws Exception {
    logsInAsOftenAsAllowed();
    long before = openFiles();
    try (Dialogue plain = chain.login("alice");
        Socket data = plain.passive()) {
      plain.expect(200, "TYPE I");
      plain.expect(150, "RETR file");
      assertEquals(1000, data.getInputStream().readNBytes(1000).length);
      try (Dialogue idle = secure();
          Begun up = new Begun(true)) {
        assertEquals(PER_USER, chain.sessionsOf("alice").size());
        long gate = gate();
        Chain.signal("KILL", gate);
        assertThrows(IOException.class, () -> idle.expect(200, "NOOP"));
        assertThrows(IOException.class, () -> up.d.expect(226));
        Chain.eventually("sessions over TLS end", () -> chain.sessionsOf("alice").size() == 1);
        Chain.eventually("the gate is gone", () -> isGone(gate));
      }
      assertEquals(FILE.length - 1000, data.getInputStream().readAllBytes().length);
      plain.expect(226);
      plain.expect(221, "QUIT");
    }
    Chain.eventually("all are out", () -> chain.sessionsOf("alice").isEmpty());
    Chain.eventually("a new gate", () -> !chain.children("gate").isEmpty());
    logsInAsOftenAsAllowed();
    Chain.eventuallyTold("the monitor holds no more than before", () -> openFiles() <= before);
  }

  @Test
  void theLogTellsOfTls() throws Exception {
    try (Dialogue d = new SecureClient("TLSv1.3").login(chain, "alice")) {
      d.expect(200, "NOOP");
    }
    chain.eventuallyLogged("login user=alice .*tls=TLSv1.3");
  }
}
