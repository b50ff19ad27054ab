/*
 * Trusted to be the only thread that waits for a log: whoever logs something leaves it here and goes on.
 */
package org.twoftpd.shared.log;

import java.util.Map;

/** A thread that writes the lines that wait in a queue. */
final class LogThread<T> {
  private static final int PAUSE_MILLIS = 20;

  /** A log that has taken no line for so long stands still. */
  private static final long STILL_NANOS = 500_000_000L;

  private final LogQueue<T> queue;
  private final Output<T> output;
  private boolean busy;
  private long inHand;
  private boolean waits;
  private long lastMoved = System.nanoTime();
  private Runnable errand;

  /** The log that lines go to. */
  interface Output<T> {
    /**
     * Writes the next line, or a line that says how many were lost.
     *
     * @return false when that cannot be done now
     * @throws RuntimeException when it never can be done
     */
    boolean take(LogQueue.Next<T> next);
  }

  private LogThread(LogQueue<T> queue, Output<T> output) {
    this.queue = queue;
    this.output = output;
  }

  /** Starts a thread for a queue. */
  static <T> LogThread<T> start(String name, LogQueue<T> queue, Output<T> output) {
    LogThread<T> thread = new LogThread<>(queue, output);
    Thread.ofPlatform().daemon().name(name).start(thread::run);
    return thread;
  }

  /** Has a line written. Any thread may call it; none waits. */
  synchronized void add(Share share, T line, int size) {
    queue.add(share, line, size);
    wake();
  }

  /** Has something done before the next line is written. Any thread may call it; none waits. */
  synchronized void doBeforeNext(Runnable what) {
    errand = what;
    wake();
  }

  private void wake() {
    if (waits) {
      notifyAll();
    }
  }

  /** True when the share has much waiting and the log is slow, but does not stand still. */
  synchronized boolean isCrowded(Share share) {
    return queue.isCrowded(share) && System.nanoTime() - lastMoved < STILL_NANOS;
  }

  /**
   * Waits until everything is written.
   *
   * @return false when something was not within that time
   */
  synchronized boolean flush(long millis) {
    long end = System.nanoTime() + millis * 1_000_000;
    try {
      while (busy || !queue.isEmpty() || errand != null) {
        long left = (end - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          return false;
        }
        wait(Math.min(left, PAUSE_MILLIS));
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void run() {
    try {
      while (true) {
        LogQueue.Next<T> next = next();
        if (next != null) {
          write(next);
        }
      }
    } catch (InterruptedException e) {
      // Nobody interrupts it but the end of the process.
    }
  }

  private void write(LogQueue.Next<T> next) throws InterruptedException {
    try {
      while (!output.take(next)) {
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (RuntimeException e) {
      // A line that can never be written must not hold up the others. A line in its place says that
      // one is missing; if that line cannot be written either, it is left out.
      if (next.line() != null) {
        write(new LogQueue.Next<>(next.share(), null, 1));
      }
    }
  }

  /** Throws away the lines that wait, and says how many they were of each kind. */
  synchronized Map<Share.Kind, Long> giveUp() {
    return queue.giveUp();
  }

  /** How many lines the thread has taken and not yet written. */
  synchronized long inHand() {
    return inHand;
  }

  /** Waits for a line and returns it; null after something else was done instead. */
  private LogQueue.Next<T> next() throws InterruptedException {
    Runnable what;
    synchronized (this) {
      busy = false;
      inHand = 0;
      lastMoved = System.nanoTime();
      while (errand == null && queue.isEmpty()) {
        waits = true;
        wait();
        waits = false;
      }
      busy = true;
      if (errand == null) {
        LogQueue.Next<T> next = queue.poll();
        inHand = next == null ? 0 : Math.max(1, next.lost());
        return next;
      }
      what = errand;
      errand = null;
    }
    what.run();
    return null;
  }
}
