package org.twoftpd.test.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.twoftpd.test.harness.Chain;
import org.twoftpd.test.harness.Dialogue;
import org.twoftpd.test.harness.FreePorts;
import org.twoftpd.test.harness.ShowsSettings;

/** Settings of data connections: PASV_ADDRESS, PASV_PORTS and BIND_PORT. */
class DataConnectionSettingsIT {
  /** No other test uses this address, so that its port 20 is free. */
  private static final String OWN_ADDRESS =
      "127.20."
          + (ProcessHandle.current().pid() >> 8 & 0xff)
          + "."
          + (ProcessHandle.current().pid() & 0xff | 1);

  private static Chain chain;

  @BeforeAll
  static void start() throws IOException {
    chain =
        Chain.options()
            .user("alice")
            .with("--address", "127.0.0.1")
            .with("--address", "::1")
            .with("--address", OWN_ADDRESS)
            .set("MAX_PER_IP", "50")
            .start();
  }

  @AfterAll
  static void stop() throws IOException {
    chain.close();
  }

  @Test
  @ShowsSettings("PASV_ADDRESS")
  void passiveAddresses() throws IOException {
    chain.reload("PASV_ADDRESS=127.0.0.0/30=192.0.2.9,203.0.113.5");
    try (Dialogue near = chain.login("alice");
        Dialogue far = chain.connectFrom("127.0.5.1")) {
      far.expect(220);
      chain.login(far, "alice");
      assertTrue(near.expect(227, "PASV").text().contains("(192,0,2,9,"));
      assertTrue(far.expect(227, "PASV").text().contains("(203,0,113,5,"));
    }
    chain.reload();
    try (Dialogue d = chain.login("alice")) {
      assertTrue(d.expect(227, "PASV").text().contains("(127,0,0,1,"));
    }
  }

  @Test
  @ShowsSettings("PASV_PORTS")
  void passivePorts() throws IOException {
    ServerSocket[] taken = FreePorts.listeners(2);
    int low = taken[0].getLocalPort();
    chain.reload("PASV_PORTS=" + low + "-" + (low + 1));
    try (ServerSocket first = taken[0];
        ServerSocket second = taken[1];
        Dialogue d = chain.login("alice")) {
      assertEquals(low, first.getLocalPort());
      d.expect(425, "EPSV");
      d.expect(425, "PASV");
      chain.eventuallyLogged("no-passive-port user=alice address=127.0.0.1");
      second.close();
      String told = d.expect(229, "EPSV").text();
      assertTrue(told.contains("(|||" + (low + 1) + "|)"), told);
      d.expect(257, "MKD ports");
      assertEquals("", d.fetchText("NLST ports"));
    }
  }

  private static void comesFromPort20(Dialogue d) throws IOException {
    try (ServerSocket s = d.active()) {
      d.send("NLST\r\n");
      try (Socket data = s.accept()) {
        assertEquals(20, data.getPort());
        d.expect(150);
        data.getInputStream().readAllBytes();
      }
      d.expect(226);
    }
  }

  private static Dialogue loginAt(int place, String address) throws IOException {
    Dialogue d = new Dialogue(address, chain.port(place));
    d.expect(220);
    return chain.login(d, "alice");
  }

  @Test
  @ShowsSettings("BIND_PORT")
  void activeFromPort20() throws IOException {
    chain.reload("BIND_PORT=20");
    try (Dialogue a = loginAt(2, OWN_ADDRESS);
        Dialogue b = loginAt(2, OWN_ADDRESS);
        Dialogue six = loginAt(1, "::1");
        ServerSocket held = a.active()) {
      // One session has a connection from that port while another makes one.
      a.send("NLST\r\n");
      try (Socket data = held.accept()) {
        assertEquals(20, data.getPort());
        comesFromPort20(b);
        comesFromPort20(b);
        comesFromPort20(six);
        a.expect(150);
        data.getInputStream().readAllBytes();
        a.expect(226);
      }
      try (ServerSocket taken = new ServerSocket(20, 1, InetAddress.ofLiteral(OWN_ADDRESS));
          ServerSocket client = b.active()) {
        assertEquals(20, taken.getLocalPort());
        assertTrue(client.getLocalPort() > 0);
        b.expect(425, "NLST");
        chain.eventuallyLogged(
            "port-failed user=alice address=127.0.0.1 reason=\"Address in use\"");
      }
      comesFromPort20(b);
    }
  }

  @Test
  void withoutTheCapabilityThereIsNoPort20() throws IOException {
    try (Chain weak =
            Chain.options()
                .startedBy("setpriv", "--bounding-set", "-net_bind_service")
                .user("alice")
                .set("BIND_PORT", "20")
                .start();
        Dialogue d = weak.login("alice");
        ServerSocket client = d.active()) {
      assertTrue(client.getLocalPort() > 0);
      d.expect(425, "NLST");
      weak.eventuallyLogged(
          "port-failed user=alice address=127.0.0.1 reason=\"Permission denied\"");
      d.expect(200, "NOOP");
      assertTrue(d.fetchText("NLST").isEmpty());
    }
  }
}
