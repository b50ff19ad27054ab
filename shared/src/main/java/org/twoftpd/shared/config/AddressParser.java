/*
 * Trusted to read addresses as root.  It takes numbers alone and asks no resolver, since to resolve a name means
 * to read what the network says.
 */
package org.twoftpd.shared.config;

import org.twoftpd.shared.os.AddressText;
import org.twoftpd.shared.os.Endpoint;

/** Reads values that hold an address. Each method takes exactly one form, and throws for others. */
final class AddressParser {
  private AddressParser() {}

  static byte[] parseAddress(String text) throws BadValueException {
    byte[] address = AddressText.parse(text);
    if (address == null) {
      throw new BadValueException();
    }
    return address;
  }

  /** Reads ADDRESS:PORT, with an IPv6 address in brackets. */
  static Endpoint parseEndpoint(String text, int lowestPort) throws BadValueException {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw new BadValueException();
    }
    String host = text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (bracketed != host.indexOf(':') >= 0) {
      throw new BadValueException();
    }
    byte[] address = parseAddress(bracketed ? host.substring(1, host.length() - 1) : host);
    int port = (int) NumberTypes.parseDecimal(text.substring(colon + 1), lowestPort, 65535);
    return new Endpoint(address, port, 0);
  }

  /** Reads ADDRESS/BITS, or one address. */
  static IpNetwork parseNetwork(String text) throws BadValueException {
    int slash = text.indexOf('/');
    byte[] first = parseAddress(slash < 0 ? text : text.substring(0, slash));
    int width = 8 * first.length;
    int bits =
        slash < 0 ? width : (int) NumberTypes.parseDecimal(text.substring(slash + 1), 0, width);
    for (int i = bits; i < width; i++) {
      if ((first[i >> 3] & 0x80 >> (i & 7)) != 0) {
        throw new BadValueException(); // 10.1.0.0/8: either the address or the length is a slip
      }
    }
    return new IpNetwork(first, bits);
  }

  /** Reads ADDRESS for every client, or NETWORK=ADDRESS; both are of IPv4, as PASV is. */
  static PasvAddress parsePasvAddress(String text) throws BadValueException {
    int equals = text.indexOf('=');
    IpNetwork clients = equals < 0 ? IpNetwork.ALL_IPV4 : parseNetwork(text.substring(0, equals));
    byte[] told = parseAddress(text.substring(equals + 1));
    if (clients.first().length != 4 || told.length != 4) {
      throw new BadValueException();
    }
    return new PasvAddress(clients, told);
  }
}
