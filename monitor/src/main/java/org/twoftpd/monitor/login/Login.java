package org.twoftpd.monitor.login;

import java.nio.charset.StandardCharsets;
import org.twoftpd.monitor.client.Connection;
import org.twoftpd.shared.config.SessionOptions;
import org.twoftpd.shared.config.Table;
import org.twoftpd.shared.log.Share;
import org.twoftpd.shared.wire.SessionMessage;

/**
 * A login that was granted: who gets a session, and of what kind.
 *
 * @param answersPassword whether the client waits for the answer to a PASS
 * @param anonymous whether nobody's credentials were asked for
 * @param asked when the login was asked for, on System.nanoTime's clock
 */
public record Login(
    Connection connection,
    Account account,
    Table table,
    SessionOptions options,
    boolean answersPassword,
    boolean anonymous,
    long asked) {

  /** Makes the message by which a spare session learns whose it is. */
  public SessionMessage.Assignment assignment() {
    return new SessionMessage.Assignment(
        account.user(),
        account.group(),
        account.uid(),
        account.gid(),
        account.groups(),
        account.home(),
        table,
        options,
        connection.peer(),
        connection.local(),
        answersPassword,
        connection.unread(),
        connection.tls().bits());
  }

  /** The user's name, byte by byte, for comparing. */
  public String user() {
    return new String(account.user(), StandardCharsets.ISO_8859_1);
  }

  /** On whose share of the log its lines are. Those of an anonymous login are its address's. */
  public Share share() {
    return anonymous
        ? Share.anonymous(account.user(), connection.peer())
        : Share.user(account.user());
  }

  /** How long ago the login was asked for, in milliseconds. */
  public long millis() {
    return (System.nanoTime() - asked) / 1_000_000;
  }
}
