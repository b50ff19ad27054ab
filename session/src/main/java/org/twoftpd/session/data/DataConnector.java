/*
 * Trusted to connect a session with nobody but its own client: what it accepts and where it connects is held against the
 * peer of the control connection.
 */
package org.twoftpd.session.data;

import static org.twoftpd.shared.os.SocketFlags.SOCK_STREAM;
import static org.twoftpd.shared.os.SocketFlags.SOL_SOCKET;
import static org.twoftpd.shared.os.SocketFlags.SO_ERROR;
import static org.twoftpd.shared.os.SocketFlags.SO_REUSEADDR;

import org.twoftpd.session.control.ConnectionEnded;
import org.twoftpd.session.control.Readiness;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;

/**
 * The state that PASV, PORT and their like leave for the next transfer: at most one listener or one
 * target.
 */
public final class DataConnector {

  private final Endpoint peer;
  private final Endpoint local;
  private final int lowestPort;
  private final int highestPort;
  private final long connectNanos;
  private final Watcher watcher;

  /** For many ports at once; {@link #nextRandom} is the first byte that is not used. */
  private final byte[] random = new byte[256];

  private int nextRandom = random.length;
  private int listener = -1;
  private Endpoint target;

  /** Deals with what a connector cannot do or say itself. */
  public interface Watcher {
    /** Somebody else has connected to the passive port and was sent away. */
    void reportForeigner(Endpoint who);

    /** Every port of the range is in use. */
    void reportNoPortLeft();

    /**
     * A socket bound to port 20 of the local address, or -1 when active connections come from any
     * port.
     */
    int openBoundSocket() throws SystemCallException;
  }

  /**
   * @param peer of the control connection
   * @param local of the control connection
   * @param lowestPort of the passive range; 0 for any
   */
  public DataConnector(
      Endpoint peer,
      Endpoint local,
      int lowestPort,
      int highestPort,
      int connectSeconds,
      Watcher watcher) {
    this.peer = peer;
    this.local = local;
    this.lowestPort = lowestPort;
    this.highestPort = highestPort;
    this.connectNanos = connectSeconds * 1_000_000_000L;
    this.watcher = watcher;
  }

  /** The peer of the control connection. */
  public Endpoint peer() {
    return peer;
  }

  /** The local end of the control connection. */
  public Endpoint local() {
    return local;
  }

  /**
   * Listens on the local address in place of whatever was set before.
   *
   * @return the port
   */
  public int listen() throws SystemCallException {
    reset();
    if (lowestPort == 0) {
      return listenOnPort(0);
    }
    int count = highestPort - lowestPort + 1;
    int first = pickRandom(count);
    for (int i = 0; i < count; i++) {
      try {
        return listenOnPort(lowestPort + (first + i) % count);
      } catch (SystemCallException e) {
        if (e.errno() != Errno.EADDRINUSE && e.errno() != Errno.EACCES) {
          throw e;
        }
      }
    }
    watcher.reportNoPortLeft();
    throw new SystemCallException(Errno.EADDRINUSE);
  }

  private int pickRandom(int below) {
    if (nextRandom == random.length) {
      Native.getrandom(random);
      nextRandom = 0;
    }
    long v = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      v = v << 8 | random[nextRandom++] & 0xff;
    }
    return (int) Long.remainderUnsigned(v, below);
  }

  private int listenOnPort(int port) throws SystemCallException {
    int fd = SystemCallException.check(Native.socket(local.domain(), SOCK_STREAM, 0));
    try {
      // A port that served a moment ago is still in TIME_WAIT; without this many files in a minute
      // use
      // up all the ports there are, and the kernel searches ever longer for one.
      SystemCallException.check(Native.setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, 1));
      SystemCallException.check(Native.bind(fd, local.withPort(port).toSockaddr()));
      SystemCallException.check(Native.listen(fd, 1));
      int chosen = port != 0 ? port : portOf(fd);
      listener = fd;
      return chosen;
    } finally {
      if (listener != fd) {
        Native.close(fd);
      }
    }
  }

  private static int portOf(int fd) throws SystemCallException {
    byte[] name = new byte[Endpoint.SOCKADDR_MAX];
    int n = SystemCallException.check(Native.getsockname(fd, name));
    return Endpoint.fromSockaddr(name, n).port();
  }

  /** Has the next transfer connect to the client, in place of whatever was set before. */
  public void setTarget(Endpoint where) {
    reset();
    target = where;
  }

  /** Forgets what was set. */
  public void reset() {
    if (listener >= 0) {
      Native.close(listener);
    }
    listener = -1;
    target = null;
  }

  /** True when there is something for a transfer to use. */
  public boolean isSet() {
    return listener >= 0 || target != null;
  }

  /**
   * Makes the data connection; whatever comes of it, the setting is used up.
   *
   * @return a non-blocking descriptor, the caller's to close
   */
  public int openConnection(TransferWait wait) throws DataConnectionFailed, ConnectionEnded {
    try {
      long deadline = System.nanoTime() + connectNanos;
      if (listener >= 0) {
        return acceptClient(wait, deadline);
      }
      if (target != null) {
        return connectToTarget(wait, deadline);
      }
      throw new DataConnectionFailed("Send PASV or PORT first.");
    } catch (SystemCallException e) {
      throw new DataConnectionFailed("No data connection: " + e.getMessage() + ".");
    } finally {
      reset();
    }
  }

  private static void checkReady(TransferWait.Outcome outcome) throws DataConnectionFailed {
    switch (outcome) {
      case READY -> {}
      case TIMED_OUT -> throw new DataConnectionFailed("No data connection within the time.");
      case INTERRUPTED -> throw new DataConnectionFailed("Data connection given up.");
    }
  }

  private int acceptClient(TransferWait wait, long deadline)
      throws DataConnectionFailed, ConnectionEnded, SystemCallException {
    byte[] name = new byte[Endpoint.SOCKADDR_MAX];
    while (true) {
      checkReady(wait.await(listener, Readiness.READ, deadline));
      int fd = Native.acceptFrom(listener, name);
      if (fd < 0) {
        // The connection may be gone again by now; anything else would repeat for ever.
        if (Errno.isNoConnection(fd)) {
          continue;
        }
        throw new SystemCallException(-fd);
      }
      Endpoint who = Endpoint.fromSockaddr(name, name.length);
      if (who != null && who.sameHost(peer)) {
        return fd;
      }
      Native.close(fd);
      if (who != null) {
        watcher.reportForeigner(who);
      }
    }
  }

  private int connectToTarget(TransferWait wait, long deadline)
      throws DataConnectionFailed, ConnectionEnded, SystemCallException {
    int fd = watcher.openBoundSocket();
    boolean connected = false;
    try {
      if (fd < 0) {
        fd = SystemCallException.check(Native.socket(target.domain(), SOCK_STREAM, 0));
        SystemCallException.check(Native.bind(fd, local.withPort(0).toSockaddr()));
      }
      int r = Native.connect(fd, target.toSockaddr());
      if (r == -Errno.EINPROGRESS) {
        checkReady(wait.await(fd, Readiness.WRITE, deadline));
        r = -Native.getsockopt(fd, SOL_SOCKET, SO_ERROR);
      }
      SystemCallException.check(r);
      connected = true;
      return fd;
    } finally {
      if (!connected && fd >= 0) {
        Native.close(fd);
      }
    }
  }
}
