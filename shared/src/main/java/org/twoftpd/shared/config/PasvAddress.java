package org.twoftpd.shared.config;

import java.util.Arrays;

/**
 * What PASV tells the clients of one network.
 *
 * @param clients the network of those who are told it
 * @param told an IPv4 address, four bytes
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
