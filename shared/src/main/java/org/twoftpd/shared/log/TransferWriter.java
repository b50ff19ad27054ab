/*
 * Trusted to write the log of transfers without anybody who waits for its file system.
 */
package org.twoftpd.shared.log;

import java.io.IOException;
import java.time.Instant;
import org.twoftpd.shared.os.Endpoint;

/**
 * A thread that writes a {@link TransferLog}. What waits for it is bounded; what does not fit is
 * lost, and how much was is told in the log of the service.
 */
public final class TransferWriter {
  private static final int OF_SESSIONS = 1 << 20;
  private static final int OF_USER = OF_SESSIONS / 4;

  private static final byte[] NONE = {};
  private static final Endpoint NOBODY = new Endpoint(new byte[4], 0, 0);

  private final TransferLog log;
  private final Journal journal;
  private final LogThread<TransferLog.Entry> thread;

  /**
   * @param log this thread's from here on
   * @param journal told what is missing in it
   */
  public TransferWriter(TransferLog log, Journal journal) {
    this.log = log;
    this.journal = journal;
    this.thread =
        LogThread.start(
            "xferlog",
            new LogQueue<TransferLog.Entry>().room(Share.Kind.SESSIONS, OF_SESSIONS, OF_USER),
            this::take);
    // What a line needs is loaded now and by that thread: a time zone is in files.
    TransferLog.Entry first =
        new TransferLog.Entry(Instant.now(), 0, NOBODY, 0, NONE, false, true, false, NONE, true);
    thread.ask(() -> TransferLog.line(first));
  }

  private boolean take(LogQueue.Next<TransferLog.Entry> next) {
    Share s = next.share();
    if (next.line() == null) {
      journal.write(s, new Event.Lost(next.lost(), "xferlog", s.user(), s.address()));
    } else if (!log.write(next.line())) {
      journal.write(s, new Event.TransferLogFailed(next.line().path()));
    }
    return true;
  }

  /** Has a line written. From any thread, without waiting. */
  public void write(Share whose, TransferLog.Entry entry) {
    thread.add(whose, entry, Event.SMALL + entry.path().length + entry.user().length);
  }

  /** As {@link Journal#isCrowded}. */
  public boolean isCrowded(Share whose) {
    return thread.isCrowded(whose);
  }

  /** The file may have been given another name: has a new one opened before the next line. */
  public void reopen() {
    thread.ask(() -> {
      try {
        log.reopen();
      } catch (IOException e) {
        journal.write(
            new Event.SettingsError(
                "XFERLOG: cannot be opened again, so the old file is kept: " + e.getMessage()));
      }
    });
  }

  /** Waits until everything is written, but no longer than that; false when it is not. */
  public boolean flush(long millis) {
    return thread.flush(millis);
  }

  /**
   * Takes out what waits, which is not written then.
   *
   * @return how many lines are missing, with the one that is being written and may yet come
   */
  long giveUp() {
    long lines = 0;
    for (long n : thread.giveUp().values()) {
      lines += n;
    }
    return lines + thread.inHand();
  }
}
