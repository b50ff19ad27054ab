package org.twoftpd.monitor.sessions;

import java.util.List;
import org.twoftpd.monitor.login.Login;
import org.twoftpd.shared.os.Source;

/**
 * Where a login comes from: the address and the user that a session is counted for.
 *
 * @param networks the client's address first
 * @param user empty for an anonymous login, which is nobody's
 */
record LoginOrigin(List<Source.Network> networks, String user) {

  static LoginOrigin of(Login login) {
    return new LoginOrigin(
        Source.networks(login.connection().peer()), login.anonymous() ? "" : login.user());
  }

  /** The client's own address. */
  String source() {
    return networks.getFirst().name();
  }
}
