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
  @MethodSource("org.twoftpd.monitor.cvm.FalseReply#all")
  void row29_aFalseReplyIsFoundOut(FalseReply falseReply) throws Exception {
    try (DatagramSocket server = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
      Thread.startVirtualThread(() -> answer(server, falseReply));
      FalseReply.expect(falseReply.byUdp(), "cvm-udp:127.0.0.1:" + server.getLocalPort());
    }
  }

  private static void answer(DatagramSocket server, FalseReply... falseReplies) {
    try {
      DatagramPacket packet = new DatagramPacket(new byte[1000], 1000);
      server.receive(packet);
      byte[] request = packet.getData();
      for (FalseReply falseReply : falseReplies) {
        byte[] reply = falseReply.answer(request);
        server.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
      }
    } catch (Exception _) {
      // Closed at the end of the test.
    }
  }

  @Test
  void aForgedDatagramInFrontOfTheTrueOneIsPassedOver() throws Exception {
    FalseReply forged =
        FalseReply.untagged("forged", new ReplyBytes().raw(100, 8).bytes(new byte[9]).done(), null);
    FalseReply empty = FalseReply.untagged("empty", new byte[0], null);
    try (DatagramSocket server = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
      Thread.startVirtualThread(() -> answer(server, forged, empty, FalseReply.truth()));
      FalseReply.expect(null, "cvm-udp:127.0.0.1:" + server.getLocalPort());
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
          byte[] reply = FalseReply.truth().answer(packet.getData());
          other.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
        } catch (Exception _) {
          // Closed at the end of the test.
        }
      });
      FalseReply.expect(FalseReply.LATE, "cvm-udp:127.0.0.1:" + server.getLocalPort());
    }
  }

  @Test
  void aLostDatagramIsSentAgainAfterTwoSeconds() throws Exception {
    try (DatagramSocket server = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
      Thread.startVirtualThread(() -> {
        try {
          server.receive(new DatagramPacket(new byte[1000], 1000));
          answer(server, FalseReply.truth());
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
