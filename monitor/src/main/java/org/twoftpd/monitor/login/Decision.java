package org.twoftpd.monitor.login;

import org.twoftpd.monitor.client.Connection;
import org.twoftpd.shared.wire.Refusal;

/** What came of one question about a login. Each question is decided once. */
public sealed interface Decision {
  /** The client may have a session, if its user has not too many already. */
  record Granted(Login login) implements Decision {}

  /** The client may not, and is to be told now. The log has the reason. */
  record Refused(Connection connection, Refusal answer) implements Decision {}

  /** The client had gone before its answer was due, and need not be counted any more. */
  record Abandoned(Connection connection) implements Decision {}
}
