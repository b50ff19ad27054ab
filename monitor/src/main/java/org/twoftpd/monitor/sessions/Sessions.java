/*
 * Trusted to know every session: whose it is, and that its end is noticed whatever ends it.
 */
package org.twoftpd.monitor.sessions;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.twoftpd.monitor.client.Connection;
import org.twoftpd.monitor.login.Login;
import org.twoftpd.monitor.loop.BackgroundCloser;
import org.twoftpd.monitor.loop.EventLoop;
import org.twoftpd.monitor.process.ChildCommands;
import org.twoftpd.monitor.who.StatusSocket;
import org.twoftpd.shared.log.Journal;
import org.twoftpd.shared.log.TransferWriter;
import org.twoftpd.shared.os.SystemCallException;

/** The sessions that run, and the spares behind them. */
public final class Sessions
    implements SessionProcess.Keeper, SparePool.Waiters, StatusSocket.Sessions {
  private final SessionLog log;
  private final BackgroundCloser closer;
  private final SparePool pool;
  private final Consumer<Connection> clientGone;
  private final Map<String, Integer> byUser = new HashMap<>();
  private final Map<Integer, SessionProcess> byPid = new TreeMap<>();

  /**
   * @param transfers null when transfers have no log of their own
   * @param spares how many sessions wait ready
   * @param spawnRate processes started in a second, at most; 0 for as many as the machine bears
   * @param clientGone is told each client that has gone after its login
   */
  public Sessions(
      EventLoop loop,
      ChildCommands commands,
      Journal journal,
      TransferWriter transfers,
      int spares,
      int spawnRate,
      Consumer<Connection> clientGone) {
    this.log = new SessionLog(journal, transfers);
    this.clientGone = clientGone;
    this.closer = loop.closer();
    this.pool = new SparePool(loop, commands, this, this, log, spares, spawnRate);
  }

  /** Starts the spares. */
  public void start() {
    pool.refill();
  }

  /**
   * Uses other numbers of spares and of starts in a second; sessions that run are not touched.
   *
   * @param spawnRate 0 for as many as the machine bears
   */
  public void use(int spares, int spawnRate) {
    pool.use(spares, spawnRate);
  }

  /** The log of transfers may have been given another name: a new file is begun. */
  public void reopenTransferLog() {
    log.reopenTransferLog();
  }

  /**
   * Counts the sessions of a user, and the logins that wait for one. Anonymous ones are nobody's:
   * the name of their account is only what listings show, and may be a user's too.
   */
  public int countOf(String user) {
    return byUser.getOrDefault(user, 0);
  }

  /** Gives a login its session, now or when there is one. */
  public void serve(Login login) {
    if (!login.anonymous()) {
      byUser.merge(login.user(), 1, Integer::sum);
    }
    pool.serve(login);
  }

  private void countOut(Login login) {
    if (!login.anonymous()) {
      byUser.computeIfPresent(login.user(), (_, n) -> n == 1 ? null : n - 1);
    }
    clientGone.accept(login.connection());
  }

  // --- what happens to a session

  @Override
  public void ready(SessionProcess session) {
    pool.addReady(session);
  }

  @Override
  public void serving(SessionProcess session) {
    byPid.put(session.pid(), session);
    log.loggedIn(session);
  }

  @Override
  public void wantsPort(SessionProcess session) {
    int fd = -1;
    try {
      fd = PrivilegedPort.open(session.login().connection().local());
    } catch (SystemCallException e) {
      log.portFailed(session, e);
    }
    session.grantPort(fd);
    if (fd >= 0) {
      closer.closeKeepingLinger(fd);
    }
  }

  @Override
  public void ending(SessionProcess session) {
    pool.discard(session);
  }

  @Override
  public void gone(SessionProcess session) {
    // Its pid may be another session's by now.
    byPid.remove(session.pid(), session);
    if (session.login() == null) {
      pool.handleLoss(session);
      return;
    }
    countOut(session.login());
    log.gone(session);
  }

  // --- logins that get no session

  @Override
  public void refuseWait(Login login) {
    log.tooManyWait(login);
    dismiss(login, "421 Too many logins are waiting (SPAWN_RATE). Try again later.");
  }

  @Override
  public void endWait(Login login) {
    log.waitedInVain(login);
    dismiss(login, "421 The service is too busy. Try again later.");
  }

  private void dismiss(Login login, String reply) {
    Connection c = login.connection();
    c.replyOnRelease(reply);
    c.release();
    countOut(login);
  }

  // --- questions of twoftpd-who(8)

  /**
   * For each session pid, user, address, when it was asked for in seconds since 1970, and table.
   */
  @Override
  public String list() {
    StringBuilder text = new StringBuilder();
    long now = System.currentTimeMillis();
    for (SessionProcess s : byPid.values()) {
      Login l = s.login();
      text.append(s.pid())
          .append('\t')
          .append(StatusSocket.field(l.account().user()))
          .append('\t')
          .append(l.connection().peer().host())
          .append('\t')
          .append((now - l.millis()) / 1000)
          .append('\t')
          .append(l.table().name().toLowerCase(Locale.ROOT))
          .append('\n');
    }
    return text.toString();
  }

  @Override
  public boolean end(int pid) {
    SessionProcess session = byPid.get(pid);
    if (session == null) {
      return false;
    }
    session.kill();
    return true;
  }
}
