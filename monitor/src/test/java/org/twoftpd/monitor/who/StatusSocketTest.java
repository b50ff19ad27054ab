/*
 * The socket of twoftpd-who when the system has no descriptor left for it.
 */
package org.twoftpd.monitor.who;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.twoftpd.monitor.loop.EventLoop;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;

@Timeout(60)
class StatusSocketTest {
  @Test
  void withoutDescriptorsItWaitsRatherThanSpins(@TempDir Path directory) throws Exception {
    EventLoop loop =
        new EventLoop(e -> {
          throw new AssertionError(e);
        });
    AtomicInteger tries = new AtomicInteger();
    StatusSocket.Sessions one =
        new StatusSocket.Sessions() {
          @Override
          public String list() {
            return "1\talice\n";
          }

          @Override
          public boolean end(int pid) {
            return false;
          }
        };
    Path path = directory.resolve("who");
    StatusSocket.open(
        loop,
        path.toString(),
        one,
        listener -> tries.incrementAndGet() <= 3 ? -Errno.EMFILE : Native.accept(listener));
    Thread.ofPlatform().daemon().start(loop::run);
    long begin = System.nanoTime();
    try (SocketChannel c = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      c.connect(UnixDomainSocketAddress.of(path));
      c.write(ByteBuffer.wrap(new byte[] {'L', 0, 0, 0, 0}));
      String answer =
          new String(Channels.newInputStream(c).readAllBytes(), StandardCharsets.US_ASCII);
      assertEquals("1\talice\n", answer);
    }
    // Three pauses: a loop without them is through with it at once.
    assertTrue(System.nanoTime() - begin >= 550_000_000L, "it did not wait");
    assertEquals(4, tries.get());
  }
}
