/*
 * Trusted to go on when a handler is at fault, and to let none of them starve the others.
 */
package org.twoftpd.monitor.loop;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.PollEvents;
import org.twoftpd.shared.os.SystemCallException;

/**
 * The monitor's loop over epoll(7). It calls each handler when its descriptor or its time has come,
 * all on one thread, so that the monitor's state needs no locks. Everything but {@link #post}
 * belongs to that thread.
 *
 * <p>A handler makes no call that another process, a client, a disk or a journal can delay. Such
 * calls have threads of their own: those that close, spawn, reload, log, and ask credential
 * modules.
 */
public final class EventLoop {
  /**
   * In one turn the loop serves at most so many descriptors, so many posted calls and so many
   * timers, so that no source of events holds the loop. The others come first in the next turn.
   */
  private static final int AT_ONCE = 64;

  private static final byte[] WAKE = {0, 0, 0, 0, 0, 0, 0, 1};
  private static final long MILLI = 1_000_000L;

  private final int epoll;
  private final int wake;
  private final Consumer<RuntimeException> faults;
  private final Map<Integer, Runnable> readers = new HashMap<>();
  private final Map<Integer, Runnable> writers = new HashMap<>();
  private final Set<Integer> muted = new HashSet<>();
  private final PriorityQueue<Timer> timers = new PriorityQueue<>();
  private final ConcurrentLinkedQueue<Runnable> posted = new ConcurrentLinkedQueue<>();
  private final ArrayDeque<Runnable> putOff = new ArrayDeque<>();
  private final BackgroundCloser closer = new BackgroundCloser(this);

  /** A call that is to be made at its time. */
  public static final class Timer implements Comparable<Timer> {
    private final long when;
    private Runnable what;

    private Timer(long when, Runnable what) {
      this.when = when;
      this.what = what;
    }

    /**
     * Prevents the call, and lets go of what it would have used: the time that a session may take
     * to start ends long after most sessions have.
     */
    public void cancel() {
      what = null;
    }

    boolean isCancelled() {
      return what == null;
    }

    @Override
    public int compareTo(Timer other) {
      return Long.signum(when - other.when);
    }
  }

  /**
   * Makes a loop that watches nothing yet.
   *
   * @param faults is told what a handler has thrown. The handler's descriptor is not watched any
   *     more, so a handler that has something at stake catches exceptions by itself.
   */
  public EventLoop(Consumer<RuntimeException> faults) throws SystemCallException {
    this.faults = faults;
    epoll = SystemCallException.check(Native.epollCreate());
    wake = SystemCallException.check(Native.eventfd());
    byte[] drain = new byte[8];
    watchReadable(wake, () -> Native.read(wake, drain, 0, drain.length));
  }

  /** Calls {@code what} whenever {@code fd} can be read or has failed, until it is unwatched. */
  public void watchReadable(int fd, Runnable what) throws SystemCallException {
    SystemCallException.check(
        Native.epollControl(epoll, PollEvents.EPOLL_CTL_ADD, fd, PollEvents.POLLIN));
    readers.put(fd, what);
  }

  /**
   * Calls {@code what} whenever {@code fd}, which is watched for reading already, can be written to
   * or has failed.
   */
  public void watchWritable(int fd, Runnable what) throws SystemCallException {
    SystemCallException.check(
        Native.epollControl(
            epoll, PollEvents.EPOLL_CTL_MOD, fd, interest(fd) | PollEvents.POLLOUT));
    writers.put(fd, what);
  }

  /** Watches {@code fd} for reading alone again. */
  public void unwatchWritable(int fd) {
    if (writers.remove(fd) != null) {
      Native.epollControl(epoll, PollEvents.EPOLL_CTL_MOD, fd, interest(fd));
    }
  }

  /**
   * Calls the reader of {@code fd}, which is watched, no more when there is something to read, but
   * still when {@code fd} has failed or its other end is closed.
   */
  public void mute(int fd) {
    if (muted.add(fd)) {
      Native.epollControl(epoll, PollEvents.EPOLL_CTL_MOD, fd, interest(fd));
    }
  }

  /** Ends {@link #mute}. */
  public void unmute(int fd) {
    if (muted.remove(fd)) {
      Native.epollControl(epoll, PollEvents.EPOLL_CTL_MOD, fd, interest(fd));
    }
  }

  private int interest(int fd) {
    return (muted.contains(fd) ? 0 : PollEvents.POLLIN)
        | (writers.containsKey(fd) ? PollEvents.POLLOUT : 0);
  }

  /** Stops watching {@code fd}; to be called before it is closed. */
  public void unwatch(int fd) {
    writers.remove(fd);
    muted.remove(fd);
    if (readers.remove(fd) != null) {
      Native.epollControl(epoll, PollEvents.EPOLL_CTL_DEL, fd, 0);
    }
  }

  /** Calls {@code what} once, so many milliseconds from now. */
  public Timer runAfter(long millis, Runnable what) {
    Timer timer = new Timer(System.nanoTime() + millis * MILLI, what);
    timers.add(timer);
    return timer;
  }

  /** Has the loop call {@code what} soon. From any thread. */
  public void post(Runnable what) {
    posted.add(what);
    Native.write(wake, WAKE, 0, WAKE.length);
  }

  /** Closes descriptors that other processes hold too, which the loop's thread must not do. */
  public BackgroundCloser closer() {
    return closer;
  }

  /** Calls {@code what} in the loop's next turn, when others have had theirs. */
  public void runNextTurn(Runnable what) {
    putOff.add(what);
  }

  /** Runs for as long as the process does. */
  public void run() {
    int[] fds = new int[AT_ONCE];
    int[] events = new int[AT_ONCE];
    while (true) {
      int n = Native.epollWait(epoll, fds, events, millisToNextTimer());
      for (int i = 0; i < n; i++) {
        dispatch(fds[i], events[i]);
      }
      runPosted();
      runPutOff();
      runTimers();
    }
  }

  private void runPosted() {
    for (int i = 0; i < AT_ONCE; i++) {
      Runnable r = posted.poll();
      if (r == null) {
        return;
      }
      runGuarded(r);
    }
  }

  /** Runs what was put off to this turn; what is put off meanwhile waits for the next one. */
  private void runPutOff() {
    for (int n = Math.min(putOff.size(), AT_ONCE); n > 0; n--) {
      runGuarded(putOff.poll());
    }
  }

  private void runTimers() {
    long now = System.nanoTime();
    for (int i = 0; i < AT_ONCE && !timers.isEmpty() && timers.peek().when - now <= 0; i++) {
      Timer timer = timers.poll();
      if (!timer.isCancelled()) {
        runGuarded(timer.what);
      }
    }
  }

  /**
   * Calls the handlers of a descriptor; both when it has failed, since either can find that out.
   */
  private void dispatch(int fd, int events) {
    // A handler that ran before may have had this descriptor unwatched.
    Runnable writer = (events & ~PollEvents.POLLIN) == 0 ? null : writers.get(fd);
    if (writer != null && !runGuarded(writer)) {
      unwatch(fd);
    }
    Runnable reader = (events & ~PollEvents.POLLOUT) == 0 ? null : readers.get(fd);
    if (reader != null && !runGuarded(reader)) {
      // The handler would be called again at once, and have the same fault for ever.
      unwatch(fd);
    }
  }

  /**
   * Calls a handler, whose fault must not end the service for everybody.
   *
   * @return false when it was at fault
   */
  private boolean runGuarded(Runnable what) {
    try {
      what.run();
      return true;
    } catch (RuntimeException e) {
      faults.accept(e);
      return false;
    }
  }

  private int millisToNextTimer() {
    if (!posted.isEmpty() || !putOff.isEmpty()) {
      return 0;
    }
    if (timers.isEmpty()) {
      return -1;
    }
    long left = timers.peek().when - System.nanoTime();
    return Math.clamp(left / MILLI + 1, 0, 60_000);
  }
}
