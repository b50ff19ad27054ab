package org.twoftpd.monitor.gate;

import org.twoftpd.monitor.client.Connection;
import org.twoftpd.shared.wire.GateMessage;

/** Whoever decides about the clients. */
public interface GateClients {
  /** The gate can be given clients from now on, or not any more. */
  void gateTakesClients(boolean takes);

  /** A client gave a name and a password. */
  void passwordGiven(Connection connection, GateMessage.LoginRequest request);

  /** A client wants the anonymous service. */
  void anonymousWanted(Connection connection, boolean answersPassword);

  /** A client has gone without a login. */
  void gone(Connection connection);

  /** A connection was lost with the gate; it is still open. */
  void lost(Connection connection);
}
