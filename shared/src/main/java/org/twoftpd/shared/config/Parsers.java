/*
 * Trusted with values that have parts: addresses, networks, credential modules.  Numbers and paths only: nothing here
 * asks a resolver, since the process that reads settings is root and resolving means to read what the network says.
 */
package org.twoftpd.shared.config;

import java.nio.charset.StandardCharsets;
import org.twoftpd.shared.os.AddressText;
import org.twoftpd.shared.os.Endpoint;

/** Each takes exactly one form, and throws for the rest. */
final class Parsers {
  /** sun_path of unix(7) has room for 108 bytes, the last of which is NUL. */
  private static final int SOCKET_PATH_MAX = 107;

  private Parsers() {}

  static byte[] address(String text) throws BadValueException {
    byte[] address = AddressText.parse(text);
    if (address == null) {
      throw new BadValueException();
    }
    return address;
  }

  /** ADDRESS:PORT, an IPv6 address in brackets. */
  static Endpoint endpoint(String text, int lowestPort) throws BadValueException {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw new BadValueException();
    }
    String host = text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (bracketed != host.indexOf(':') >= 0) {
      throw new BadValueException();
    }
    byte[] address = address(bracketed ? host.substring(1, host.length() - 1) : host);
    int port = (int) NumberTypes.decimal(text.substring(colon + 1), lowestPort, 65535);
    return new Endpoint(address, port, 0);
  }

  /** ADDRESS/BITS, or one address. */
  static IpNetwork network(String text) throws BadValueException {
    int slash = text.indexOf('/');
    byte[] first = address(slash < 0 ? text : text.substring(0, slash));
    int width = 8 * first.length;
    int bits = slash < 0 ? width : (int) NumberTypes.decimal(text.substring(slash + 1), 0, width);
    for (int i = bits; i < width; i++) {
      if ((first[i >> 3] & 0x80 >> (i & 7)) != 0) {
        throw new BadValueException(); // 10.1.0.0/8: either the address or the length is a slip
      }
    }
    return new IpNetwork(first, bits);
  }

  /** ADDRESS for every client, or NETWORK=ADDRESS; IPv4, as PASV is. */
  static PasvAddress pasvAddress(String text) throws BadValueException {
    int equals = text.indexOf('=');
    IpNetwork clients = equals < 0 ? IpNetwork.ALL_IPV4 : network(text.substring(0, equals));
    byte[] told = address(text.substring(equals + 1));
    if (clients.first().length != 4 || told.length != 4) {
      throw new BadValueException();
    }
    return new PasvAddress(clients, told);
  }

  /** One credential module, as the original names them. */
  static CvmSettings.Module cvmModule(String text) throws BadValueException {
    String local = after("cvm-local:", text);
    if (local != null) {
      String path = TextTypes.checkPath(local);
      if (path.getBytes(StandardCharsets.UTF_8).length > SOCKET_PATH_MAX) {
        throw new BadValueException();
      }
      return new CvmSettings.Module.Local(path);
    }
    String udp = after("cvm-udp:", text);
    if (udp != null) {
      String port = after("localhost:", udp);
      return new CvmSettings.Module.Udp(endpoint(port == null ? udp : "127.0.0.1:" + port, 1));
    }
    String command = after("cvm-command:", text);
    return new CvmSettings.Module.Command(TextTypes.checkPath(command == null ? text : command));
  }

  private static String after(String prefix, String text) {
    return text.startsWith(prefix) ? text.substring(prefix.length()) : null;
  }
}
