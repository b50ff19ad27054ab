package org.twoftpd.shared.config;

import org.twoftpd.shared.os.Endpoint;

/**
 * An address to listen on.
 *
 * @param overTls whether TLS begins with the first byte there, as RFC 4217 leaves it to old clients
 */
public record ListenAddress(Endpoint address, boolean overTls) {
  private static final String TLS = "tls:";

  /** ADDRESS:PORT, with tls: in front where TLS begins with the first byte. */
  static ListenAddress parse(String text) throws BadValueException {
    boolean overTls = text.startsWith(TLS);
    return new ListenAddress(
        AddressParser.parseEndpoint(overTls ? text.substring(TLS.length()) : text, 0), overTls);
  }

  @Override
  public String toString() {
    return (overTls ? TLS : "") + address;
  }
}
