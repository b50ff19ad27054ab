package org.twoftpd.session.control;

import org.twoftpd.shared.os.PollEvents;

/** Waits for a descriptor: a session by poll(2), the gate by parking a virtual thread. */
public interface Readiness {
  /** Something to read. */
  short READ = PollEvents.POLLIN;

  /** Room to write. */
  short WRITE = PollEvents.POLLOUT;

  /**
   * Waits until {@code fd} can be read or written, or has failed.
   *
   * @param deadline on System.nanoTime's clock
   * @return false when the time came first
   */
  boolean await(int fd, short events, long deadline);

  /** The client takes what is written to it: for whoever watches that this process moves on. */
  default void noteProgress() {}
}
