package org.twoftpd.monitor.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.twoftpd.monitor.limits.ConnectionLimits.Answer;
import org.twoftpd.shared.os.AddressText;
import org.twoftpd.shared.os.Endpoint;

/** Rows 35 and 43. */
class ConnectionLimitsTest {
  private static Endpoint peer(String address) {
    return new Endpoint(AddressText.parse(address), 40000, 0);
  }

  @Test
  void eachSourceHasItsShareAndAllHaveTheirs() {
    ConnectionLimits limits = new ConnectionLimits(4, 2);
    assertEquals(Answer.WELCOME, limits.countIn(peer("192.0.2.1")));
    assertEquals(Answer.WELCOME, limits.countIn(peer("::ffff:192.0.2.1")));
    assertEquals(Answer.TOO_MANY_FROM_THERE, limits.countIn(peer("192.0.2.1")));
    assertEquals(Answer.WELCOME, limits.countIn(peer("192.0.2.2")));
    assertEquals(Answer.WELCOME, limits.countIn(peer("192.0.2.3")));
    assertEquals(Answer.TOO_MANY, limits.countIn(peer("192.0.2.4")));
    limits.countOut(peer("192.0.2.1"));
    assertEquals(Answer.WELCOME, limits.countIn(peer("192.0.2.1")));
  }

  @Test
  void anIpv6HostHasAllOfIts64() {
    ConnectionLimits limits = new ConnectionLimits(10, 1);
    assertEquals(Answer.WELCOME, limits.countIn(peer("2001:db8::1")));
    assertEquals(Answer.TOO_MANY_FROM_THERE, limits.countIn(peer("2001:db8::ffff:1")));
    assertEquals(Answer.WELCOME, limits.countIn(peer("2001:db8:0:1::1")));
  }

  private static int welcome(ConnectionLimits limits, String network) {
    int n = 0;
    while (limits.countIn(peer(String.format(network, n + 1))) == Answer.WELCOME) {
      n++;
    }
    return n;
  }

  @Test
  void row53_aWiderNetworkHasMoreAndNotWithoutEnd() {
    ConnectionLimits limits = new ConnectionLimits(1000, 8);
    assertEquals(16, welcome(limits, "2001:db8:0:%02x::1"), "of a /56");
    assertEquals(16, welcome(limits, "2001:db8:0:%02x00::1"), "of the rest of its /48");
    assertEquals(Answer.WELCOME, limits.countIn(peer("2001:db8:1::1")));
    limits.countOut(peer("2001:db8:0:1::1"));
    assertEquals(Answer.WELCOME, limits.countIn(peer("2001:db8:0:1::1")));
    assertEquals(Answer.TOO_MANY_FROM_THERE, limits.countIn(peer("2001:db8:0:1::1")));
  }

  /**
   * The name of an IPv4 client on a socket of both families, ::ffff:192.0.2.1, as accept has it.
   */
  private static Endpoint mapped() {
    ByteBuffer name = ByteBuffer.allocate(Endpoint.SOCKADDR_MAX).order(ByteOrder.nativeOrder());
    name.putShort((short) 10);
    name.put(8 + 10, (byte) 0xff).put(8 + 11, (byte) 0xff);
    name.put(8 + 12, new byte[] {(byte) 192, 0, 2, 1});
    return Endpoint.fromSockaddr(name.array(), name.capacity());
  }

  @Test
  void row43_ipv4InIpv6CountsAsIpv4() {
    ConnectionLimits limits = new ConnectionLimits(9, 2);
    assertEquals(Answer.WELCOME, limits.countIn(peer("192.0.2.1")));
    assertEquals(Answer.WELCOME, limits.countIn(mapped()));
    assertEquals(Answer.TOO_MANY_FROM_THERE, limits.countIn(mapped()));
    assertEquals(Answer.TOO_MANY_FROM_THERE, limits.countIn(peer("192.0.2.1")));
    assertEquals(Answer.WELCOME, limits.countIn(peer("192.0.2.2")));
    limits.countOut(mapped());
    assertEquals(Answer.WELCOME, limits.countIn(peer("192.0.2.1")));
    Penalties penalties = new Penalties(2, 60, List.of());
    penalties.countFailure(mapped(), 0);
    penalties.countFailure(peer("192.0.2.1"), 0);
    assertTrue(penalties.sendsAway(mapped(), 1) && penalties.sendsAway(peer("192.0.2.1"), 1));
    assertEquals("192.0.2.1", mapped().host());
  }
}
