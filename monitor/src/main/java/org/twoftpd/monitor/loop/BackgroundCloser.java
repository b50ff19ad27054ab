/*
 * Trusted with descriptors that others hold as well: says a client the last word and closes, where a wait hurts nobody.
 */
package org.twoftpd.monitor.loop;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.function.IntConsumer;
import org.twoftpd.shared.os.Native;

/**
 * Closes on threads of its own. close(2) waits when somebody who has the same socket has set
 * SO_LINGER on it, and send(2) waits for somebody who is within a call on it: the gate and sessions
 * can be taken over, so the loop makes neither call on what they share. A closing that hangs takes
 * one thread away, and another is started for the others.
 */
public final class BackgroundCloser {
  /** So many closings can hang before others wait for one of them. */
  public static final int MOST_THREADS = 64;

  /** With so many that wait, no client is accepted: each would be one more. */
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
   * @param hurry whether SO_LINGER is taken away before
   */
  private record Closing(int fd, byte[] lastWord, boolean hurry) {}

  BackgroundCloser(EventLoop loop) {
    this(loop, Native::close);
  }

  /**
   * @param system what closes
   */
  BackgroundCloser(EventLoop loop, IntConsumer system) {
    this.loop = loop;
    this.system = system;
  }

  /** Has {@code told} called on the loop with how many closings hang, once a minute at most. */
  public void reportStallsTo(IntConsumer told) {
    stalled = told;
  }

  /** Closes. On the loop's thread, as all but {@link #awaitTaken}. */
  public void close(int fd) {
    close(fd, NOTHING);
  }

  /** Sends what there is room for at once, and closes. */
  public void close(int fd, byte[] lastWord) {
    close(new Closing(fd, lastWord, true));
  }

  /**
   * Closes what a session goes on with, and leaves it as the session has set it: one that cuts a
   * transfer off says so by SO_LINGER, and the file would look whole without it.
   */
  public void closeKeepingLinger(int fd) {
    close(new Closing(fd, NOTHING, false));
  }

  private void close(Closing c) {
    synchronized (this) {
      waiting.add(c);
      if (idle > 0) {
        // All of them: await waits here too, and would take a single call for itself.
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

  /** True when so many closings wait that there should be no more clients. */
  public boolean isBehind() {
    synchronized (this) {
      return waiting.size() >= MOST_WAITING;
    }
  }

  /** Waits until everything has been taken up that was to be closed; from any other thread. */
  public synchronized void awaitTaken(long millis) throws InterruptedException {
    long end = System.nanoTime() + millis * 1_000_000;
    long left = millis;
    while (left > 0 && (!waiting.isEmpty() || idle < threads)) {
      wait(left);
      left = (end - System.nanoTime()) / 1_000_000;
    }
  }

  /** Starts another thread when those that there are get nowhere. */
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
      // The system gives no thread just now; look asks again.
    }
  }

  private void closeForever() {
    while (true) {
      Closing c = next();
      // Without it close(2) waits for nothing; it is a try, since whoever shares the socket may set
      // it again.
      if (c.hurry) {
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
        // Nobody has a reason to.
      }
    }
    idle--;
    begunAt = System.nanoTime();
    return waiting.poll();
  }

  /** A line as a client reads it. */
  public static byte[] replyLine(String reply) {
    return (reply + "\r\n").getBytes(StandardCharsets.US_ASCII);
  }
}
