/*
 * Trusted to be the only one who waits for a log: whoever has something written leaves it here and goes on.
 */
package org.twoftpd.shared.log;

import java.util.Map;

/** A thread that writes what waits in a queue. */
final class LogThread<T> {
  private static final int PAUSE_MILLIS = 20;

  /** A log that has taken nothing for so long stands still. */
  private static final long STILL_NANOS = 500_000_000L;

  private final LogQueue<T> queue;
  private final Output<T> output;
  private boolean busy;
  private long inHand;
  private boolean waits;
  private long lastMoved = System.nanoTime();
  private Runnable errand;

  /** Where lines go. */
  interface Output<T> {
    /**
     * Writes what is next, or says that lines were lost; false when that cannot be done now, and an
     * exception when it never can.
     */
    boolean take(LogQueue.Next<T> next);
  }

  private LogThread(LogQueue<T> queue, Output<T> output) {
    this.queue = queue;
    this.output = output;
  }

  /** Starts one. */
  static <T> LogThread<T> start(String name, LogQueue<T> queue, Output<T> output) {
    LogThread<T> thread = new LogThread<>(queue, output);
    Thread.ofPlatform().daemon().name(name).start(thread::run);
    return thread;
  }

  /** From any thread, and without waiting: has a line written. */
  synchronized void add(Share share, T line, int size) {
    queue.add(share, line, size);
    wake();
  }

  /** From any thread, and without waiting: has something done before the next line. */
  synchronized void ask(Runnable what) {
    errand = what;
    wake();
  }

  private void wake() {
    if (waits) {
      notifyAll();
    }
  }

  /** True when the share has much waiting, and the log is only slow: it pays to wait a little. */
  synchronized boolean isCrowded(Share share) {
    return queue.isCrowded(share) && System.nanoTime() - lastMoved < STILL_NANOS;
  }

  /** Waits until everything is written, but no longer than that; false when it is not. */
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
      // A line that cannot be written must not keep the others from being written.  That it is
      // missing is told in its place; when even that cannot be, nothing more can be done.
      if (next.line() != null) {
        write(new LogQueue.Next<>(next.share(), null, 1));
      }
    }
  }

  /** Takes all out that waits, so that it is not written, and says of each kind how much it was. */
  synchronized Map<Share.Kind, Long> giveUp() {
    return queue.giveUp();
  }

  /** How many lines the thread has taken and not yet written. */
  synchronized long inHand() {
    return inHand;
  }

  /** Waits for a line, or does an errand and gives null. */
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
