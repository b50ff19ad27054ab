/*
 * Trusted to read what an administrator has decided, again, on a thread of its own: files, programs and names are looked
 * up, and a disk or a name server may keep whoever does that waiting.
 */
package org.twoftpd.monitor.start;

import java.util.List;
import org.twoftpd.monitor.login.LoginOptions;
import org.twoftpd.monitor.loop.EventLoop;
import org.twoftpd.shared.config.SettingsException;
import org.twoftpd.shared.log.Event;
import org.twoftpd.shared.log.ServiceEvent;

/** Reads the settings when it is asked to, one time after the other. */
public final class SettingsReloader {
  private static final long PATIENCE_MILLIS = 30_000;

  private final EventLoop loop;
  private final Configuration.Source source;
  private final Runnable other;
  private final Taker taker;
  private final long patienceMillis;
  private boolean reading;
  private boolean again;
  private long begunAt;
  private EventLoop.Timer patience;

  /** Whoever wants the settings. Called on the loop's thread. */
  public interface Taker {
    /** They are good. */
    void taken(Configuration configuration, LoginOptions terms);

    /** They are not, for these reasons; the old ones stay. */
    void refused(List<Event> reasons);

    /** They have not been read for so many seconds; told again and again. */
    void waits(long seconds);
  }

  /**
   * @param other what else is done at such a time that may wait
   */
  public SettingsReloader(
      EventLoop loop, Configuration.Source source, Runnable other, Taker taker) {
    this(loop, source, other, taker, PATIENCE_MILLIS);
  }

  public SettingsReloader(
      EventLoop loop,
      Configuration.Source source,
      Runnable other,
      Taker taker,
      long patienceMillis) {
    this.loop = loop;
    this.source = source;
    this.other = other;
    this.taker = taker;
    this.patienceMillis = patienceMillis;
  }

  /** Reads, now or when what is being read has been. On the loop's thread. */
  public void requestReload() {
    if (reading) {
      // They may have changed since.
      again = true;
      return;
    }
    try {
      Thread.ofPlatform().daemon().name("reload").start(this::read);
    } catch (OutOfMemoryError e) {
      taker.refused(List.of(ServiceEvent.Fault.of(e)));
      return;
    }
    reading = true;
    begunAt = System.nanoTime();
    patience = loop.runAfter(patienceMillis, this::tell);
  }

  private void tell() {
    taker.waits((System.nanoTime() - begunAt) / 1_000_000_000);
    patience = loop.runAfter(patienceMillis, this::tell);
  }

  private void read() {
    other.run();
    Runnable result;
    try {
      Configuration c = source.read();
      LoginOptions terms = new LoginOptions(c.settings());
      result = () -> taker.taken(c, terms);
    } catch (SettingsException e) {
      List<Event> reasons =
          e.messages().stream().<Event>map(ServiceEvent.SettingsError::new).toList();
      result = () -> taker.refused(reasons);
    } catch (RuntimeException | Error e) {
      result = () -> taker.refused(List.of(ServiceEvent.Fault.of(e)));
    }
    Runnable told = result;
    loop.post(() -> end(told));
  }

  private void end(Runnable told) {
    reading = false;
    patience.cancel();
    try {
      told.run();
    } finally {
      if (again) {
        again = false;
        requestReload();
      }
    }
  }
}
