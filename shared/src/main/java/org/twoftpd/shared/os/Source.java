/*
 * Trusted to say which addresses are one client, so that nobody gets more of anything by having many addresses.
 */
package org.twoftpd.shared.os;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * The names under which a client is counted. An IPv4 client is counted by its address. An IPv6
 * client is counted by its /64, since one host can have all of that. A site is given a /56 or a /48
 * and could appear as many clients with it, so these networks are counted too, and may have several
 * times as much as one client.
 */
public final class Source {
  private static final int HOST_BYTES = 8;
  private static final int SITE_BYTES = 7;
  private static final int LARGE_SITE_BYTES = 6;

  private Source() {}

  /**
   * A network that a client is part of.
   *
   * @param name differs from that of every other network, of whatever size
   * @param shares how many times as much it may have as one client
   */
  public record Network(String name, int shares) {}

  /** The name of the client itself. */
  public static String of(Endpoint peer) {
    byte[] a = peer.address();
    return peer.isIpv4() ? HexFormat.of().formatHex(a) : prefix(a, HOST_BYTES);
  }

  /** The client itself, followed by the wider networks that it is part of. */
  public static List<Network> networks(Endpoint peer) {
    Network self = new Network(of(peer), 1);
    if (peer.isIpv4()) {
      return List.of(self);
    }
    byte[] a = peer.address();
    return List.of(
        self, new Network(prefix(a, SITE_BYTES), 2), new Network(prefix(a, LARGE_SITE_BYTES), 4));
  }

  private static String prefix(byte[] address, int bytes) {
    return HexFormat.of().formatHex(Arrays.copyOf(address, bytes));
  }
}
