package org.twoftpd.session.confine;

/**
 * Replaces the real class while the build rehearses the gate, and does the part of confinement that
 * needs no rights and changes nothing: real confinement needs root and cannot be undone. It is no
 * part of a package.
 */
public final class Confinement {
  /** Says which step failed. */
  public static final class Failed extends Exception {
    private static final long serialVersionUID = 1L;

    Failed(String problem, int result) {
      super(problem + ": " + result, null, false, false);
    }

    Failed(String problem) {
      super(problem, null, false, false);
    }
  }

  private Confinement() {}

  /** Builds the filter and checks the threads, as the real method does. */
  public static void confineGate(int uid, int gid, byte[] root, int clients, boolean tls)
      throws Failed {
    byte[] _ = KernelFilter.buildGateProgram(true);
    boolean _ = ThreadCheck.open().rehearse();
  }
}
