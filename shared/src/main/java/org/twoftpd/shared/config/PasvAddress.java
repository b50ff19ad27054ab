package org.twoftpd.shared.config;

import java.util.Arrays;

/**
 * What PASV tells the clients of one network.
 *
 * @param clients whom it is told
 * @param told four bytes of IPv4 address
 */
public record PasvAddress(IpNetwork clients, byte[] told) {
  @Override
  public boolean equals(Object o) {
    return o instanceof PasvAddress a && clients.equals(a.clients) && Arrays.equals(told, a.told);
  }

  @Override
  public int hashCode() {
    return 31 * clients.hashCode() + Arrays.hashCode(told);
  }
}
