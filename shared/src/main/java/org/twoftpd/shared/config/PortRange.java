package org.twoftpd.shared.config;

/**
 * Ports from one to another, both of them included.
 *
 * @param low 1024 to 65535; 0 where any port will do
 * @param high at least {@code low}, at most 65535; 0 where any port will do
 */
public record PortRange(int low, int high) {
  /** The range that leaves the choice to the kernel. */
  public static final PortRange ANY = new PortRange(0, 0);
}
