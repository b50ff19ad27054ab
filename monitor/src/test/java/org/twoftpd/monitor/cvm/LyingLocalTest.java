/*
 * Row 29 of attacks.txt, by cvm-local: whatever a module answers is a verdict of "not available" in time, or the
 * facts as they were told; never an exception, a hang or an account out of a broken reply.
 */
package org.twoftpd.monitor.cvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class LyingLocalTest {
  @TempDir Path directory;

  private interface Answer {
    void to(SocketChannel client) throws Exception;
  }

  private void withLocal(Answer answer, String reason) throws Exception {
    Path path = directory.resolve("socket");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(path));
      Thread.startVirtualThread(() -> {
        try (SocketChannel client = server.accept()) {
          answer.to(client);
        } catch (Exception _) {
          // The other side went away; its verdict is what counts.
        }
      });
      FalseReply.expect(reason, "cvm-local:" + path);
    }
  }

  private static byte[] request(SocketChannel client) throws Exception {
    ByteBuffer request = ByteBuffer.allocate(2000);
    while (client.read(request) >= 0) {}
    return Arrays.copyOf(request.array(), request.position());
  }

  @ParameterizedTest
  @MethodSource("org.twoftpd.monitor.cvm.FalseReply#all")
  void row29_aFalseReplyIsFoundOut(FalseReply falseReply) throws Exception {
    withLocal(client -> client.write(reply(falseReply, request(client))), falseReply.reason());
  }

  private static ByteBuffer reply(FalseReply falseReply, byte[] request) {
    return ByteBuffer.wrap(falseReply.answer(request));
  }

  @Test
  void aLocalModuleInPiecesIsUnderstood() throws Exception {
    withLocal(
        client -> {
          ByteBuffer reply = reply(FalseReply.truth(), request(client));
          while (reply.hasRemaining()) {
            client.write(ByteBuffer.wrap(new byte[] {reply.get()}));
            Thread.sleep(2);
          }
        },
        null);
  }

  @Test
  void aLocalModuleThatDripsIsLate() throws Exception {
    withLocal(
        client -> {
          for (int i = 0; i < 100; i++) {
            client.write(ByteBuffer.allocate(1));
            Thread.sleep(100);
          }
        },
        FalseReply.LATE);
  }

  @Test
  void aLocalModuleThatStallsIsLate() throws Exception {
    withLocal(_ -> Thread.sleep(4000), FalseReply.LATE);
  }

  @Test
  void aLocalModuleThatSaysNothingIsUnavailable() throws Exception {
    withLocal(client -> request(client), "reply cut short");
  }

  @Test
  void aLocalModuleThatClosesAtOnceIsUnavailable() throws Exception {
    Path path = directory.resolve("closer");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(path));
      Thread.startVirtualThread(() -> {
        try {
          server.accept().close();
        } catch (Exception _) {
          // Closed at the end of the test.
        }
      });
      assertInstanceOf(Verdict.Unavailable.class, FalseReply.verdict("cvm-local:" + path));
    }
  }

  @Test
  void aSocketThatNobodyListensToIsUnavailableAtOnce() throws Exception {
    Path path = directory.resolve("stale");
    ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(path))
        .close();
    for (Path nobody : new Path[] {path, directory.resolve("none")}) {
      CvmChain chain = Chains.local(nobody, Duration.ofSeconds(60));
      long before = System.nanoTime();
      assertInstanceOf(
          Verdict.Unavailable.class,
          chain.verify(ReplyBytes.ascii("bob"), new byte[0], ReplyBytes.ascii("secret")));
      assertTrue(System.nanoTime() - before < 20_000_000_000L, "at once, not after a minute");
    }
  }

  @Test
  void anInterruptEndsTheWait() throws Exception {
    Path path = directory.resolve("silent");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(path));
      interrupted("cvm-local:" + path);
    }
  }

  /** Asks on a virtual thread, interrupts it, and expects it to say so at once. */
  static void interrupted(String spec) throws Exception {
    CvmChain chain = Chains.parse(spec);
    AtomicReference<Verdict> verdict = new AtomicReference<>();
    AtomicBoolean kept = new AtomicBoolean();
    Thread asking =
        Thread.startVirtualThread(() -> {
          verdict.set(chain.verify(new byte[] {'b'}, new byte[0], new byte[] {'p'}));
          kept.set(Thread.currentThread().isInterrupted());
        });
    Thread.sleep(300);
    asking.interrupt();
    assertTrue(asking.join(Duration.ofSeconds(5)), "ended");
    assertEquals(new Verdict.Unavailable(chain + ": interrupted"), verdict.get());
    assertTrue(kept.get(), "still interrupted");
  }
}
