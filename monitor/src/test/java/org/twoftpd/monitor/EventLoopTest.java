package org.twoftpd.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The monitor's loop. It never ends, so each test leaves a daemon thread behind. */
class EventLoopTest {
  @Test
  void timersComeInTheirOrderAndNotWhenCancelled() throws Exception {
    EventLoop loop = new EventLoop();
    List<String> seen = new ArrayList<>();
    CountDownLatch end = new CountDownLatch(1);
    loop.after(60, () -> seen.add("third"));
    loop.after(20, () -> seen.add("first"));
    loop.after(40, () -> seen.add("second")).cancel();
    loop.after(100, end::countDown);
    Thread.ofPlatform().daemon().start(loop::run);
    assertEquals(true, end.await(10, TimeUnit.SECONDS));
    assertEquals(List.of("first", "third"), seen);
  }

  @Test
  void aCancelledTimerHoldsOnToNothing() throws Exception {
    EventLoop loop = new EventLoop();
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
    return loop.after(3_600_000, () -> used[0]++);
  }

  @Test
  void whatIsPostedFromAnotherThreadIsDone() throws Exception {
    EventLoop loop = new EventLoop();
    CountDownLatch done = new CountDownLatch(100);
    Thread.ofPlatform().daemon().start(loop::run);
    for (int i = 0; i < 100; i++) {
      loop.post(done::countDown);
    }
    assertEquals(true, done.await(10, TimeUnit.SECONDS));
  }
}
