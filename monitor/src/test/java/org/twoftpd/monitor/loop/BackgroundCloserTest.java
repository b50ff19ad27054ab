package org.twoftpd.monitor.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.twoftpd.shared.os.SocketFlags.AF_INET;
import static org.twoftpd.shared.os.SocketFlags.SOCK_STREAM;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.twoftpd.shared.os.AddressText;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/** Row 46: closings that hang, with numbers that are no descriptors. */
@Timeout(60)
class BackgroundCloserTest {
  private static final int NO_FD = 1 << 30;
  private static final int HANGS = 1 << 20;

  private final EventLoop loop;
  private final CountDownLatch day = new CountDownLatch(1);
  private final LinkedBlockingQueue<Integer> closed = new LinkedBlockingQueue<>();
  private final AtomicInteger hanging = new AtomicInteger();
  private final BackgroundCloser closer;

  BackgroundCloserTest() throws SystemCallException {
    loop =
        new EventLoop(e -> {
          throw new AssertionError(e);
        });
    closer = new BackgroundCloser(loop, this::close);
    Thread.ofPlatform().daemon().start(loop::run);
  }

  private void close(int fd) {
    try {
      if (fd - NO_FD >= HANGS) {
        hanging.incrementAndGet();
        day.await();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    closed.add(fd - NO_FD);
  }

  private void ask(int... numbers) {
    loop.post(() -> {
      for (int n : numbers) {
        closer.close(NO_FD + n);
      }
    });
  }

  private void assertClosed(int... numbers) throws InterruptedException {
    List<Integer> expected = new ArrayList<>();
    List<Integer> seen = new ArrayList<>();
    for (int n : numbers) {
      expected.add(n);
      seen.add(closed.poll(20, TimeUnit.SECONDS));
    }
    seen.sort(null);
    assertEquals(expected, seen);
  }

  @Test
  void row46_closingsThatHangStopNoOthers() throws InterruptedException {
    LinkedBlockingQueue<Integer> told = new LinkedBlockingQueue<>();
    loop.post(() -> closer.reportStallsTo(told::add));
    ask(1, 2, 3);
    assertClosed(1, 2, 3);
    ask(HANGS, 4, HANGS + 1, HANGS + 2, 5, 6, HANGS + 3, 7);
    assertClosed(4, 5, 6, 7);
    assertTrue(told.poll(20, TimeUnit.SECONDS) >= 1);
    closer.awaitTaken(50);
    day.countDown();
    closer.awaitTaken(20_000);
    assertClosed(HANGS, HANGS + 1, HANGS + 2, HANGS + 3);
  }

  /** Fails when a condition does not hold within ten seconds. */
  private static void awaitUntil(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 500 && !condition.getAsBoolean(); i++) {
      Thread.sleep(20);
    }
    assertTrue(condition.getAsBoolean());
  }

  @Test
  void row46_thereIsABoundToHowManyHang() throws InterruptedException {
    int[] all = new int[BackgroundCloser.MOST_THREADS + BackgroundCloser.MOST_WAITING];
    for (int i = 0; i < all.length; i++) {
      all[i] = HANGS + i;
    }
    ask(all);
    awaitUntil(() -> hanging.get() >= 3);
    // The first may have been taken up before the last was asked for.
    awaitUntil(closer::isBehind);
    assertTrue(hanging.get() <= BackgroundCloser.MOST_THREADS);
    day.countDown();
    assertClosed(all);
  }

  /** What SO_LINGER with no time does: a reset, which tells a cut transfer from a whole one. */
  @Test
  void whatASessionGoesOnWithStaysAsTheSessionHasSetIt() throws Exception {
    assertEquals(-Errno.ECONNRESET, lastReadOf(BackgroundCloser::closeKeepingLinger));
    assertEquals(0, lastReadOf(BackgroundCloser::close));
  }

  private int lastReadOf(BiConsumer<BackgroundCloser, Integer> closing) throws Exception {
    BackgroundCloser real = new BackgroundCloser(loop);
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int fd = Native.socket(AF_INET, SOCK_STREAM, 0);
      Endpoint to = new Endpoint(AddressText.parse("127.0.0.1"), listener.getLocalPort(), 0);
      Native.connect(fd, to.toSockaddr());
      try (Socket peer = listener.accept()) {
        peer.setSoTimeout(20_000);
        Native.setLinger(fd, 0);
        loop.post(() -> closing.accept(real, fd));
        return peer.getInputStream().read() < 0 ? 0 : 1;
      } catch (SocketException _) {
        return -Errno.ECONNRESET;
      }
    }
  }
}
