/*
 * Counts IPv6 networks as clients.  The test has a network namespace of its own, whose loopback has addresses of several
 * networks.
 */
package org.twoftpd.test.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.twoftpd.test.harness.Chain;

/** For MAX_PER_IP and PENALTY_* an IPv6 network of 64 bits is one client. */
@Timeout(120)
class Ipv6NetworkLimitsIT {
  private static final String SERVER = "2001:db8:1::1";

  /** Loopback is down in a new namespace, so the script brings it up and gives it addresses. */
  private static final String NETWORK =
      """
      ip link set lo up
      for a in 2001:db8:1::1 2001:db8:1::2 2001:db8:1:0:ffff::3 2001:db8:1::4 2001:db8:2::1 \
        2001:db8:3::1 2001:db8:3::2 2001:db8:3:0:8000::3 2001:db8:4::1; do
        ip -6 addr add $a/128 dev lo || exit 1
      done
      exec "$@"
      """;

  /** Connects from a source address to a port, and passes standard input and output on. */
  private static final String CLIENT =
      """
      import os, socket, sys, threading
      s = socket.create_connection((sys.argv[2], int(sys.argv[3])), 20, (sys.argv[1], 0))
      s.settimeout(20)
      def typed():
          while True:
              b = os.read(0, 4096)
              if not b: os._exit(0)
              s.sendall(b)
      threading.Thread(target=typed, daemon=True).start()
      while True:
          b = s.recv(4096)
          if not b: break
          os.write(1, b)
      """;

  private static Chain chain;

  @BeforeAll
  static void start() throws IOException {
    chain =
        Chain.options()
            .user("alice")
            .startedBy("unshare", "--net", "sh", "-c", NETWORK, "sh")
            .with("--address", "::")
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    chain.close();
  }

  /** One control connection from inside the namespace. */
  private static final class Client implements AutoCloseable {
    private final Process process;
    private final BufferedReader in;
    private final Writer out;

    Client(String source, String server, int port) throws IOException {
      process =
          new ProcessBuilder(
                  "nsenter",
                  "--net=/proc/" + chain.monitor() + "/ns/net",
                  "python3",
                  "-c",
                  CLIENT,
                  source,
                  server,
                  "" + port)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      in = process.inputReader(StandardCharsets.ISO_8859_1);
      out = process.outputWriter(StandardCharsets.ISO_8859_1);
    }

    int code() throws IOException {
      while (true) {
        String line = in.readLine();
        if (line == null) {
          throw new IOException("closed");
        }
        if (line.matches("\\d\\d\\d .*")) {
          return Integer.parseInt(line.substring(0, 3));
        }
      }
    }

    Client expect(int code) throws IOException {
      assertEquals(code, code());
      return this;
    }

    Client expect(int code, String line) throws IOException {
      out.write(line + "\r\n");
      out.flush();
      return expect(code);
    }

    @Override
    public void close() throws IOException {
      out.close();
      try {
        assertTrue(process.waitFor(20, java.util.concurrent.TimeUnit.SECONDS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        process.destroyForcibly();
      }
    }
  }

  private static Client six(String source) throws IOException {
    return new Client(source, SERVER, chain.port(0));
  }

  private static void refused(Client client, String address, String limit) throws IOException {
    try (client) {
      client.expect(421);
      assertNull(client.in.readLine());
    }
    chain.eventuallyLogged("refused address=" + address + " limit=" + limit);
  }

  @Test
  void anIpv6NetworkIsOneClient() throws IOException {
    chain.reload("MAX_PER_IP=2");
    try (Client a = six("2001:db8:1::2").expect(220);
        Client b = six("2001:db8:1:0:ffff::3").expect(220)) {
      refused(six("2001:db8:1::4"), "2001:db8:1::4", "MAX_PER_IP");
      six("2001:db8:2::1").expect(220).close();
      a.expect(200, "NOOP");
      b.expect(331, "USER alice").expect(230, "PASS pw-alice");
      // The session counts for its network as the connection did.
      refused(six("2001:db8:1::4"), "2001:db8:1::4", "MAX_PER_IP");
    }
    Chain.eventuallyTold(
        "a place is free",
        () -> {
          try (Client c = six("2001:db8:1::4")) {
            return c.code() == 220;
          }
        });
  }

  @Test
  void row28_guessesFromOneIpv6NetworkAddUp() throws IOException {
    chain.reload("PENALTY_FAILURES=2", "PENALTY_TIME=60", "MAX_PER_IP=20");
    for (String source : new String[] {"2001:db8:3::1", "2001:db8:3::2"}) {
      try (Client c = six(source).expect(220)) {
        c.expect(331, "USER alice").expect(530, "PASS guess");
      }
    }
    refused(six("2001:db8:3:0:8000::3"), "2001:db8:3:0:8000::3", "PENALTY_FAILURES");
    try (Client c = six("2001:db8:4::1").expect(220)) {
      c.expect(331, "USER alice").expect(230, "PASS pw-alice");
    }
  }
}
