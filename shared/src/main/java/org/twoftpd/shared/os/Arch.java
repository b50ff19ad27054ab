/*
 * Trusted with nothing: names the machine, for the few numbers of the kernel's interface that differ between machines.
 */
package org.twoftpd.shared.os;

/** The machines that twoftpd runs on. */
public enum Arch {
  X86_64,
  AARCH64;

  private static final Arch CURRENT = of(System.getProperty("os.arch"));

  /** The machine that this process runs on. */
  public static Arch current() {
    return CURRENT;
  }

  private static Arch of(String name) {
    return switch (name) {
      case "amd64", "x86_64" -> X86_64;
      case "aarch64" -> AARCH64;
      default -> throw new IllegalStateException("not made for a machine of the kind " + name);
    };
  }
}
