/*
 * Trusted with a request, which contains the password and goes over the network to an address that the administrator has
 * named.  Only answers from that address that repeat the tag are believed.
 */
package org.twoftpd.monitor.cvm;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.Arrays;
import org.twoftpd.shared.cvm.CvmFault;
import org.twoftpd.shared.cvm.CvmReply;
import org.twoftpd.shared.cvm.CvmRequest;

/** A module behind a UDP socket. The request is sent up to four times, 2, 4 and 8 seconds apart. */
record CvmUdp(InetSocketAddress address) implements CvmClient {
  private static final long FIRST_WAIT_NANOS = Duration.ofSeconds(2).toNanos();
  private static final int TRIES = 4;

  @Override
  public byte[] ask(byte[] request, byte[] tag, Duration timeout) throws CvmFault {
    long end = System.nanoTime() + timeout.toNanos();
    // The buffer is direct, so that the channel makes no copy of the password.
    ByteBuffer question = ByteBuffer.allocateDirect(request.length).put(request);
    // The socket is connected, so that the kernel drops datagrams from other addresses.
    try (DatagramChannel channel = DatagramChannel.open().connect(address)) {
      byte[] reply = null;
      long wait = FIRST_WAIT_NANOS;
      for (int i = 0; i < TRIES && reply == null; i++) {
        channel.write(question.rewind());
        reply = receive(channel.socket(), tag, earlier(System.nanoTime() + wait, end));
        wait *= 2;
      }
      if (reply == null) {
        throw CvmClient.late(timeout);
      }
      return reply;
    } catch (IOException failure) {
      if (Thread.currentThread().isInterrupted()) {
        throw CvmClient.interrupted();
      }
      throw new CvmFault(String.valueOf(failure.getMessage()));
    } finally {
      question.clear().put(new byte[question.capacity()]);
    }
  }

  private static long earlier(long a, long b) {
    return a - b < 0 ? a : b;
  }

  /**
   * The first datagram that repeats the tag, or null when there was none in time. Others are
   * ignored: if they were a fault, anybody who guesses the port could make a login fail.
   */
  private static byte[] receive(DatagramSocket socket, byte[] tag, long end) throws IOException {
    DatagramPacket packet =
        new DatagramPacket(new byte[CvmRequest.LENGTH_MAX + 1], CvmRequest.LENGTH_MAX + 1);
    for (long left; (left = (end - System.nanoTime()) / 1_000_000) > 0; ) {
      socket.setSoTimeout((int) Math.min(left, Integer.MAX_VALUE));
      packet.setLength(packet.getData().length);
      try {
        socket.receive(packet);
      } catch (SocketTimeoutException _) {
        return null;
      }
      if (CvmReply.carries(packet.getData(), packet.getLength(), tag)) {
        return Arrays.copyOf(packet.getData(), packet.getLength());
      }
    }
    return null;
  }

  @Override
  public String toString() {
    String host = address.getAddress().getHostAddress();
    return "cvm-udp:" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
  }
}
