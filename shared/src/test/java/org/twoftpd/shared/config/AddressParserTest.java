package org.twoftpd.shared.config;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.twoftpd.shared.os.Endpoint;

/** Values that hold an address: which forms are read, and which are refused. */
final class AddressParserTest {
  private static Endpoint host(int... address) {
    byte[] bytes = new byte[address.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) address[i];
    }
    return new Endpoint(bytes, 0, 0);
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0:21, 0.0.0.0:21",
    "192.0.2.255:65535, 192.0.2.255:65535",
    "[::]:21, [::]:21",
    "[2001:DB8::1]:2121, [2001:db8::1]:2121",
    "[1:2:3:4:5:6:7:8]:1, [1:2:3:4:5:6:7:8]:1",
    "[::ffff:192.0.2.1]:21, 192.0.2.1:21",
  })
  void readsAddressesWithPorts(String text, String meant) throws BadValueException {
    assertEquals(meant, AddressParser.parseEndpoint(text, 0).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "21",
        "localhost:21",
        "0.0.0.0",
        "0.0.0.0:",
        "0.0.0.0:65536",
        "0.0.0.0:-1",
        "0.0.0.0:+1",
        "0.0.0.0: 1",
        "0.0.0.0:0x15",
        "256.0.0.1:21",
        "1.2.3:21",
        "1.2.3.4.5:21",
        "01.2.3.4:21",
        "1.2.3.4 :21",
        "[1.2.3.4]:21",
        "::1:21",
        "[::1:21",
        "::1]:21",
        "[]:21",
        "[:::]:21",
        "[1::2::3]:21",
        "[12345::]:21",
        "[1:2:3:4:5:6:7:8:9]:21",
        "[1:2:3:4:5:6:7]:21",
        "[1:2:3:4:5:6:7:8::]:21",
        "[fe80::1%eth0]:21",
        "[::1.2.3]:21",
        "[::g]:21",
        "[1:]:21",
        "[[::1]]:21",
        "1.2.3.4:\u0662\u0661",
        "\u0661.2.3.4:21"
      })
  void refusesOtherAddresses(String text) {
    assertThrows(BadValueException.class, () -> AddressParser.parseEndpoint(text, 0));
  }

  @Test
  void knowsWhatANetworkHolds() throws BadValueException {
    IpNetwork n = AddressParser.parseNetwork("10.128.0.0/9");
    assertTrue(n.contains(host(10, 128, 0, 0)));
    assertTrue(n.contains(host(10, 255, 255, 255)));
    assertFalse(n.contains(host(10, 127, 255, 255)));
    assertFalse(n.contains(host(11, 128, 0, 0)));
    assertFalse(n.contains(host(10, 128, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)));
    assertTrue(AddressParser.parseNetwork("0.0.0.0/0").contains(host(203, 0, 113, 9)));
    assertTrue(AddressParser.parseNetwork("192.0.2.7").contains(host(192, 0, 2, 7)));
    assertFalse(AddressParser.parseNetwork("192.0.2.7").contains(host(192, 0, 2, 6)));
    IpNetwork six = AddressParser.parseNetwork("2001:db8::/33");
    assertTrue(six.contains(AddressParser.parseEndpoint("[2001:db8:7fff::1]:0", 0)));
    assertFalse(six.contains(AddressParser.parseEndpoint("[2001:db8:8000::1]:0", 0)));
    assertEquals("2001:db8::/33", six.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.1.0.0/8",
        "0.0.0.0/33",
        "::/129",
        "10.0.0.0/",
        "/8",
        "10.0.0.0/-1",
        "10.0.0.0/8/8"
      })
  void refusesOtherNetworks(String text) {
    assertThrows(BadValueException.class, () -> AddressParser.parseNetwork(text));
  }

  @Test
  void readsWhatPasvTells() throws BadValueException {
    PasvAddress all = AddressParser.parsePasvAddress("203.0.113.5");
    assertTrue(all.clients().contains(host(1, 2, 3, 4)));
    assertArrayEquals(new byte[] {(byte) 203, 0, 113, 5}, all.told());
    assertFalse(
        AddressParser.parsePasvAddress("10.0.0.0/8=10.0.0.1").clients().contains(host(1, 2, 3, 4)));
    for (String bad :
        new String[] {"::1", "::/0=1.2.3.4", "10.0.0.0/8=::1", "=1.2.3.4", "10.0.0.0/8="}) {
      assertThrows(BadValueException.class, () -> AddressParser.parsePasvAddress(bad), bad);
    }
  }
}
