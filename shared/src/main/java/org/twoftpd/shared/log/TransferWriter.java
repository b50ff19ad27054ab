package org.twoftpd.shared.log;

import java.io.IOException;
import java.time.Instant;
import org.twoftpd.shared.os.Endpoint;

/**
 * A thread that writes a {@link TransferLog}, so that nobody waits for its file system. The lines
 * that wait are bounded; those that do not fit are lost, and the log of the service says how many.
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
   * @param log belongs to this thread from here on
   * @param journal is told which lines are missing
   */
  public TransferWriter(TransferLog log, Journal journal) {
    this.log = log;
    this.journal = journal;
    this.thread =
        LogThread.start(
            "xferlog",
            new LogQueue<TransferLog.Entry>().room(Share.Kind.SESSIONS, OF_SESSIONS, OF_USER),
            this::take);
    // The first line loads classes and the time zone, which lies in files. That is done now, and by
    // the thread, so that no transfer waits for it.
    TransferLog.Entry first =
        new TransferLog.Entry(Instant.now(), 0, NOBODY, 0, NONE, false, true, false, NONE, true);
    thread.doBeforeNext(() -> TransferLog.line(first));
  }

  private boolean take(LogQueue.Next<TransferLog.Entry> next) {
    Share s = next.share();
    if (next.line() == null) {
      journal.write(s, new MissingLinesEvent.Lost(next.lost(), "xferlog", s.user(), s.address()));
    } else if (!log.write(next.line())) {
      journal.write(s, new MissingLinesEvent.TransferLogFailed(next.line().path()));
    }
    return true;
  }

  /** Logs a transfer on somebody's share. Any thread may call it; none waits. */
  public void write(Share whose, TransferLog.Entry entry) {
    thread.add(whose, entry, Event.SMALL + entry.path().length + entry.user().length);
  }

  /** As {@link Journal#isCrowded}. */
  public boolean isCrowded(Share whose) {
    return thread.isCrowded(whose);
  }

  /** Opens the file anew before the next line, since a rotation may have renamed the old one. */
  public void reopen() {
    thread.doBeforeNext(() -> {
      try {
        log.reopen();
      } catch (IOException e) {
        journal.write(
            new ServiceEvent.SettingsError(
                "XFERLOG: cannot be opened again, so the old file is kept: " + e.getMessage()));
      }
    });
  }

  /**
   * Waits until everything is written.
   *
   * @return false when something was not within that time
   */
  public boolean flush(long millis) {
    return thread.flush(millis);
  }

  /**
   * Throws away the lines that wait.
   *
   * @return how many lines are missing, including the one that is being written and may yet come
   */
  long giveUp() {
    long lines = 0;
    for (long n : thread.giveUp().values()) {
      lines += n;
    }
    return lines + thread.inHand();
  }
}
