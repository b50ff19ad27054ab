package org.twoftpd.session.confine;

/**
 * Checks the threads as a spare does, which needs no rights and changes nothing. It runs when the
 * program is built and is no part of a package.
 */
public final class ThreadsRehearsal {
  private ThreadsRehearsal() {}

  /** Asks the kernel for the status of each thread of this process. */
  public static void run() throws Confinement.Failed {
    boolean _ = ThreadCheck.open().rehearse();
  }
}
