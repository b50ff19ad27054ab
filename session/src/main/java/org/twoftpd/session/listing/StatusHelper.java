/*
 * Trusted with nothing of its own: a second thread, with the same ids and the same kernel filter as the first.  It asks
 * the kernel for the statuses that a listing is about to need, and does nothing else.
 */
package org.twoftpd.session.listing;

/**
 * Helps one listing at a time. A listing never waits for help to begin: what this thread has not
 * begun, the listing's own does, so that with one that was not started it is only slower.
 */
public final class StatusHelper implements Runnable {
  /** What HotSpot wants for native code, and the C library's and Java's own. */
  private static final int STACK = 160 << 10;

  private StatusQueue work;
  private boolean running;

  /**
   * Starts the thread: while threads may be started, and returns when it has done all that it needs
   * the kernel for beside its work. It ends with the process.
   */
  public synchronized void start() {
    Thread thread = new Thread(null, this, "statuses", STACK, false);
    thread.setDaemon(true);
    thread.start();
    try {
      while (!running) {
        wait();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Has the thread help with this. */
  synchronized void help(StatusQueue queue) {
    work = queue;
    notifyAll();
  }

  /** Has the thread not begin with this any more, and lets it be collected. */
  synchronized void forget(StatusQueue queue) {
    if (work == queue) {
      work = null;
    }
  }

  private synchronized StatusQueue await() throws InterruptedException {
    if (!running) {
      running = true;
      notifyAll();
    }
    while (work == null) {
      wait();
    }
    StatusQueue queue = work;
    work = null;
    return queue;
  }

  @Override
  public void run() {
    try {
      while (true) {
        work(await());
      }
    } catch (InterruptedException e) {
      // Nobody interrupts it. Listings go on without.
    }
  }

  /** A method of its own, so that the queue can be collected afterwards. */
  private static void work(StatusQueue queue) {
    while (queue.askAhead()) {}
  }
}
