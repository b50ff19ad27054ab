package org.twoftpd.session.gate;

import org.twoftpd.shared.os.Native;

/**
 * Runs a gate while the program is built, so that the archive of loaded classes (java(1),
 * -XX:AOTCache) holds those that a real gate loads. It is not part of any package and never serves
 * clients. The monitor's rehearsal starts it, without confinement, which only root could set up.
 */
final class GateRehearsal {
  private GateRehearsal() {}

  /** Runs the gate; descriptor 0 is the channel to the monitor. */
  public static void main(String[] arguments) {
    Native.load();
    // The real gate halts. This one exits, because the machine writes the archive on its way out.
    System.exit(GateMain.run());
  }
}
