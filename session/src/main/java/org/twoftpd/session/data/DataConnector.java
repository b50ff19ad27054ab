/*
 * Trusted to connect a session with nobody but its own client: it compares who connects, and whom
 * it connects to, with the peer of the control connection.
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
 * Keeps what PASV, PORT and their like choose for the next transfer: at most one listener or one
 * target.
 */
public final class DataConnector {

  private final Endpoint peer;
  private final Endpoint local;
  private final int lowestPort;
  private final int highestPort;
  private final long connectNanos;
  private final Watcher watcher;

  /**
   * These random bytes serve for many ports, to save system calls; {@link #nextRandom} is the index
   * of the first unused byte.
   */
  private final byte[] random = new byte[256];

  private int nextRandom = random.length;
  private int listener = -1;
  private Endpoint target;

  /** Does what a connector cannot do or say itself. */
  public interface Watcher {
    /**
     * Reports that somebody else connected to the passive port. The connector has closed that
     * connection.
     */
    void reportForeigner(Endpoint who);

    /** Reports that every port of the passive range is in use. */
    void reportNoPortLeft();

    /**
     * Returns a socket bound to port 20 of the local address, which the caller closes, or -1 when
     * active connections come from any port.
     */
    int openBoundSocket() throws SystemCallException;
  }

  /**
   * @param peer the client's end of the control connection
   * @param local the server's end of the control connection
   * @param lowestPort the first port of the passive range; 0 for any port
   * @param highestPort the last port of the passive range
   * @param connectSeconds how long a data connection may take to come about
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

  /** Returns the client's end of the control connection. */
  public Endpoint peer() {
    return peer;
  }

  /** Returns the server's end of the control connection. */
  public Endpoint local() {
    return local;
  }

  /**
   * Listens on the local address, and forgets any earlier choice.
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
      // A port that served a moment ago is still in TIME_WAIT. Without this option many files in a
      // minute use up all ports, and the kernel searches ever longer for a free one.
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

  /**
   * Makes the next transfer connect to {@code where}, and forgets any earlier choice. The caller
   * has checked that this is the client.
   */
  public void setTarget(Endpoint where) {
    reset();
    target = where;
  }

  /** Forgets the choice, and closes the listener if there is one. */
  public void reset() {
    if (listener >= 0) {
      Native.close(listener);
    }
    listener = -1;
    target = null;
  }

  /** Returns whether the client has chosen a way for the next transfer. */
  public boolean isSet() {
    return listener >= 0 || target != null;
  }

  /**
   * Makes the data connection. The choice serves once: it is forgotten even when this fails.
   *
   * @return a non-blocking descriptor, which the caller closes
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
      case TIMED_OUT -> throw new DataConnectionFailed("The data connection took too long.");
      case INTERRUPTED -> throw new DataConnectionFailed("The data connection was interrupted.");
    }
  }

  private int acceptClient(TransferWait wait, long deadline)
      throws DataConnectionFailed, ConnectionEnded, SystemCallException {
    byte[] name = new byte[Endpoint.SOCKADDR_MAX];
    while (true) {
      checkReady(wait.await(listener, Readiness.READ, deadline));
      int fd = Native.acceptFrom(listener, name);
      if (fd < 0) {
        // The client may have closed its connection already, and then another may come. Any other
        // error would come again for ever.
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
