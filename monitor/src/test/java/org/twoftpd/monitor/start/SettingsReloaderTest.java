package org.twoftpd.monitor.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.twoftpd.monitor.login.LoginOptions;
import org.twoftpd.monitor.loop.EventLoop;
import org.twoftpd.shared.config.SettingsException;
import org.twoftpd.shared.log.Event;

/** Row 46: settings whose disk does not answer. */
@Timeout(60)
class SettingsReloaderTest {
  private final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
  private final Semaphore disk = new Semaphore(0);
  private final AtomicInteger reads = new AtomicInteger();

  private final SettingsReloader.Taker taker =
      new SettingsReloader.Taker() {
        @Override
        public void useSettings(Configuration configuration, LoginOptions options) {
          told.add("taken");
        }

        @Override
        public void reportBadSettings(List<Event> reasons) {
          told.add("refused " + reasons);
        }

        @Override
        public void reportDelay(long seconds) {
          told.add("waits");
        }
      };

  private Configuration read() throws SettingsException {
    reads.incrementAndGet();
    disk.acquireUninterruptibly();
    throw new SettingsException(List.of("wrong"));
  }

  private String next() throws InterruptedException {
    return String.valueOf(told.poll(20, TimeUnit.SECONDS));
  }

  @Test
  void row46_theLoopGoesOnWhileSettingsAreRead() throws Exception {
    EventLoop loop =
        new EventLoop(e -> {
          throw new AssertionError(e);
        });
    AtomicInteger others = new AtomicInteger();
    SettingsReloader reload =
        new SettingsReloader(loop, this::read, others::incrementAndGet, taker, 100);
    Thread.ofPlatform().daemon().start(loop::run);
    for (int i = 0; i < 5; i++) {
      loop.post(reload::requestReload);
    }
    FutureTask<Integer> turn = new FutureTask<>(() -> 1);
    loop.post(turn);
    assertEquals(1, turn.get(20, TimeUnit.SECONDS));
    assertEquals("waits", next());
    assertEquals("waits", next());
    disk.release();
    String refused = next();
    while (refused.equals("waits")) {
      refused = next();
    }
    assertEquals("refused [SettingsError[message=wrong]]", refused);
    // The four that came meanwhile are one.
    disk.release();
    String again = next();
    while (again.equals("waits")) {
      again = next();
    }
    assertEquals(refused, again);
    assertTrue(told.poll(300, TimeUnit.MILLISECONDS) == null, "it waits for nothing any more");
    assertEquals(2, reads.get());
    assertEquals(2, others.get());
  }
}
