package org.twoftpd.test.transfer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.ChainOptions;

/** What the tests of transfers that do not run to their end have in common. */
final class TransferFixture {
  private TransferFixture() {}

  /** A chain for alice whose timeouts end a test that would hang. */
  static ChainOptions options() {
    return Chain.options()
        .user("alice")
        .set("TIMEOUT", "30")
        .set("CONNECT_TIMEOUT", "10")
        .set("MAX_PER_IP", "50")
        .set("MAX_PER_USER", "50");
  }

  /**
   * Puts two files into a home: "random", and "big", which no socket's buffers hold.
   *
   * @return the content of "random"
   */
  static byte[] fill(Path home) throws IOException {
    byte[] random = new byte[3_000_001];
    new Random(1).nextBytes(random);
    Files.write(home.resolve("random"), random);
    Files.write(home.resolve("big"), new byte[64 << 20]);
    return random;
  }

  /** Listens for an active data connection. */
  static ServerSocket listener() throws IOException {
    ServerSocket l = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
    l.setSoTimeout(20_000);
    return l;
  }

  /** The command that tells a session of that listener. */
  static String active(ServerSocket l) {
    return "EPRT |1|127.0.0.1|" + l.getLocalPort() + "|\r\n";
  }
}
