/*
 * Trusted to have a child killed that hangs, and none that waits for a disk.  An answer proves only that the child was able
 * to answer.
 */
package org.twoftpd.monitor.process;

import org.twoftpd.monitor.loop.EventLoop;
import org.twoftpd.shared.wire.Message;
import org.twoftpd.shared.wire.ProtocolViolation;

/** Asks a child for a sign of life again and again, and tells when the child hangs. */
public final class LivenessCheck {
  /** A timer that comes so late tells that the loop itself was kept from running. */
  private static final long LATE_NANOS = 2_000_000_000L;

  private static final long CHECK_AGAIN_MILLIS = 2000;
  private static final long MILLI = 1_000_000L;

  /**
   * How often a child is asked, and how long its answer is waited for.
   *
   * @param everyMillis between an answer and the next question
   * @param stoppedMillis after which a child that does not answer hangs if it is stopped
   * @param hungMillis after which it hangs unless the kernel keeps it waiting for a disk
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
    /**
     * The child hangs; called once.
     *
     * @param what a verb and the rest of a sentence about the child, for the log
     */
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

  /** Starts to ask. To be called when the child is able to answer. */
  public void start() {
    timer = loop.runAfter(patience.everyMillis, this::ask);
  }

  /** Uses other times from the next question on. */
  public void setPatience(Patience other) {
    patience = other;
  }

  /** Asks no more, since the child has ended. */
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

  /**
   * Takes an answer.
   *
   * @throws ProtocolViolation when nothing was asked
   */
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
      // The monitor itself did not run, so an answer may be there that nobody has read.
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
