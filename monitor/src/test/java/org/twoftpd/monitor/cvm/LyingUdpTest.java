/*
 * Row 29 of attacks.txt, by cvm-udp: whatever a module answers is a verdict of "not available" in time, or the
 * facts as they were told; never an exception, a hang or an account out of a broken reply.
 */
package org.twoftpd.monitor.cvm;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class LyingUdpTest {
  @ParameterizedTest
  @MethodSource("org.twoftpd.monitor.cvm.Lie#lies")
  void row29_aLieIsFoundOut(Lie lie) throws Exception {
    try (DatagramSocket server = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
      Thread.startVirtualThread(() -> answer(server, lie));
      Lie.expect(lie.byUdp(), "cvm-udp:127.0.0.1:" + server.getLocalPort());
    }
  }

  private static void answer(DatagramSocket server, Lie... lies) {
    try {
      DatagramPacket packet = new DatagramPacket(new byte[1000], 1000);
      server.receive(packet);
      byte[] request = packet.getData();
      for (Lie lie : lies) {
        byte[] reply = lie.answer(request);
        server.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
      }
    } catch (Exception _) {
      // Closed at the end of the test.
    }
  }

  @Test
  void aForgedDatagramInFrontOfTheTrueOneIsPassedOver() throws Exception {
    Lie forged = Lie.untagged("forged", new Wire().raw(100, 8).bytes(new byte[9]).done(), null);
    Lie empty = Lie.untagged("empty", new byte[0], null);
    try (DatagramSocket server = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
      Thread.startVirtualThread(() -> answer(server, forged, empty, Lie.truth()));
      Lie.expect(null, "cvm-udp:127.0.0.1:" + server.getLocalPort());
    }
  }

  @Test
  void aDatagramFromElsewhereIsNotSeen() throws Exception {
    try (DatagramSocket server = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"));
        DatagramSocket other = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
      Thread.startVirtualThread(() -> {
        try {
          DatagramPacket packet = new DatagramPacket(new byte[1000], 1000);
          server.receive(packet);
          byte[] reply = Lie.truth().answer(packet.getData());
          other.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
        } catch (Exception _) {
          // Closed at the end of the test.
        }
      });
      Lie.expect(Lie.LATE, "cvm-udp:127.0.0.1:" + server.getLocalPort());
    }
  }

  @Test
  void aLostDatagramIsSentAgainAfterTwoSeconds() throws Exception {
    try (DatagramSocket server = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
      Thread.startVirtualThread(() -> {
        try {
          server.receive(new DatagramPacket(new byte[1000], 1000));
          answer(server, Lie.truth());
        } catch (Exception _) {
          // Closed at the end of the test.
        }
      });
      long before = System.nanoTime();
      CvmChain chain = Chains.parse("cvm-udp:127.0.0.1:" + server.getLocalPort());
      assertInstanceOf(
          Verdict.Accepted.class, chain.verify(new byte[] {'b'}, new byte[0], new byte[] {'p'}));
      long millis = (System.nanoTime() - before) / 1_000_000;
      assertTrue(millis >= 1900 && millis < 3900, millis + " ms");
    }
  }

  @Test
  void anInterruptEndsTheWait() throws Exception {
    try (DatagramSocket server = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
      LyingLocalTest.interrupted("cvm-udp:127.0.0.1:" + server.getLocalPort());
    }
  }
}
