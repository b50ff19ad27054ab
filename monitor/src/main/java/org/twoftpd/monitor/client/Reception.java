/*
 * Trusted with root's copy of every new client's descriptor: it says no before anything is done for a client, and it makes
 * no call that another process or the client can delay.
 */
package org.twoftpd.monitor.client;

import static org.twoftpd.shared.os.SocketFlags.IPPROTO_TCP;
import static org.twoftpd.shared.os.SocketFlags.SOL_SOCKET;
import static org.twoftpd.shared.os.SocketFlags.SO_KEEPALIVE;
import static org.twoftpd.shared.os.SocketFlags.SO_OOBINLINE;
import static org.twoftpd.shared.os.SocketFlags.TCP_NODELAY;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.twoftpd.monitor.limits.ConnectionLimits;
import org.twoftpd.monitor.limits.Penalties;
import org.twoftpd.monitor.loop.EventLoop;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/**
 * Accepts clients on the listening sockets, turns away those beyond the limits, and hands on the
 * others. While it does not accept, clients wait in the kernel's queue. Belongs to the loop's
 * thread.
 */
public final class Reception {

  /** A listening socket gives at most so many clients before other events have their turn. */
  private static final int ACCEPT_AT_ONCE = 64;

  private static final long ACCEPT_PAUSE_MILLIS = 200;

  private final EventLoop loop;
  private final List<Listener> listeners;
  private final ConnectionLimits limits;
  private final Penalties penalties;
  private final UnauthenticatedLog log;
  private final Consumer<Exception> faults;
  private final Consumer<Connection> admitted;
  private final BooleanSupplier tlsIsOn;
  private final byte[] address = new byte[Endpoint.SOCKADDR_MAX];
  private long lastId;

  /** Whether clients are wanted; in a pause they are, but no listening socket is watched. */
  private boolean wanted;

  private boolean watching;
  private boolean closed;

  /**
   * @param faults is told what went wrong with one client; the service goes on for the others
   * @param admitted takes each client that is within the limits, and counts it out by {@link
   *     #countOut} when it has gone
   * @param tlsIsOn whether there is TLS just now
   */
  public Reception(
      EventLoop loop,
      List<Listener> listeners,
      ConnectionLimits limits,
      Penalties penalties,
      UnauthenticatedLog log,
      Consumer<Exception> faults,
      Consumer<Connection> admitted,
      BooleanSupplier tlsIsOn) {
    this.loop = loop;
    this.listeners = List.copyOf(listeners);
    this.limits = limits;
    this.penalties = penalties;
    this.log = log;
    this.faults = faults;
    this.admitted = admitted;
    this.tlsIsOn = tlsIsOn;
  }

  /** Accepts clients from now on, unless it is closed. */
  public void startAccepting() {
    wanted = true;
    watchListeners();
  }

  /** Leaves new clients in the kernel's queue from now on. */
  public void stopAccepting() {
    wanted = false;
    unwatchListeners();
  }

  /** Accepts nobody any more, whoever asks for it. */
  public void close() {
    closed = true;
    stopAccepting();
  }

  /** Counts out a client that was admitted and has gone. */
  public void countOut(Endpoint peer) {
    limits.countOut(peer);
  }

  private void watchListeners() {
    if (watching || closed || !wanted) {
      return;
    }
    try {
      for (Listener l : listeners) {
        loop.watchReadable(l.fd(), () -> acceptClients(l));
      }
      watching = true;
    } catch (SystemCallException e) {
      faults.accept(e);
      pauseAccepting();
    }
  }

  private void unwatchListeners() {
    for (Listener l : listeners) {
      loop.unwatch(l.fd());
    }
    watching = false;
  }

  private void pauseAccepting() {
    unwatchListeners();
    loop.runAfter(ACCEPT_PAUSE_MILLIS, this::watchListeners);
  }

  private void acceptClients(Listener listener) {
    if (loop.closer().isBehind()) {
      pauseAccepting();
    }
    for (int i = 0; i < ACCEPT_AT_ONCE && watching; i++) {
      int fd = Native.acceptFrom(listener.fd(), address);
      if (fd < 0) {
        if (!Errno.isNoConnection(fd)) {
          // The process is out of descriptors or memory: the kernel would say the same again at
          // once, and for as long as it lasts.
          pauseAccepting();
        }
        return;
      }
      identify(fd, listener.overTls());
    }
  }

  /**
   * Finds out who the client is, by the addresses that the kernel knows, and decides then. The
   * PROXY protocol is not supported. It would be handled here; but its header comes from the
   * network, which root must not parse: the gate would read it.
   */
  private void identify(int fd, boolean overTls) {
    Endpoint peer = Endpoint.fromSockaddr(address, address.length);
    Endpoint local = localAddress(fd);
    if (peer == null || local == null) {
      // The client has gone already.
      loop.closer().close(fd);
      return;
    }
    Connection c = new Connection(++lastId, fd, peer, local, loop.closer());
    if (overTls) {
      c.beginWithTls();
    }
    try {
      decide(c);
    } catch (RuntimeException e) {
      // A fault with one client must not make the service deaf for all others.
      faults.accept(e);
      c.release();
    }
  }

  private Endpoint localAddress(int fd) {
    int n = Native.getsockname(fd, address);
    return n < 0 ? null : Endpoint.fromSockaddr(address, n);
  }

  /** Admits a client whose addresses are known, or turns it away. */
  private void decide(Connection c) {
    if (penalties.sendsAway(c.peer(), System.nanoTime())) {
      turnAway(c, "PENALTY_FAILURES", "failed logins from your address");
      return;
    }
    if (c.beginsWithTls() && !tlsIsOn.getAsBoolean()) {
      turnAway(c, "TLS", "clients with TLS");
      return;
    }
    switch (limits.countIn(c.peer())) {
      case WELCOME -> admit(c);
      case TOO_MANY -> turnAway(c, "MAX_CLIENTS", "clients");
      case TOO_MANY_FROM_THERE -> turnAway(c, "MAX_PER_IP", "connections from your address");
    }
  }

  private void admit(Connection c) {
    try {
      Native.setsockopt(c.fd(), SOL_SOCKET, SO_KEEPALIVE, 1);
      // Telnet's urgent data belongs into the stream, where the command reader takes it out.
      Native.setsockopt(c.fd(), SOL_SOCKET, SO_OOBINLINE, 1);
      Native.setsockopt(c.fd(), IPPROTO_TCP, TCP_NODELAY, 1);
      admitted.accept(c);
      // The client need not wait for the line, and nothing of the client is heard before it is
      // written.
      log.connected(c.peer(), c.local());
    } catch (RuntimeException e) {
      limits.countOut(c.peer());
      throw e;
    }
  }

  /**
   * The client is told which setting it was, since that is what its user can tell the
   * administrator.
   */
  private void turnAway(Connection c, String setting, String tooMany) {
    log.refused(c.peer(), setting);
    c.replyOnRelease("421 Too many " + tooMany + " (" + setting + "). Try again later.");
    c.release();
  }
}
