package org.twoftpd.session.listing;

/**
 * Asks the kernel on a second thread for statuses that a listing is about to need. It helps one
 * listing at a time. A listing never waits for the helper to begin: the listing's own thread asks
 * for what the helper has not begun. So a listing is only slower when the helper was not started.
 */
public final class StatusHelper implements Runnable {
  /** The bytes of stack that HotSpot, the C library and the Java methods of this thread need. */
  private static final int STACK_BYTES = 160 << 10;

  private StatusQueue nextQueue;
  private boolean running;

  /**
   * Starts the thread. This must come before confinement, which forbids new threads. It returns
   * when the thread waits for work and has made all system calls that the kernel filter may forbid.
   * The thread ends with the process.
   */
  public synchronized void start() {
    Thread thread = new Thread(null, this, "statuses", STACK_BYTES, false);
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

  /** Lets the thread begin to help with this queue. */
  synchronized void startHelping(StatusQueue queue) {
    nextQueue = queue;
    notifyAll();
  }

  /** Keeps the thread from beginning with this queue, which can then be collected. */
  synchronized void stopHelping(StatusQueue queue) {
    if (nextQueue == queue) {
      nextQueue = null;
    }
  }

  private synchronized StatusQueue awaitQueue() throws InterruptedException {
    if (!running) {
      running = true;
      notifyAll();
    }
    while (nextQueue == null) {
      wait();
    }
    StatusQueue queue = nextQueue;
    nextQueue = null;
    return queue;
  }

  @Override
  public void run() {
    try {
      while (true) {
        processQueue(awaitQueue());
      }
    } catch (InterruptedException e) {
      // Nobody interrupts this thread. If somebody did, listings would go on without help.
    }
  }

  /** Processes one queue. As a method of its own it keeps no reference to the queue afterwards. */
  private static void processQueue(StatusQueue queue) {
    while (queue.askNextBatch()) {}
  }
}
