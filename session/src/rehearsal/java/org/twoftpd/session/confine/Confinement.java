/*
 * Runs when the program is built, never in service, and lies in no package.  It stands in front of the real class while the
 * gate is rehearsed, since confinement takes root and cannot be undone.
 */
package org.twoftpd.session.confine;

/** What of confinement takes no rights and changes nothing. */
public final class Confinement {
  /** A step that failed. */
  public static final class Failed extends Exception {
    private static final long serialVersionUID = 1L;

    Failed(String step, int result) {
      super(step + ": " + result, null, false, false);
    }

    Failed(String what) {
      super(what, null, false, false);
    }
  }

  private Confinement() {}

  /** Makes the filter and goes through the threads, as the real one does. */
  public static void ofGate(int uid, int gid, byte[] root, int clients) throws Failed {
    byte[] _ = KernelFilter.ofGate();
    boolean _ = ThreadCheck.open().rehearse();
  }
}
