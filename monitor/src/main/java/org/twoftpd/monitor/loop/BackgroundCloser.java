/*
 * Trusted with root's copies of descriptors that the gate and sessions hold too, when they are to be closed.
 */
package org.twoftpd.monitor.loop;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.function.IntConsumer;
import org.twoftpd.shared.os.Native;

/**
 * Closes descriptors on threads of its own, where a wait hurts nobody. close(2) waits when another
 * holder of the same socket has set SO_LINGER on it, and send(2) waits for another holder that is
 * within a call on it. The gate and sessions can be taken over, so the loop makes neither call on
 * what they share. A closing that hangs takes one thread away, and another thread is started for
 * the others.
 */
public final class BackgroundCloser {
  /** So many closings can hang before others have to wait. */
  public static final int MOST_THREADS = 64;

  /** When so many wait, no client is accepted, since each would be one more to close. */
  public static final int MOST_WAITING = 1024;

  private static final long SLOW_MILLIS = 200;
  private static final long REPORT_NANOS = 60_000_000_000L;
  private static final int NO_LINGER = -1;
  private static final byte[] NOTHING = {};

  private final EventLoop loop;
  private final IntConsumer system;
  private final ArrayDeque<Closing> waiting = new ArrayDeque<>();
  private IntConsumer stalled = _ -> {};
  private int threads;
  private int idle;
  private long begunAt;
  private boolean checking;
  private long reportedAt;
  private boolean reported;

  /**
   * @param lastWord is sent first, as much of it as there is room for
   * @param clearsLinger whether SO_LINGER is taken away first
   */
  private record Closing(int fd, byte[] lastWord, boolean clearsLinger) {}

  BackgroundCloser(EventLoop loop) {
    this(loop, Native::close);
  }

  /**
   * @param system closes a descriptor, as close(2) does
   */
  BackgroundCloser(EventLoop loop, IntConsumer system) {
    this.loop = loop;
    this.system = system;
  }

  /** Has {@code told} called on the loop with the number of closings that hang, once a minute. */
  public void reportStallsTo(IntConsumer told) {
    stalled = told;
  }

  /** Has a descriptor closed. On the loop's thread, as all here but {@link #awaitTaken}. */
  public void close(int fd) {
    close(fd, NOTHING);
  }

  /** Has as much of {@code lastWord} sent as there is room for, and the descriptor closed. */
  public void close(int fd, byte[] lastWord) {
    close(new Closing(fd, lastWord, true));
  }

  /**
   * Has a socket closed that a session goes on with, and leaves its SO_LINGER as the session sets
   * it. A session that cuts off a transfer says so by SO_LINGER; without it the file would look
   * complete.
   */
  public void closeKeepingLinger(int fd) {
    close(new Closing(fd, NOTHING, false));
  }

  private void close(Closing c) {
    synchronized (this) {
      waiting.add(c);
      if (idle > 0) {
        // All are woken: awaitTaken waits here too, and would take a single call for itself.
        notifyAll();
      }
    }
    if (threads == 0) {
      startThread();
    }
    if (!checking) {
      checking = true;
      loop.runAfter(SLOW_MILLIS, this::checkProgress);
    }
  }

  /** True when so many closings wait that no more clients should be accepted. */
  public boolean isBehind() {
    synchronized (this) {
      return waiting.size() >= MOST_WAITING;
    }
  }

  /**
   * Waits until a thread has taken up everything that was to be closed. From any thread but the
   * loop's.
   */
  public synchronized void awaitTaken(long millis) throws InterruptedException {
    long end = System.nanoTime() + millis * 1_000_000;
    long left = millis;
    while (left > 0 && (!waiting.isEmpty() || idle < threads)) {
      wait(left);
      left = (end - System.nanoTime()) / 1_000_000;
    }
  }

  /** Starts another thread when those that there are make no progress. */
  private void checkProgress() {
    int busy;
    boolean slow;
    synchronized (this) {
      busy = threads - idle;
      slow = System.nanoTime() - begunAt >= SLOW_MILLIS * 1_000_000;
      checking = busy > 0 || !waiting.isEmpty();
    }
    if (checking) {
      loop.runAfter(SLOW_MILLIS, this::checkProgress);
    }
    if (slow && busy == threads && threads < MOST_THREADS && checking) {
      startThread();
      report(busy);
    }
  }

  private void report(int hanging) {
    long now = System.nanoTime();
    if (!reported || now - reportedAt >= REPORT_NANOS) {
      reported = true;
      reportedAt = now;
      stalled.accept(hanging);
    }
  }

  private void startThread() {
    try {
      Thread.ofPlatform().daemon().name("closer").start(this::closeForever);
      synchronized (this) {
        threads++;
      }
    } catch (OutOfMemoryError _) {
      // The system gives no thread just now; checkProgress tries again.
    }
  }

  private void closeForever() {
    while (true) {
      Closing c = next();
      // Without SO_LINGER close(2) waits for nothing. Whoever shares the socket may set it again,
      // though, so that this may fail.
      if (c.clearsLinger) {
        Native.setLinger(c.fd, NO_LINGER);
      }
      if (c.lastWord.length > 0) {
        int _ = Native.sendNow(c.fd, c.lastWord, 0, c.lastWord.length);
      }
      system.accept(c.fd);
    }
  }

  private synchronized Closing next() {
    idle++;
    notifyAll();
    while (waiting.isEmpty()) {
      try {
        wait();
      } catch (InterruptedException _) {
        // Nobody has a reason to interrupt this thread.
      }
    }
    idle--;
    begunAt = System.nanoTime();
    return waiting.poll();
  }

  /** Turns a reply into the bytes that a client reads. */
  public static byte[] replyLine(String reply) {
    return (reply + "\r\n").getBytes(StandardCharsets.US_ASCII);
  }
}
