package org.twoftpd.monitor.start;

import java.util.List;
import org.twoftpd.monitor.login.LoginOptions;
import org.twoftpd.monitor.loop.EventLoop;
import org.twoftpd.shared.config.SettingsException;
import org.twoftpd.shared.log.Event;
import org.twoftpd.shared.log.ServiceEvent;

/**
 * Reads the settings again when it is asked to. A thread of its own does that, since files,
 * programs and names are looked up, and a disk or a name server may keep waiting whoever does it.
 */
public final class SettingsReloader {
  private static final long DELAY_MILLIS = 30_000;

  private final EventLoop loop;
  private final Configuration.Source source;
  private final Runnable other;
  private final Taker taker;
  private final long delayMillis;
  private boolean reading;
  private boolean oneMore;
  private long begunAt;
  private EventLoop.Timer delayTimer;

  /** Whoever uses the settings. Called on the loop's thread. */
  public interface Taker {
    /** The settings are good. */
    void useSettings(Configuration configuration, LoginOptions options);

    /** The settings are not good, for these reasons; the old ones stay. */
    void reportBadSettings(List<Event> reasons);

    /** Reading takes so many seconds by now; called every half minute. */
    void reportDelay(long seconds);
  }

  /**
   * @param other may wait too, and is done each time before the settings are read
   */
  public SettingsReloader(
      EventLoop loop, Configuration.Source source, Runnable other, Taker taker) {
    this(loop, source, other, taker, DELAY_MILLIS);
  }

  SettingsReloader(
      EventLoop loop, Configuration.Source source, Runnable other, Taker taker, long delayMillis) {
    this.loop = loop;
    this.source = source;
    this.other = other;
    this.taker = taker;
    this.delayMillis = delayMillis;
  }

  /**
   * Has the settings read: now, or once more when they are being read already. On the loop's
   * thread.
   */
  public void requestReload() {
    if (reading) {
      // They may have changed since reading began.
      oneMore = true;
      return;
    }
    try {
      Thread.ofPlatform().daemon().name("reload").start(this::readSettings);
    } catch (OutOfMemoryError e) {
      taker.reportBadSettings(List.of(ServiceEvent.Fault.of(e)));
      return;
    }
    reading = true;
    begunAt = System.nanoTime();
    delayTimer = loop.runAfter(delayMillis, this::reportDelay);
  }

  private void reportDelay() {
    taker.reportDelay((System.nanoTime() - begunAt) / 1_000_000_000);
    delayTimer = loop.runAfter(delayMillis, this::reportDelay);
  }

  private void readSettings() {
    other.run();
    Runnable result;
    try {
      Configuration c = source.read();
      LoginOptions options = new LoginOptions(c.settings());
      result = () -> taker.useSettings(c, options);
    } catch (SettingsException e) {
      List<Event> reasons =
          e.messages().stream().<Event>map(ServiceEvent.SettingsError::new).toList();
      result = () -> taker.reportBadSettings(reasons);
    } catch (RuntimeException | Error e) {
      result = () -> taker.reportBadSettings(List.of(ServiceEvent.Fault.of(e)));
    }
    Runnable outcome = result;
    loop.post(() -> finish(outcome));
  }

  private void finish(Runnable outcome) {
    reading = false;
    delayTimer.cancel();
    try {
      outcome.run();
    } finally {
      if (oneMore) {
        oneMore = false;
        requestReload();
      }
    }
  }
}
