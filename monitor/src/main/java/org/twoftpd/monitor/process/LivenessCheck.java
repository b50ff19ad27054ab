/*
 * Trusted to notice that a child hangs, and to take none for hung that waits for a disk.  What a child answers is not
 * believed beyond that it was able to answer.
 */
package org.twoftpd.monitor.process;

import org.twoftpd.monitor.loop.EventLoop;
import org.twoftpd.shared.wire.Message;
import org.twoftpd.shared.wire.ProtocolViolation;

/** Asks a child again and again whether it is alive, and says when it is not. */
public final class LivenessCheck {
  /** A timer that is so late was kept waiting with all that the loop does. */
  private static final long LATE_NANOS = 2_000_000_000L;

  private static final long CHECK_AGAIN_MILLIS = 2000;
  private static final long MILLI = 1_000_000L;

  /**
   * How often and how long.
   *
   * @param everyMillis between an answer and the next question
   * @param stoppedMillis after which one that does not answer is looked at: a stopped one is hung
   * @param hungMillis after which any is, unless the kernel keeps it waiting for a disk
   */
  public record Patience(long everyMillis, long stoppedMillis, long hungMillis) {}

  private final EventLoop loop;
  private final Child child;
  private final Message question;
  private final Hung told;
  private Patience patience;
  private EventLoop.Timer timer;
  private boolean asked;
  private long askedAt;

  /** Whoever has started the child. */
  public interface Hung {
    /** It {@code what}, for the log; called once. */
    void hung(String what);
  }

  public LivenessCheck(
      EventLoop loop, Child child, Message question, Patience patience, Hung told) {
    this.loop = loop;
    this.child = child;
    this.question = question;
    this.patience = patience;
    this.told = told;
  }

  /** Begins to ask: from now on the child can answer. */
  public void start() {
    timer = loop.runAfter(patience.everyMillis, this::ask);
  }

  /** Other times, from the next question on. */
  public void setPatience(Patience other) {
    patience = other;
  }

  /** Asks no more. */
  public void stop() {
    if (timer != null) {
      timer.cancel();
    }
  }

  private void ask() {
    asked = true;
    child.send(question, -1);
    askedAt = System.nanoTime();
    checkLater(patience.stoppedMillis);
  }

  private void checkLater(long millis) {
    long due = System.nanoTime() + millis * MILLI;
    timer = loop.runAfter(millis, () -> checkAnswer(due));
  }

  /** An answer has come. */
  public void handleAnswer() throws ProtocolViolation {
    if (!asked) {
      throw new ProtocolViolation("answers what it was not asked");
    }
    asked = false;
    timer.cancel();
    timer = loop.runAfter(patience.everyMillis, this::ask);
  }

  private void checkAnswer(long due) {
    if (System.nanoTime() - due >= LATE_NANOS) {
      // The monitor itself had no turn, so that an answer may lie there unread.
      checkLater(CHECK_AGAIN_MILLIS);
      return;
    }
    ProcessState.query(loop, child.pid(), this::judgeSilence);
  }

  private void judgeSilence(ProcessState state) {
    if (!asked || !child.isListening()) {
      return;
    }
    long millis = (System.nanoTime() - askedAt) / MILLI;
    boolean stopped = state == ProcessState.STOPPED;
    if (stopped || state != ProcessState.WAITS_FOR_DISK && millis >= patience.hungMillis) {
      told.hung(
          "has given no sign of life for "
              + millis / 1000
              + " s"
              + (stopped ? ": it is stopped" : ""));
      return;
    }
    checkLater(CHECK_AGAIN_MILLIS);
  }
}
