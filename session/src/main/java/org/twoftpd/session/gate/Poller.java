/*
 * Trusted with nothing but waiting: one thread that waits for all the gate's virtual threads, since a virtual thread
 * that waited inside the C library would hold on to its carrier.
 */
package org.twoftpd.session.gate;

import static org.twoftpd.shared.os.PollEvents.EPOLLONESHOT;
import static org.twoftpd.shared.os.PollEvents.EPOLL_CTL_ADD;
import static org.twoftpd.shared.os.PollEvents.EPOLL_CTL_DEL;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.twoftpd.session.control.Readiness;
import org.twoftpd.shared.os.Native;

/** Parks virtual threads until their descriptors are ready (epoll(7), one shot each). */
final class Poller implements Readiness {
  private static final int EVENTS_MAX = 256;

  private final int epoll = Native.epollCreate();
  private final ConcurrentHashMap<Integer, Waiter> waiters = new ConcurrentHashMap<>();

  private static final class Waiter {
    final Thread thread = Thread.currentThread();
    volatile boolean ready;
  }

  private Poller() {}

  /** A poller with its thread running. */
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
      // The caller finds out what is wrong when it reads or writes.
      waiters.remove(fd);
      return true;
    }
    while (!w.ready) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        break;
      }
      LockSupport.parkNanos(this, left);
    }
    Native.epollControl(epoll, EPOLL_CTL_DEL, fd, 0);
    waiters.remove(fd, w);
    return w.ready;
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
