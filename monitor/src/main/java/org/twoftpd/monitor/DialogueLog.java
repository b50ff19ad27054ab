/*
 * Trusted to keep the log useful: what the gate says of dialogues is strangers' text, and is written no faster than the
 * log can take.
 */
package org.twoftpd.monitor;

import org.twoftpd.shared.log.Event;
import org.twoftpd.shared.log.Journal;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.wire.Message;

/** LOGREQUESTS and LOGRESPONSES for clients that have not logged in. */
final class DialogueLog {
  private static final int LINES_A_SECOND = 1000;
  private static final int REPORT_MILLIS = 1000;
  private static final byte[] NOBODY = {};

  private final EventLoop loop;
  private final Journal journal;
  private final TokenBucket allowed = new TokenBucket(LINES_A_SECOND, System.nanoTime());
  private long dropped;

  DialogueLog(EventLoop loop, Journal journal) {
    this.loop = loop;
    this.journal = journal;
  }

  /** Writes a line, or counts it when there were too many. */
  void said(Endpoint peer, Message.DialogueLine line) {
    if (allowed.take(System.nanoTime())) {
      journal.write(new Event.Said(line.deed(), NOBODY, peer, line.text()));
    } else if (dropped++ == 0) {
      loop.after(REPORT_MILLIS, this::report);
    }
  }

  private void report() {
    journal.write(new Event.LinesDropped(dropped));
    dropped = 0;
  }
}
