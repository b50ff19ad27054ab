package org.twoftpd.monitor.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.twoftpd.shared.fd.ChannelToChild;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.wire.MessageType.Role;

/** The monitor's loop. It never ends, so each test leaves a daemon thread behind. */
class EventLoopTest {
  private static void none(RuntimeException e) {
    throw new AssertionError(e);
  }

  @Test
  void timersComeInTheirOrderAndNotWhenCancelled() throws Exception {
    EventLoop loop = new EventLoop(EventLoopTest::none);
    List<String> seen = new ArrayList<>();
    CountDownLatch end = new CountDownLatch(1);
    loop.runAfter(60, () -> seen.add("third"));
    loop.runAfter(20, () -> seen.add("first"));
    loop.runAfter(40, () -> seen.add("second")).cancel();
    loop.runAfter(100, end::countDown);
    Thread.ofPlatform().daemon().start(loop::run);
    assertEquals(true, end.await(10, TimeUnit.SECONDS));
    assertEquals(List.of("first", "third"), seen);
  }

  @Test
  void aCancelledTimerHoldsOnToNothing() throws Exception {
    EventLoop loop = new EventLoop(EventLoopTest::none);
    byte[][] large = {new byte[1 << 20]};
    WeakReference<byte[]> reference = new WeakReference<>(large[0]);
    schedule(loop, large[0]).cancel();
    large[0] = null;
    for (int i = 0; i < 50 && reference.get() != null; i++) {
      System.gc();
      Thread.sleep(20);
    }
    assertNull(reference.get());
  }

  private static EventLoop.Timer schedule(EventLoop loop, byte[] used) {
    return loop.runAfter(3_600_000, () -> used[0]++);
  }

  @Test
  void whatIsPostedFromAnotherThreadIsDone() throws Exception {
    EventLoop loop = new EventLoop(EventLoopTest::none);
    CountDownLatch done = new CountDownLatch(100);
    Thread.ofPlatform().daemon().start(loop::run);
    for (int i = 0; i < 100; i++) {
      loop.post(done::countDown);
    }
    assertEquals(true, done.await(10, TimeUnit.SECONDS));
  }

  @Test
  void goesOnAfterAFaultAndWatchesThatDescriptorNoMore() throws Exception {
    List<RuntimeException> faults = new ArrayList<>();
    EventLoop loop = new EventLoop(faults::add);
    int[] bad = pipe();
    int[] good = pipe();
    CountDownLatch end = new CountDownLatch(1);
    RuntimeException expected = new IllegalStateException("a fault");
    List<String> seen = new ArrayList<>();
    loop.watchReadable(
        bad[0],
        () -> {
          seen.add("bad");
          throw expected;
        });
    loop.watchReadable(
        good[0],
        () -> {
          seen.add("good");
          loop.unwatch(good[0]);
        });
    loop.runAfter(20, () -> fail(expected));
    loop.post(() -> fail(expected));
    loop.runAfter(100, end::countDown);
    Native.write(bad[1], new byte[1], 0, 1);
    Native.write(good[1], new byte[1], 0, 1);
    Thread.ofPlatform().daemon().start(loop::run);
    assertEquals(true, end.await(10, TimeUnit.SECONDS));
    seen.sort(null);
    assertEquals(List.of("bad", "good"), seen);
    assertEquals(List.of(expected, expected, expected), faults);
    close(bad);
    close(good);
  }

  /** Each would hold the loop for ever, if it were given all the turns that it asks for. */
  @Test
  void row47_noSourceOfEventsHoldsTheLoop() throws Exception {
    EventLoop loop = new EventLoop(EventLoopTest::none);
    int[] pipe = pipe();
    CountDownLatch seen = new CountDownLatch(4);
    loop.watchReadable(pipe[0], seen::countDown);
    Native.write(pipe[1], new byte[1], 0, 1);
    repeat(loop);
    Runnable[] again = new Runnable[2];
    again[0] = () -> loop.post(again[0]);
    again[1] = () -> loop.runAfter(0, again[1]);
    again[0].run();
    again[1].run();
    loop.post(seen::countDown);
    loop.runAfter(1, seen::countDown);
    loop.runNextTurn(seen::countDown);
    Thread.ofPlatform().daemon().start(loop::run);
    assertEquals(true, seen.await(10, TimeUnit.SECONDS));
    CountDownLatch end = new CountDownLatch(1);
    loop.post(() -> {
      loop.unwatch(pipe[0]);
      again[0] = end::countDown;
      again[1] = () -> {};
    });
    assertEquals(true, end.await(10, TimeUnit.SECONDS));
    close(pipe);
  }

  private static void repeat(EventLoop loop) {
    loop.runNextTurn(() -> repeat(loop));
  }

  private static void fail(RuntimeException e) {
    throw e;
  }

  @Test
  void tellsWhenThereIsRoomForAsLongAsThatIsAskedFor() throws Exception {
    EventLoop loop = new EventLoop(EventLoopTest::none);
    ChannelToChild.Pair pair = ChannelToChild.pair(Role.GATE, 1);
    int fd = pair.theirs();
    try {
      CountDownLatch end = new CountDownLatch(1);
      List<String> seen = new ArrayList<>();
      loop.watchReadable(fd, () -> seen.add("read"));
      loop.watchWritable(
          fd,
          () -> {
            seen.add("written");
            loop.unwatchWritable(fd);
          });
      loop.runAfter(100, end::countDown);
      Thread.ofPlatform().daemon().start(loop::run);
      assertEquals(true, end.await(10, TimeUnit.SECONDS));
      assertEquals(List.of("written"), seen);
      CountDownLatch forgotten = new CountDownLatch(1);
      loop.post(() -> {
        loop.unwatch(fd);
        forgotten.countDown();
      });
      assertEquals(true, forgotten.await(10, TimeUnit.SECONDS));
    } finally {
      Native.close(fd);
      pair.ours().close();
    }
  }

  private static int[] pipe() {
    int[] ends = new int[2];
    assertEquals(0, Native.pipe(ends));
    return ends;
  }

  private static void close(int[] ends) {
    Native.close(ends[0]);
    Native.close(ends[1]);
  }
}
