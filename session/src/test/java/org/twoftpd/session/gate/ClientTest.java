package org.twoftpd.session.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.Native;

/** The descriptors that the gate holds for a client end with it. */
class ClientTest {
  private static final Endpoint PEER = new Endpoint(new byte[] {127, 0, 0, 1}, 40000, 0);

  @BeforeAll
  static void load() {
    Native.load();
  }

  private static int[] pair() {
    int[] ends = new int[2];
    assertEquals(0, Native.dataPair(ends));
    return ends;
  }

  private static void assertEnded(int fd) {
    assertEquals(0, Native.read(fd, new byte[1], 0, 1), "the other end is closed");
    Native.close(fd);
  }

  @Test
  void whatNobodyHasTakenIsClosed() {
    int[] connection = pair();
    int[] control = pair();
    int[] line = pair();
    Client c = new Client(1, connection[0], PEER);
    c.keepControl(control[0]);
    c.keepLine(line[0]);

    c.closeDescriptor();
    assertEnded(connection[1]);
    assertEnded(control[1]);
    assertEnded(line[1]);
    c.closeDescriptor();
  }

  @Test
  void whatTheRelayHasTakenIsItsOwn() {
    int[] connection = pair();
    int[] control = pair();
    Client c = new Client(1, connection[0], PEER);
    c.keepControl(control[0]);

    assertEquals(control[0], c.takeControl());
    c.closeDescriptor();
    assertEquals(1, Native.write(control[0], new byte[1], 0, 1));
    assertEquals(1, Native.read(control[1], new byte[1], 0, 1));
    Native.close(control[0]);
    assertEnded(control[1]);
    assertEnded(connection[1]);
  }
}
