/*
 * Trusted to know every session: whose it is, what is logged of it, and that its end is noticed whatever ends it.
 */
package org.twoftpd.monitor.sessions;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.twoftpd.monitor.client.Connection;
import org.twoftpd.monitor.limits.LogBudget;
import org.twoftpd.monitor.login.Login;
import org.twoftpd.monitor.loop.BackgroundCloser;
import org.twoftpd.monitor.loop.EventLoop;
import org.twoftpd.monitor.process.ChildCommands;
import org.twoftpd.monitor.who.StatusSocket;
import org.twoftpd.shared.log.Event;
import org.twoftpd.shared.log.Journal;
import org.twoftpd.shared.log.Share;
import org.twoftpd.shared.log.TransferWriter;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.wire.Deed;
import org.twoftpd.shared.wire.Message;

/** The sessions that run, and the spares behind them. */
public final class Sessions
    implements SessionProcess.Keeper, SparePool.Reporter, StatusSocket.Sessions {
  private static final byte[] NO_SESSION =
      "no session process within a minute".getBytes(StandardCharsets.US_ASCII);

  /**
   * What sessions may have logged in a second: all of them, those of one user, and when the others
   * leave nothing those of one user who comes seldom and of all such users. More than the fastest
   * client with the smallest files makes of it, and few enough for the log.
   */
  private static final int OF_ALL = 10_000;

  private static final int OF_USER = 5000;
  private static final int OWN = 100;
  private static final int REST = 5000;

  private final LogBudget budget = new LogBudget(OF_ALL, OF_USER, OWN, REST, System.nanoTime());
  private final Journal journal;
  private final TransferWriter transfers;
  private final BackgroundCloser closer;
  private final SparePool pool;
  private final Departure departure;
  private final Map<String, Integer> byUser = new HashMap<>();
  private final Map<Integer, SessionProcess> byPid = new TreeMap<>();

  /** Told when a client has nothing to do with this service any more. */
  public interface Departure {
    /** The client of a login is gone. */
    void left(Endpoint peer);
  }

  /**
   * @param transfers null for none
   * @param spares how many sessions wait ready
   * @param spawnRate processes started in a second, at most; 0 for as many as the machine bears
   */
  public Sessions(
      EventLoop loop,
      ChildCommands layout,
      Journal journal,
      TransferWriter transfers,
      int spares,
      int spawnRate,
      Departure departure) {
    this.journal = journal;
    this.transfers = transfers;
    this.departure = departure;
    this.closer = loop.closer();
    this.pool = new SparePool(loop, layout, this, this, spares, spawnRate);
  }

  /** Starts the spares. */
  public void start() {
    pool.refill();
  }

  /** Other numbers of spares and of starts in a second; sessions that run are not touched. */
  public void use(int spares, int spawnRate) {
    pool.use(spares, spawnRate);
  }

  /** The log of transfers may have been given another name: goes on with a new file. */
  public void reopenTransferLog() {
    if (transfers != null) {
      transfers.reopen();
    }
  }

  /**
   * How many sessions a user has, those counted that wait for one. Anonymous ones are nobody's: the
   * name of their account is only what listings show, and may be a user's too.
   */
  public int countOf(String user) {
    return byUser.getOrDefault(user, 0);
  }

  /** Gives a login its session. */
  public void serve(Login login) {
    if (!login.anonymous()) {
      byUser.merge(login.user(), 1, Integer::sum);
    }
    pool.serve(login);
  }

  private void forget(Login login) {
    if (!login.anonymous()) {
      byUser.computeIfPresent(login.user(), (_, n) -> n == 1 ? null : n - 1);
    }
  }

  @Override
  public void ready(SessionProcess session) {
    pool.ready(session);
  }

  @Override
  public void serving(SessionProcess session) {
    Login l = session.login();
    byPid.put(session.pid(), session);
    journal.write(
        session.share(),
        new Event.Login(
            l.account().user(),
            l.connection().peer(),
            l.table(),
            l.account().uid(),
            session.pid(),
            l.millis()));
  }

  @Override
  public void did(SessionProcess session, Message.Activity a) {
    Login l = session.login();
    journal.write(session.share(), ActivityEvents.of(a, l.account().user(), l.connection().peer()));
    boolean transfer = a.deed() == Deed.UPLOAD || a.deed() == Deed.DOWNLOAD;
    if (transfer && transfers != null) {
      transfers.write(session.share(), ActivityEvents.transfer(a, l));
    }
  }

  @Override
  public void wasUnheard(SessionProcess session, long lines) {
    Login l = session.login();
    journal.write(
        session.share(),
        new Event.Unheard(l.account().user(), l.connection().peer(), session.pid(), lines));
  }

  @Override
  public boolean mayLog(SessionProcess session, int size) {
    return budget.take(session.share(), size, System.nanoTime());
  }

  @Override
  public boolean isLogCrowded(SessionProcess session) {
    return journal.isCrowded(session.share())
        || transfers != null && transfers.isCrowded(session.share());
  }

  @Override
  public void heldBack(SessionProcess session) {
    Login l = session.login();
    journal.write(
        session.share(),
        new Event.HeldBack(l.account().user(), l.connection().peer(), session.pid(), OF_USER));
  }

  @Override
  public void wantsPort(SessionProcess session) {
    Login l = session.login();
    int fd = -1;
    try {
      fd = PrivilegedPort.open(l.connection().local());
    } catch (SystemCallException e) {
      journal.write(
          session.share(),
          new Event.PortFailed(l.account().user(), l.connection().peer(), e.getMessage()));
    }
    session.grantPort(fd);
    if (fd >= 0) {
      closer.closeShared(fd);
    }
  }

  /** For each session pid, user, address, seconds since 1970 when it was asked for, and table. */
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
    session.end();
    return true;
  }

  @Override
  public void said(SessionProcess session, byte[] line) {
    Share whose = session.share() == null ? Share.SERVICE : session.share();
    journal.write(whose, new Event.Stderr("session", session.pid(), line));
  }

  @Override
  public void violated(SessionProcess session, String what) {
    pool.discard(session);
    journal.write(new Event.Violation("session", session.pid(), what));
  }

  @Override
  public void hung(SessionProcess session, String what) {
    pool.discard(session);
    journal.write(new Event.Hung("session", session.pid(), what));
  }

  @Override
  public void gone(SessionProcess session) {
    // Its number may be another session's by now.
    byPid.remove(session.pid(), session);
    Login l = session.login();
    if (l == null) {
      pool.lost(session);
      return;
    }
    forget(l);
    departure.left(l.connection().peer());
    Message.Ended e = session.ended();
    if (e != null) {
      journal.write(
          session.share(),
          new Event.End(
              l.account().user(),
              l.connection().peer(),
              e.reason(),
              e.bytesIn(),
              e.bytesOut(),
              l.millis() / 1000));
    } else if (session.unable() != null) {
      journal.write(
          session.share(),
          new Event.SessionFailed(l.account().user(), l.connection().peer(), session.unable()));
    } else {
      journal.write(
          session.share(),
          new Event.SessionDied(
              l.account().user(), l.connection().peer(), session.pid(), session.status()));
    }
  }

  @Override
  public void spareFailed(String why) {
    journal.write(new Event.SpareFailed(why));
  }

  @Override
  public void rateReached(int perSecond, int loginsThatWait) {
    journal.write(new Event.SpawnRate(perSecond, loginsThatWait));
  }

  @Override
  public void tooManyWait(Login login) {
    Connection c = login.connection();
    journal.write(login.share(), new Event.Refused(c.peer(), login.account().user(), "SPAWN_RATE"));
    c.tell("421 Too many logins are waiting (SPAWN_RATE). Try again later.");
    leave(login);
  }

  @Override
  public void gaveUp(Login login) {
    Connection c = login.connection();
    journal.write(
        login.share(), new Event.SessionFailed(login.account().user(), c.peer(), NO_SESSION));
    c.tell("421 The service is too busy. Try again later.");
    leave(login);
  }

  private void leave(Login login) {
    login.connection().release();
    forget(login);
    departure.left(login.connection().peer());
  }
}
