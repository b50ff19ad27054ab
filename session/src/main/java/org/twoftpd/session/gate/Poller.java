package org.twoftpd.session.gate;

import static org.twoftpd.shared.os.PollEvents.EPOLLONESHOT;
import static org.twoftpd.shared.os.PollEvents.EPOLL_CTL_ADD;
import static org.twoftpd.shared.os.PollEvents.EPOLL_CTL_DEL;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.twoftpd.session.control.Readiness;
import org.twoftpd.shared.os.Native;

/**
 * Parks each virtual thread until its descriptor is ready. One platform thread waits for all of
 * them by epoll(7), because a virtual thread that waits inside the C library would block its
 * carrier.
 */
final class Poller implements Readiness {
  private static final int EVENTS_MAX = 256;

  private final int epoll = Native.epollCreate();
  private final ConcurrentHashMap<Integer, Waiter> waiters = new ConcurrentHashMap<>();

  private static final class Waiter {
    final Thread thread = Thread.currentThread();
    volatile boolean ready;
  }

  private volatile boolean expired;

  private Poller() {}

  /** Creates a poller and starts its thread. */
  static Poller start() {
    Poller p = new Poller();
    Thread.ofPlatform().daemon().name("poller").start(p::wakeReadyThreads);
    return p;
  }

  @Override
  public boolean await(int fd, short events, long deadline) {
    Waiter w = new Waiter();
    waiters.put(fd, w);
    if (Native.epollControl(epoll, EPOLL_CTL_ADD, fd, events | EPOLLONESHOT) < 0) {
      // The caller learns what is wrong when it reads or writes.
      waiters.remove(fd);
      return true;
    }
    while (!w.ready) {
      long left = deadline - System.nanoTime();
      if (left <= 0 || expired) {
        break;
      }
      LockSupport.parkNanos(this, left);
    }
    Native.epollControl(epoll, EPOLL_CTL_DEL, fd, 0);
    waiters.remove(fd, w);
    return w.ready;
  }

  /** Has every wait, also those that come, end as though its time were over. */
  void expire() {
    expired = true;
    waiters.values().forEach(w -> LockSupport.unpark(w.thread));
  }

  private void wakeReadyThreads() {
    int[] fds = new int[EVENTS_MAX];
    int[] events = new int[EVENTS_MAX];
    while (true) {
      int n = Native.epollWait(epoll, fds, events, -1);
      for (int i = 0; i < n; i++) {
        Waiter w = waiters.get(fds[i]);
        if (w != null) {
          w.ready = true;
          LockSupport.unpark(w.thread);
        }
      }
    }
  }
}
