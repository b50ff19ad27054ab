/*
 * Trusted to keep the log useful: what strangers can have written as often as they like is written no faster than the log
 * can take, so that it neither hides other lines nor fills the disk.
 */
package org.twoftpd.monitor;

import org.twoftpd.shared.log.Event;
import org.twoftpd.shared.log.Journal;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.wire.Message;

/**
 * Lines about clients that have not logged in: those turned away, and with LOGREQUESTS and
 * LOGRESPONSES all that is said.
 */
final class StrangersLog {
  private static final int LINES_A_SECOND = 1000;
  private static final int REPORT_MILLIS = 1000;
  private static final byte[] NOBODY = {};

  private final EventLoop loop;
  private final Journal journal;
  private final TokenBucket allowed = new TokenBucket(LINES_A_SECOND, System.nanoTime());
  private long dropped;

  StrangersLog(EventLoop loop, Journal journal) {
    this.loop = loop;
    this.journal = journal;
  }

  /** What a client or the gate said. */
  void said(Endpoint peer, Message.DialogueLine line) {
    write(new Event.Said(line.deed(), NOBODY, peer, line.text()));
  }

  /** A client was turned away at the door; {@code limit} is the setting. */
  void refused(Endpoint peer, String limit) {
    write(new Event.Refused(peer, limit));
  }

  /** Writes a line, or counts it when there were too many. */
  private void write(Event event) {
    if (allowed.take(System.nanoTime())) {
      journal.write(event);
    } else if (dropped++ == 0) {
      loop.after(REPORT_MILLIS, this::report);
    }
  }

  private void report() {
    journal.write(new Event.LinesDropped(dropped));
    dropped = 0;
  }
}
