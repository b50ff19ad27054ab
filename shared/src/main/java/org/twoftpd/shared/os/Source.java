/*
 * Trusted to say which addresses are one client.
 */
package org.twoftpd.monitor.listen;

import java.util.Arrays;
import java.util.HexFormat;
import org.twoftpd.shared.os.Endpoint;

/**
 * The name under which a client is counted: its IPv4 address, or its /64, all of which one host
 * has.
 */
final class Source {
  private static final int PREFIX_BYTES = 8;

  private Source() {}

  static String of(Endpoint peer) {
    byte[] a = peer.address();
    return HexFormat.of().formatHex(peer.isIpv4() ? a : Arrays.copyOf(a, PREFIX_BYTES));
  }
}
