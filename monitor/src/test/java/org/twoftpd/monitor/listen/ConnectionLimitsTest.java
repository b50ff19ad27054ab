package org.twoftpd.monitor.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.twoftpd.monitor.listen.ConnectionLimits.Answer;
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
    assertEquals(Answer.WELCOME, limits.enter(peer("192.0.2.1")));
    assertEquals(Answer.WELCOME, limits.enter(peer("::ffff:192.0.2.1")));
    assertEquals(Answer.TOO_MANY_FROM_THERE, limits.enter(peer("192.0.2.1")));
    assertEquals(Answer.WELCOME, limits.enter(peer("192.0.2.2")));
    assertEquals(Answer.WELCOME, limits.enter(peer("192.0.2.3")));
    assertEquals(Answer.TOO_MANY, limits.enter(peer("192.0.2.4")));
    limits.leave(peer("192.0.2.1"));
    assertEquals(Answer.WELCOME, limits.enter(peer("192.0.2.1")));
  }

  @Test
  void anIpv6HostHasAllOfIts64() {
    ConnectionLimits limits = new ConnectionLimits(10, 1);
    assertEquals(Answer.WELCOME, limits.enter(peer("2001:db8::1")));
    assertEquals(Answer.TOO_MANY_FROM_THERE, limits.enter(peer("2001:db8::ffff:1")));
    assertEquals(Answer.WELCOME, limits.enter(peer("2001:db8:0:1::1")));
  }
}
