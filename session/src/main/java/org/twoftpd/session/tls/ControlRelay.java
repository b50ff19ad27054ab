package org.twoftpd.session.tls;

import org.twoftpd.session.control.Readiness;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SocketFlags;

/**
 * One client that has logged in over TLS: its records on one side, plain bytes of its session's on
 * the other. For the relay's thread.
 */
final class ControlRelay {

  /** Pieces that one client may have moved in one turn of its. */
  private static final int PIECES = 4;

  private final TlsConnection tls;
  private final TlsClient client;
  private final BufferPool pool;
  private final int session;
  private final SessionLine line;
  private NetBuffer fromSession;
  private boolean clientEnded;
  private boolean sessionEnded;
  private boolean finished;
  private boolean closed;

  /** On System.nanoTime's clock, once the session has ended. */
  private long deadline;

  /** What is waited for now, as the relay's epoll has it. */
  int clientEvents;

  int sessionEvents;

  /**
   * @param tls whose handshake is over
   * @param session non-blocking
   */
  ControlRelay(
      TlsConnection tls, TlsClient client, BufferPool pool, int session, SessionLine line) {
    this.tls = tls;
    this.client = client;
    this.pool = pool;
    this.session = session;
    this.line = line;
  }

  TlsClient client() {
    return client;
  }

  int clientFd() {
    return tls.fd();
  }

  int sessionFd() {
    return session;
  }

  SessionLine line() {
    return line;
  }

  /** True when nothing more is to be done but to close. */
  boolean isOver() {
    return finished && clientEnded;
  }

  /** True when the session has ended and the client has yet to take what it said last. */
  boolean isParting() {
    return sessionEnded;
  }

  long deadline() {
    return deadline;
  }

  /** From now on there is a time by which the client must have taken it. */
  void partUntil(long time) {
    deadline = time;
  }

  /**
   * Moves what can be moved.
   *
   * @return whether it is to be called again without waiting
   * @throws TlsFailed when the connection is over at once
   */
  boolean move() throws TlsFailed {
    boolean again = sessionEnded ? dropInput() : moveIn();
    again |= moveOut();
    tls.rest();
    rest();
    return again;
  }

  private boolean moveIn() throws TlsFailed {
    for (int i = 0; i < PIECES; i++) {
      if (!tls.receive()) {
        return false;
      }
      if (tls.available() == 0) {
        endInput();
        return false;
      }
      int n = tls.plain().drain(session);
      if (n == -Errno.EAGAIN) {
        return false;
      }
      if (n < 0 && n != -Errno.EINTR) {
        // The session's last words may still be there.
        return dropInput();
      }
    }
    return true;
  }

  private void endInput() {
    if (!clientEnded) {
      clientEnded = true;
      Native.shutdown(session, SocketFlags.SHUT_WR);
    }
  }

  /** There is no session to hear it, and what nobody has read would make the end a reset. */
  private boolean dropInput() throws TlsFailed {
    for (int i = 0; i < PIECES && tls.receive(); i++) {
      if (tls.available() == 0) {
        clientEnded = true;
        return false;
      }
      tls.plain().wipe();
    }
    return tls.available() > 0;
  }

  private boolean moveOut() throws TlsFailed {
    for (int i = 0; i < PIECES; i++) {
      if (fromSession != null && !fromSession.isEmpty()) {
        tls.send(fromSession.bytes());
      }
      if (!tls.flush()) {
        return false;
      }
      if (sessionEnded) {
        finish();
        return false;
      }
      fromSession = fromSession == null ? pool.take() : fromSession;
      int n = fromSession.fill(session);
      if (n == -Errno.EAGAIN) {
        return false;
      }
      // A session that ends with something unread makes the end a reset.
      sessionEnded = n == 0 || n < 0 && n != -Errno.EINTR;
    }
    return true;
  }

  private void finish() throws TlsFailed {
    if (!finished) {
      tls.finish();
      if (tls.flush()) {
        finished = true;
        Native.shutdown(tls.fd(), SocketFlags.SHUT_WR);
      }
    }
  }

  private void rest() {
    if (fromSession != null && fromSession.isEmpty()) {
      pool.give(fromSession);
      fromSession = null;
    }
  }

  /** What is to be waited for on the client's side; 0 for nothing. */
  int wantedOfClient() {
    boolean deaf = clientEnded || tls.available() > 0 && !sessionEnded;
    return deaf ? tls.writing() : tls.wants();
  }

  /** What is to be waited for on the session's side; 0 for nothing. */
  int wantedOfSession() {
    if (sessionEnded) {
      return 0;
    }
    int write = tls.available() > 0 ? Readiness.WRITE : 0;
    return tls.hasOutput() || fromSession != null ? write : Readiness.READ | write;
  }

  /** Tells the client, as far as that is possible without waiting, why this cannot go on. */
  void alert() {
    tls.alert();
  }

  boolean isClosed() {
    return closed;
  }

  /** Closes everything, once. */
  void close() {
    if (closed) {
      return;
    }
    closed = true;
    tls.release();
    if (fromSession != null) {
      pool.give(fromSession);
      fromSession = null;
    }
    Native.close(tls.fd());
    Native.close(session);
    line.abandon();
  }
}
