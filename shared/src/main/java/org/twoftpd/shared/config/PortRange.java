package org.twoftpd.shared.config;

/**
 * Ports from one to another, both of them included.
 *
 * @param low 1024 to 65535; 0 where any port will do
 * @param high at least {@code low}, at most 65535; 0 where any port will do
 */
public record PortRange(int low, int high) {
  /** Any port: the kernel chooses. */
  public static final PortRange ANY = new PortRange(0, 0);
}
