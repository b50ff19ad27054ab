/*
 * Trusted with nothing: on whose account a session is had.
 */
package org.twoftpd.monitor.process;

import java.util.List;
import org.twoftpd.monitor.login.Login;
import org.twoftpd.shared.os.Source;

/**
 * Those who have a session more when a login has one.
 *
 * @param networks the client's address first
 * @param user empty for an anonymous login, which is nobody's
 */
record Share(List<Source.Network> networks, String user) {

  static Share of(Login login) {
    return new Share(
        Source.networks(login.connection().peer()), login.anonymous() ? "" : login.user());
  }

  /** The client's own address. */
  String source() {
    return networks.getFirst().name();
  }
}
