package org.twoftpd.test.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.Dialogue;
import org.twoftpd.test.harness.ShowsSettings;

/** The four timeouts, each with its reply. */
class TimeoutIT {
  private static final long SECOND = 1_000_000_000L;
  private static Chain chain;

  @BeforeAll
  static void start() throws IOException {
    chain = Chain.options().user("alice").set("MAX_PER_IP", "50").start();
  }

  @AfterAll
  static void stop() throws IOException {
    chain.close();
  }

  private static void expectWithin(Dialogue d, int code, long from, int least, int most)
      throws IOException {
    d.expect(code);
    double seconds = (System.nanoTime() - from) / (double) SECOND;
    assertTrue(seconds > least - 0.3 && seconds < most, () -> "after " + seconds + " s");
  }

  @Test
  @ShowsSettings("TIMEOUT")
  void nothingSaidFor421AndNothingMovedFor426() throws Exception {
    chain.reload("TIMEOUT=2", "CONNECT_TIMEOUT=30");
    try (RandomAccessFile f =
        new RandomAccessFile(chain.user("alice").home().resolve("big").toFile(), "rw")) {
      f.setLength(64 << 20);
    }
    long begun = System.nanoTime();
    try (Dialogue stranger = chain.connect();
        Dialogue idle = chain.login("alice");
        Dialogue sends = chain.login("alice");
        Dialogue takes = chain.login("alice")) {
      sends.expect(200, "TYPE I");
      takes.expect(200, "TYPE I");
      try (Socket in = sends.passive();
          Socket out = takes.passive()) {
        long now = System.nanoTime();
        sends.expect(150, "STOR stalled");
        takes.expect(150, "RETR big");
        in.getOutputStream().write(new byte[10]);
        expectWithin(stranger, 421, now, 0, 12);
        expectWithin(idle, 421, begun, 2, 20);
        expectWithin(sends, 426, now, 2, 12);
        expectWithin(takes, 426, now, 2, 12);
        assertTrue(stranger.isClosed());
        assertTrue(idle.isClosed());
      }
      sends.expect(200, "NOOP");
      takes.expect(200, "NOOP");
    }
    chain.eventuallyLogged("disconnect address=127.0.0.1 reason=idle");
    chain.eventuallyLogged("end user=alice address=127.0.0.1 reason=idle");
  }

  @Test
  @ShowsSettings("CONNECT_TIMEOUT")
  void noDataConnection425() throws Exception {
    chain.reload("CONNECT_TIMEOUT=1");
    try (Dialogue d = chain.login("alice");
        Socket own = new Socket()) {
      d.expect(229, "EPSV");
      long now = System.nanoTime();
      d.send("LIST\r\n");
      expectWithin(d, 425, now, 1, 10);
      // A listener with a full queue does not answer.
      try (java.net.ServerSocket full =
          new java.net.ServerSocket(0, 1, d.socket().getLocalAddress())) {
        Socket[] fill = new Socket[3];
        for (int i = 0; i < fill.length; i++) {
          fill[i] = new Socket();
          try {
            fill[i].connect(new InetSocketAddress(full.getInetAddress(), full.getLocalPort()), 200);
          } catch (java.net.SocketTimeoutException e) {
            break;
          }
        }
        d.expect(200, "EPRT |1|127.0.0.1|" + full.getLocalPort() + "|");
        now = System.nanoTime();
        d.send("LIST\r\n");
        expectWithin(d, 425, now, 1, 10);
        for (Socket s : fill) {
          if (s != null) {
            s.close();
          }
        }
      }
      d.expect(200, "NOOP");
    }
  }

  @Test
  @ShowsSettings("AUTH_TIMEOUT")
  void noLogin421WhateverIsSaid() throws Exception {
    chain.reload("AUTH_TIMEOUT=2");
    long now = System.nanoTime();
    try (Dialogue d = chain.connect()) {
      for (int i = 0; i < 5; i++) {
        d.expect(331, "USER alice");
        Thread.sleep(Duration.ofMillis(100));
      }
      expectWithin(d, 421, now, 2, 12);
      assertTrue(d.isClosed());
    }
    chain.eventuallyLogged("disconnect address=127.0.0.1 reason=login-timeout");
  }

  /**
   * Sockets of this network hold less than the replies to the commands that a gate reads at once.
   */
  private static final String NARROW =
      """
      ip link set lo up && echo "4096 4096 4096" >/proc/sys/net/ipv4/tcp_wmem && exec "$@"
      """;

  private static final String READS_NOTHING =
      """
      import socket, sys, time
      s = socket.socket()
      s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
      s.connect(('127.0.0.1', int(sys.argv[1])))
      s.sendall(b'HELP\\r\\n' * 900)
      time.sleep(60)
      """;

  /** The gate does not wait for a client that reads nothing, however long TIMEOUT is. */
  @Test
  void noLoginAndNothingRead() throws Exception {
    try (Chain narrow =
        Chain.options()
            .user("alice")
            .set("AUTH_TIMEOUT", "2")
            .set("TIMEOUT", "600")
            .startedBy("unshare", "--net", "sh", "-c", NARROW, "sh")
            .start()) {
      Process client =
          new ProcessBuilder(
                  "nsenter",
                  "--net=/proc/" + narrow.monitor() + "/ns/net",
                  "python3",
                  "-c",
                  READS_NOTHING,
                  "" + narrow.port())
              .inheritIO()
              .start();
      try {
        narrow.eventuallyLogged("disconnect address=127.0.0.1 reason=stalled");
      } finally {
        client.destroy();
        client.waitFor();
      }
    }
  }

  @Test
  @ShowsSettings("SESSION_TIMEOUT")
  void theSessionIsOver421WhateverIsSaid() throws Exception {
    chain.reload("SESSION_TIMEOUT=2");
    try (Dialogue d = chain.login("alice")) {
      long now = System.nanoTime();
      for (int i = 0; i < 5; i++) {
        d.expect(200, "NOOP");
        Thread.sleep(Duration.ofMillis(100));
      }
      expectWithin(d, 421, now, 2, 12);
      assertTrue(d.isClosed());
    }
    chain.eventuallyLogged("end user=alice address=127.0.0.1 reason=session-timeout");
    chain.reload("SESSION_TIMEOUT=0");
    try (Dialogue d = chain.login("alice")) {
      assertEquals(200, d.command("NOOP").code());
    }
  }
}
