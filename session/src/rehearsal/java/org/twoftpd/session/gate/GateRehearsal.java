/*
 * Runs when the program is built, never in service, and lies in no package.  It is the gate but for its confinement, which
 * takes root, so that the archive of loaded classes (java(1), -XX:AOTCache) has what a real one needs.
 */
package org.twoftpd.session.gate;

import org.twoftpd.shared.os.Native;

/** A gate that the monitor's rehearsal starts. */
final class GateRehearsal {
  private GateRehearsal() {}

  /** Descriptor 0 is the monitor. */
  public static void main(String[] arguments) {
    Native.load();
    // Not halted, as the gate is: what was loaded is written down on the way out.
    System.exit(GateMain.run());
  }
}
