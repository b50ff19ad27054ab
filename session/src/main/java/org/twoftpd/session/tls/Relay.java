/*
 * Trusted with the clients of every session over TLS, and to keep them apart: what one sends reaches its own session
 * alone, and nobody waits for another's.
 */
package org.twoftpd.session.tls;

import static org.twoftpd.shared.os.PollEvents.EPOLL_CTL_ADD;
import static org.twoftpd.shared.os.PollEvents.EPOLL_CTL_DEL;
import static org.twoftpd.shared.os.PollEvents.EPOLL_CTL_MOD;

import java.util.ArrayDeque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.twoftpd.session.control.Readiness;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.wire.TransferLine;

/**
 * Relays between clients over TLS and their sessions: one thread for all control connections, most
 * of which are idle, and one for each transfer.
 */
public final class Relay {
  private static final int AT_ONCE = 256;
  private static final long SECOND = 1_000_000_000L;
  private static final int MILLI = 1_000_000;

  /** How long a client may take for its session's last words. */
  private static final long PARTING_NANOS = 5 * SECOND;

  private static final int IDLE_SECONDS = 10;

  private final int epoll = Native.epollCreate();
  private final BufferPool pool;
  private final HandshakeWatcher watcher;
  private final ConcurrentHashMap<Integer, ControlRelay> relays = new ConcurrentHashMap<>();
  private final ExecutorService transfers =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          Thread.ofPlatform().daemon().name("transfer").factory());

  // For its own thread.
  private final ArrayDeque<ControlRelay> again = new ArrayDeque<>();
  private final ArrayDeque<ControlRelay> parting = new ArrayDeque<>();

  private Relay(BufferPool pool, HandshakeWatcher watcher) {
    this.pool = pool;
    this.watcher = watcher;
  }

  /** A relay with its thread running. */
  public static Relay start(BufferPool pool, HandshakeWatcher watcher) {
    Relay r = new Relay(pool, watcher);
    Thread.ofPlatform().daemon().name("relay").start(r::loop);
    return r;
  }

  /**
   * Takes over a client.
   *
   * @param session its session's control connection, non-blocking
   * @param line to its session, non-blocking
   */
  public void add(TlsConnection tls, TlsClient client, int session, int line) {
    ControlRelay r = new ControlRelay(tls, client, pool, session, new SessionLine(line));
    // There is room to write, so what has been decrypted already is moved at once.
    r.sessionEvents = Readiness.READ | Readiness.WRITE;
    relays.put(line, r);
    relays.put(tls.fd(), r);
    relays.put(session, r);
    Native.epollControl(epoll, EPOLL_CTL_ADD, line, Readiness.READ);
    Native.epollControl(epoll, EPOLL_CTL_ADD, session, r.sessionEvents);
  }

  /** True when it has no client. */
  public boolean isEmpty() {
    return relays.isEmpty();
  }

  private void loop() {
    int[] fds = new int[AT_ONCE];
    int[] events = new int[AT_ONCE];
    while (true) {
      int n = Native.epollWait(epoll, fds, events, patience());
      for (int i = again.size(); i > 0; i--) {
        move(again.remove());
      }
      for (int i = 0; i < n; i++) {
        ControlRelay r = relays.get(fds[i]);
        if (r != null && fds[i] == r.line().fd()) {
          hear(r);
        } else if (r != null) {
          move(r);
        }
      }
      endThoseWhoseTimeIsOver();
    }
  }

  private int patience() {
    if (!again.isEmpty()) {
      return 0;
    }
    if (parting.isEmpty()) {
      return -1;
    }
    return (int) (Math.max(0, parting.peek().deadline() - System.nanoTime()) / MILLI) + 1;
  }

  private void move(ControlRelay r) {
    if (r.isClosed()) {
      return;
    }
    try {
      if (r.move()) {
        again.add(r);
      }
    } catch (TlsFailed e) {
      r.alert();
      end(r);
      return;
    } catch (RuntimeException | OutOfMemoryError e) {
      // A fault here must cost this client alone, and so must a lack of memory for its buffers.
      System.err.println("fault in a relay: " + e);
      end(r);
      return;
    }
    if (r.isOver()) {
      end(r);
      return;
    }
    if (r.isParting() && r.deadline() == 0) {
      r.partUntil(System.nanoTime() + PARTING_NANOS);
      parting.add(r);
    }
    r.clientEvents = awaitAnew(r.clientFd(), r.clientEvents, r.wantedOfClient());
    r.sessionEvents = awaitAnew(r.sessionFd(), r.sessionEvents, r.wantedOfSession());
  }

  /**
   * A descriptor of which nothing is wanted is taken out: a hang-up of it would be told all the
   * time.
   */
  private int awaitAnew(int fd, int before, int wanted) {
    if (before != wanted) {
      int operation = before == 0 ? EPOLL_CTL_ADD : wanted == 0 ? EPOLL_CTL_DEL : EPOLL_CTL_MOD;
      Native.epollControl(epoll, operation, fd, wanted);
    }
    return wanted;
  }

  private void end(ControlRelay r) {
    relays.remove(r.clientFd(), r);
    relays.remove(r.sessionFd(), r);
    // A line that has been closed before may have left its number to somebody who came later.
    relays.remove(r.line().fd(), r);
    parting.remove(r);
    // Closing does not do it while another process has them too.
    r.clientEvents = awaitAnew(r.clientFd(), r.clientEvents, 0);
    r.sessionEvents = awaitAnew(r.sessionFd(), r.sessionEvents, 0);
    r.close();
  }

  private void endThoseWhoseTimeIsOver() {
    long now = System.nanoTime();
    while (!parting.isEmpty() && parting.peek().deadline() - now <= 0) {
      end(parting.peek());
    }
  }

  // ---- transfers ----

  private void hear(ControlRelay r) {
    SessionLine line = r.line();
    switch (line.hear()) {
      case NOTHING -> {}
      // What the session has said on its control connection may still be on its way.
      case THE_END -> loseLine(r);
      case A_FRAME -> {
        // Anything else is about a transfer that is over.
        if (line.what() == TransferLine.PROTECT) {
          Native.epollControl(epoll, EPOLL_CTL_DEL, line.fd(), 0);
          line.lend();
          begin(new DataRelay(r.client(), line, watcher), r);
        }
      }
    }
  }

  private void begin(DataRelay transfer, ControlRelay r) {
    try {
      transfers.execute(() -> transfer.run(() -> takeBack(r.line())));
    } catch (OutOfMemoryError e) {
      // The system gives no thread just now: that is this client's misfortune alone.
      transfer.giveUp();
      takeBack(r.line());
      loseLine(r);
    }
  }

  private void loseLine(ControlRelay r) {
    relays.remove(r.line().fd(), r);
    r.line().abandon();
  }

  private void takeBack(SessionLine line) {
    synchronized (line) {
      if (line.takeBack()) {
        Native.epollControl(epoll, EPOLL_CTL_ADD, line.fd(), Readiness.READ);
      }
    }
  }
}
