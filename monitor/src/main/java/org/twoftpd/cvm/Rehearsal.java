/*
 * Trusted with nothing: runs when the program is built, never in service.  It is twoftpd-cvm with the rights of whoever
 * builds, so that the archive of loaded classes (java(1), -XX:AOTCache) has what a real one needs.
 */
package org.twoftpd.cvm;

/** A credential module that the monitor's rehearsal asks. */
final class Rehearsal {
  private Rehearsal() {}

  /** The arguments are those of twoftpd-cvm, without --user. Ends by a signal. */
  public static void main(String[] arguments) {
    Main.run(arguments, false);
  }
}
