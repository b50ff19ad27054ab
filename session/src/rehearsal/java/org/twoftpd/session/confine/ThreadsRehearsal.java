/*
 * Runs when the program is built, never in service, and lies in no package.
 */
package org.twoftpd.session.confine;

/** Goes through the threads as a spare does, which needs no rights and changes nothing. */
public final class ThreadsRehearsal {
  private ThreadsRehearsal() {}

  /** Asks the kernel what each thread of this process is. */
  public static void run() throws Confinement.Failed {
    boolean _ = ThreadCheck.open().rehearse();
  }
}
