/*
 * Trusted with one client that has not logged in: its descriptor and the monitor's word about it.
 */
package org.twoftpd.session.gate;

import java.util.concurrent.locks.LockSupport;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.wire.Refusal;

/** A client in the gate. */
final class Client {
  private final long connection;
  private final Endpoint peer;
  private int fd;
  private volatile Thread waitingThread;
  private volatile boolean decided;
  private volatile Refusal refusal;

  Client(long connection, int fd, Endpoint peer) {
    this.connection = connection;
    this.fd = fd;
    this.peer = peer;
  }

  /** The monitor's number for it. */
  long connection() {
    return connection;
  }

  int fd() {
    return fd;
  }

  Endpoint peer() {
    return peer;
  }

  /** To be called before the question is sent, since the answer may be quick. */
  void prepareQuestion() {
    decided = false;
    waitingThread = Thread.currentThread();
  }

  /**
   * Tells the dialogue what the monitor said.
   *
   * @param why null when the login is granted
   */
  void passDecision(Refusal why) {
    refusal = why;
    decided = true;
    LockSupport.unpark(waitingThread);
  }

  /**
   * Waits for the answer. The monitor always gives one: each of its credential modules has a time
   * limit.
   *
   * @return null when the login is granted
   */
  Refusal awaitDecision() {
    while (!decided) {
      LockSupport.park(this);
    }
    return refusal;
  }

  /**
   * Closes the gate's copy; the monitor still has its own, so nothing is told to the client by
   * this.
   */
  void closeDescriptor() {
    if (fd >= 0) {
      Native.close(fd);
      fd = -1;
    }
  }
}
