package org.twoftpd.shared.config;

import java.util.Arrays;
import org.twoftpd.shared.os.Endpoint;

/**
 * The addresses that begin with the same bits.
 *
 * @param first 4 or 16 bytes; the bits after the first {@code bits} are zero
 * @param bits 0 to 32 for IPv4, 0 to 128 for IPv6
 */
public record IpNetwork(byte[] first, int bits) {
  static final IpNetwork ALL_IPV4 = new IpNetwork(new byte[4], 0);

  /** True for an address of the same kind that begins with these bits, whatever its port. */
  public boolean contains(Endpoint endpoint) {
    byte[] address = endpoint.address();
    if (address.length != first.length) {
      return false;
    }
    for (int i = 0; i < bits; i++) {
      if (((first[i >> 3] ^ address[i >> 3]) & 0x80 >> (i & 7)) != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof IpNetwork n && bits == n.bits && Arrays.equals(first, n.first);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(first) + bits;
  }

  @Override
  public String toString() {
    return new Endpoint(first, 0, 0).host() + "/" + bits;
  }
}
