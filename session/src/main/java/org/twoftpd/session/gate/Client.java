/*
 * Trusted with the descriptor of one client that has not logged in, and with the monitor's decision about its login.
 */
package org.twoftpd.session.gate;

import java.util.concurrent.locks.LockSupport;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.wire.Refusal;

/** Holds what the gate knows of one client. */
final class Client {
  private final long connection;
  private final Endpoint peer;
  private int fd;
  private volatile Thread waitingThread;
  private volatile boolean decided;
  private volatile Refusal refusal;
  private int control = -1;
  private int line = -1;

  Client(long connection, int fd, Endpoint peer) {
    this.connection = connection;
    this.fd = fd;
    this.peer = peer;
  }

  /** Returns the number by which the monitor and the gate name this connection. */
  long connection() {
    return connection;
  }

  int fd() {
    return fd;
  }

  Endpoint peer() {
    return peer;
  }

  /** Keeps its session's end of the control connection, until {@link #takeControl}. */
  void keepControl(int descriptor) {
    control = descriptor;
  }

  /** Keeps its end of the line to its session, until {@link #takeLine}. */
  void keepLine(int descriptor) {
    line = descriptor;
  }

  int takeControl() {
    int taken = control;
    control = -1;
    return taken;
  }

  int takeLine() {
    int taken = line;
    line = -1;
    return taken;
  }

  /**
   * Prepares to wait for a decision. Call it before sending the question: the answer may be quick.
   */
  void prepareQuestion() {
    decided = false;
    waitingThread = Thread.currentThread();
  }

  /**
   * Passes the decision of the monitor to the thread that waits for it.
   *
   * @param why null when the login is granted
   */
  void passDecision(Refusal why) {
    refusal = why;
    decided = true;
    LockSupport.unpark(waitingThread);
  }

  /**
   * Waits for the decision, without a time limit: the monitor always sends one, since each
   * credential module has a time limit.
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
   * Closes the gate's copy of the connection, and what leads to a session that nobody has taken.
   * The monitor holds another copy, so the client's connection stays open.
   */
  void closeDescriptor() {
    for (int d : new int[] {fd, takeControl(), takeLine()}) {
      if (d >= 0) {
        Native.close(d);
      }
    }
    fd = -1;
  }
}
