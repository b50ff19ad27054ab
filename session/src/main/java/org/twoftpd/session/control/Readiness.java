/*
 * Trusted with nothing: waiting, in the way of the process that waits.
 */
package org.twoftpd.session.control;

/** Waits for a descriptor: a session by poll(2), the gate by parking a virtual thread. */
public interface Readiness {
  /** Something to read, POLLIN of poll(2). */
  short READ = 1;

  /** Room to write, POLLOUT of poll(2). */
  short WRITE = 4;

  /**
   * Waits until {@code fd} can be read or written, or has failed.
   *
   * @param deadline on System.nanoTime's clock
   * @return false when the time came first
   */
  boolean await(int fd, short events, long deadline);

  /** The client takes what is written to it: for whoever watches that this process moves on. */
  default void moved() {}
}
