/*
 * Trusted to keep the log useful: what strangers can have written as often as they like is written no faster than the log
 * can take, so that it neither hides other lines nor fills the disk.
 */
package org.twoftpd.monitor.client;

import org.twoftpd.monitor.limits.LogBudget;
import org.twoftpd.monitor.loop.EventLoop;
import org.twoftpd.shared.log.Event;
import org.twoftpd.shared.log.Journal;
import org.twoftpd.shared.log.Share;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.wire.HangUp;
import org.twoftpd.shared.wire.Message;

/** Lines about clients that have not logged in. */
public final class UnauthenticatedLog {
  private static final int REPORT_MILLIS = 1000;
  private static final byte[] NOBODY = {};

  private final EventLoop loop;
  private final Journal journal;
  private final LogBudget lines = new LogBudget(1000, 500, 5, 500, System.nanoTime());

  /** Of failed logins: no flood of anything else may hide them from who looks for guessers. */
  private final LogBudget failures = new LogBudget(1000, 200, 5, 500, System.nanoTime());

  private long dropped;

  public UnauthenticatedLog(EventLoop loop, Journal journal) {
    this.loop = loop;
    this.journal = journal;
  }

  /** A client has been greeted. */
  public void connected(Endpoint peer, Endpoint local) {
    write(lines, Share.stranger(peer), new Event.Connect(peer, local));
  }

  /** A client has gone without a login. */
  public void disconnected(Endpoint peer, HangUp reason) {
    write(lines, Share.stranger(peer), new Event.Disconnect(peer, reason));
  }

  /** What a client or the gate said. */
  public void said(Endpoint peer, Message.DialogueLine line) {
    write(lines, Share.stranger(peer), new Event.Said(line.deed(), NOBODY, peer, line.text()));
  }

  /** A client was turned away at the door; {@code limit} is the setting. */
  public void refused(Endpoint peer, String limit) {
    write(lines, Share.stranger(peer), new Event.Refused(peer, limit));
  }

  /** A login was refused. */
  public void failed(Endpoint peer, byte[] user, String reason) {
    write(failures, Share.failures(peer), new Event.LoginFailed(user, peer, reason));
  }

  /** Writes a line, or counts it when there were too many. */
  private void write(LogBudget budget, Share whose, Event event) {
    if (budget.take(whose, event.size(), System.nanoTime())) {
      journal.write(whose, event);
    } else if (dropped++ == 0) {
      loop.after(REPORT_MILLIS, this::report);
    }
  }

  private void report() {
    journal.write(new Event.LinesDropped(dropped));
    dropped = 0;
  }
}
