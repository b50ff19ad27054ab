/*
 * Trusted with a request that holds a password, which it gives to whoever listens on a socket that the administrator
 * named.
 */
package org.twoftpd.monitor.cvm;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.time.Duration;

/** A module behind a UNIX stream socket, one connection for each question. */
record CvmLocal(UnixDomainSocketAddress address) implements CvmClient {
  private static final long FIRST_PAUSE_MILLIS = 2;
  private static final long LONGEST_PAUSE_MILLIS = 50;

  @Override
  public byte[] ask(byte[] request, byte[] tag, Duration timeout) throws CvmFault {
    long end = System.nanoTime() + timeout.toNanos();
    try (SocketChannel channel = connect(end)) {
      Thread guard = Thread.startVirtualThread(() -> closeAt(end, channel));
      try {
        return exchange(channel, request);
      } finally {
        guard.interrupt();
      }
    } catch (InterruptedException _) {
      throw CvmClient.interrupted();
    } catch (IOException failure) {
      if (System.nanoTime() - end >= 0) {
        throw CvmClient.late(timeout);
      }
      if (Thread.currentThread().isInterrupted()) {
        throw CvmClient.interrupted();
      }
      throw new CvmFault(String.valueOf(failure.getMessage()));
    }
  }

  /**
   * Connects, trying again while the module's queue is full: Debian's modules answer one at a time
   * and let one more wait. The kernel has no way to wait for room in the queue of a UNIX socket but
   * to block, and a virtual thread must not.
   */
  private SocketChannel connect(long end) throws IOException, InterruptedException {
    for (long pause = FIRST_PAUSE_MILLIS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
      SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        channel.connect(address);
        return channel;
      } catch (SocketException failure) {
        // There is no class for EAGAIN; with the socket there and nobody refusing, it is that.
        if (failure instanceof ConnectException
            || !Files.exists(address.getPath())
            || System.nanoTime() - end >= 0) {
          throw failure;
        }
      }
      Thread.sleep(pause);
    }
  }

  private static void closeAt(long end, SocketChannel channel) {
    try (channel) {
      Thread.sleep(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
    } catch (InterruptedException | IOException _) {
      // Answered in time, and closed by the one who asked.
    }
  }

  private static byte[] exchange(SocketChannel channel, byte[] request) throws IOException {
    // Direct, so that no channel makes a copy that nobody wipes.
    ByteBuffer buffer = ByteBuffer.allocateDirect(CvmRequest.LENGTH_MAX + 1);
    try {
      buffer.put(request).flip();
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    } finally {
      buffer.clear().put(new byte[buffer.capacity()]).clear();
    }
    channel.shutdownOutput();
    while (buffer.hasRemaining() && channel.read(buffer) >= 0) {}
    byte[] reply = new byte[buffer.flip().remaining()];
    buffer.get(reply);
    return reply;
  }

  @Override
  public String toString() {
    return "cvm-local:" + address.getPath();
  }
}
