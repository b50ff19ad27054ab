/*
 * Trusted to keep the log useful: clients that have not logged in can cause as many lines as they like, and this writes them
 * no faster than the log can take, so that they neither hide other lines nor fill the disk.
 */
package org.twoftpd.monitor.client;

import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;
import org.twoftpd.monitor.limits.LogBudget;
import org.twoftpd.monitor.loop.EventLoop;
import org.twoftpd.shared.log.ClientEvent;
import org.twoftpd.shared.log.Event;
import org.twoftpd.shared.log.MissingLinesEvent;
import org.twoftpd.shared.log.SessionEvent;
import org.twoftpd.shared.log.Share;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.wire.EndReason;

/** Lines about clients that have not logged in, and others that the gate causes. */
public final class UnauthenticatedLog {
  private static final int REPORT_MILLIS = 1000;
  private static final byte[] NOBODY = {};

  private final EventLoop loop;
  private final BiConsumer<Share, Event> journal;
  private final LogBudget lines = new LogBudget(1000, 500, 5, 500, System.nanoTime());

  /** Failed logins have a budget of their own, since whoever looks for guessers must see them. */
  private final LogBudget failures = new LogBudget(1000, 200, 5, 500, System.nanoTime());

  private long dropped;

  /**
   * @param journal writes an event that is about somebody, without waiting
   */
  public UnauthenticatedLog(EventLoop loop, BiConsumer<Share, Event> journal) {
    this.loop = loop;
    this.journal = journal;
  }

  /** A client has been greeted. */
  public void connected(Endpoint peer, Endpoint local) {
    write(lines, Share.stranger(peer), new ClientEvent.Connect(peer, local));
  }

  /** A client has gone without a login. */
  public void disconnected(Endpoint peer, EndReason reason) {
    write(lines, Share.stranger(peer), new ClientEvent.Disconnect(peer, reason));
  }

  /** A client gave a command. */
  public void requested(Endpoint peer, byte[] text) {
    write(lines, Share.stranger(peer), new SessionEvent.Requested(NOBODY, peer, text));
  }

  /** The gate answered a client. */
  public void replied(Endpoint peer, byte[] text) {
    write(lines, Share.stranger(peer), new SessionEvent.Replied(NOBODY, peer, text));
  }

  /**
   * A client was turned away.
   *
   * @param limit the setting that keeps it out
   */
  public void refused(Endpoint peer, String limit) {
    write(lines, Share.stranger(peer), new ClientEvent.Refused(peer, limit));
  }

  /** A login was refused. */
  public void failed(Endpoint peer, byte[] user, String reason) {
    write(failures, Share.failures(peer), new ClientEvent.LoginFailed(user, peer, reason));
  }

  /** A client and the gate did not come to an understanding on TLS. */
  public void handshakeFailed(Endpoint peer, byte[] reason) {
    write(lines, Share.stranger(peer), new ClientEvent.TlsFailed(peer, reason));
  }

  /**
   * The handshake of a session's data connection was not as it should be. The gate says so, which
   * anybody may have taken over, so it is bounded as the other lines are that the gate causes.
   *
   * @param whose the session's share of the log
   */
  public void noticeDataHandshake(Share whose, SessionEvent.DataHandshake event) {
    write(lines, whose, event);
  }

  /** As {@link #handshakeFailed(Endpoint, byte[])}, for a reason in words of our own. */
  public void handshakeFailed(Endpoint peer, String reason) {
    handshakeFailed(peer, reason.getBytes(StandardCharsets.US_ASCII));
  }

  /** Writes a line, or counts it when there were too many. */
  private void write(LogBudget budget, Share whose, Event event) {
    if (budget.take(whose, event.size(), System.nanoTime())) {
      journal.accept(whose, event);
    } else if (dropped++ == 0) {
      loop.runAfter(REPORT_MILLIS, this::reportDropped);
    }
  }

  private void reportDropped() {
    journal.accept(Share.SERVICE, new MissingLinesEvent.LinesDropped(dropped));
    dropped = 0;
  }
}
