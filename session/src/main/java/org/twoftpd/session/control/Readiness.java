package org.twoftpd.session.control;

import org.twoftpd.shared.os.PollEvents;

/**
 * Waits until a descriptor can be read or written. A session, which has one thread, does so by
 * poll(2); the gate, which serves many clients, parks a virtual thread.
 */
public interface Readiness {
  /** Asks for a descriptor that can be read. */
  short READ = PollEvents.POLLIN;

  /** Asks for a descriptor that can be written to. */
  short WRITE = PollEvents.POLLOUT;

  /**
   * Waits until {@code fd} can be read or written, or has failed; the caller learns which when it
   * reads or writes.
   *
   * @param events {@link #READ} or {@link #WRITE}
   * @param deadline when to stop waiting, on the clock of System.nanoTime
   * @return false when the deadline came first
   */
  boolean await(int fd, short events, long deadline);

  /** Notes that the client took some bytes, as a sign that this process is making progress. */
  default void noteProgress() {}
}
