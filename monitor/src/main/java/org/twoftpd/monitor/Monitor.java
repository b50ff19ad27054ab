/*
 * Trusted with root.  It parses nothing that comes from the network: it accepts, counts, asks, decides and hands over, on
 * fixed messages from processes that it does not trust.
 */
package org.twoftpd.monitor;

import static org.twoftpd.shared.os.ProcessFlags.SIGHUP;
import static org.twoftpd.shared.os.SocketFlags.IPPROTO_TCP;
import static org.twoftpd.shared.os.SocketFlags.SOL_SOCKET;
import static org.twoftpd.shared.os.SocketFlags.SO_KEEPALIVE;
import static org.twoftpd.shared.os.SocketFlags.SO_OOBINLINE;
import static org.twoftpd.shared.os.SocketFlags.TCP_NODELAY;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.twoftpd.monitor.client.Connection;
import org.twoftpd.monitor.client.UnauthenticatedLog;
import org.twoftpd.monitor.gate.GateKeeper;
import org.twoftpd.monitor.limits.ConnectionLimits;
import org.twoftpd.monitor.limits.Penalties;
import org.twoftpd.monitor.login.Account;
import org.twoftpd.monitor.login.Authenticator;
import org.twoftpd.monitor.login.Login;
import org.twoftpd.monitor.login.LoginOptions;
import org.twoftpd.monitor.loop.EventLoop;
import org.twoftpd.monitor.process.ChildCommands;
import org.twoftpd.monitor.sessions.Sessions;
import org.twoftpd.monitor.start.Configuration;
import org.twoftpd.monitor.start.ServiceNotify;
import org.twoftpd.monitor.start.SettingsReloader;
import org.twoftpd.monitor.who.StatusSocket;
import org.twoftpd.shared.config.LimitSettings;
import org.twoftpd.shared.config.Settings;
import org.twoftpd.shared.log.Event;
import org.twoftpd.shared.log.Journal;
import org.twoftpd.shared.log.Share;
import org.twoftpd.shared.log.TransferWriter;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.wire.Message;
import org.twoftpd.shared.wire.Refusal;

/** The service: from accept to the hand-over to a session. */
final class Monitor implements GateKeeper.Clients, Authenticator.Decisions, SettingsReloader.Taker {
  private static final String SERVING = "serving";
  private static final long GREETING_MILLIS = 300;
  private static final long LAST_WORDS_MILLIS = 700;
  private static final int ACCEPT_AT_ONCE = 64;
  private static final long ACCEPT_PAUSE_MILLIS = 200;

  private final Journal journal;
  private final ServiceNotify manager;
  private final EventLoop loop;
  private final List<Integer> listening;
  private final SettingsReloader reload;
  private final ConnectionLimits limits;
  private final Penalties penalties;
  private final UnauthenticatedLog strangers;
  private final Authenticator desk;
  private final GateKeeper gate;
  private final Sessions sessions;
  private final byte[] name = new byte[Endpoint.SOCKADDR_MAX];
  private final Configuration started;
  private int mostPerUser;
  private long lastId;
  private boolean gateIsReady;
  private boolean gateIsFull;
  private boolean accepting;
  private boolean announced;
  private boolean leaving;

  /**
   * @param configuration what holds until it is read again
   * @param source where it is read again
   */
  Monitor(
      Configuration configuration,
      Configuration.Source source,
      ChildCommands layout,
      List<Integer> listening,
      Message.GateOrders orders,
      Journal journal,
      TransferWriter transfers,
      ServiceNotify manager)
      throws SystemCallException {
    Settings settings = configuration.settings();
    LimitSettings l = settings.limits();
    this.started = configuration;
    this.journal = journal;
    this.manager = manager;
    this.listening = listening;
    this.loop = new EventLoop(e -> journal.write(Event.Fault.of(e)));
    this.strangers = new UnauthenticatedLog(loop, journal);
    this.limits = new ConnectionLimits(l.maxClients(), l.maxPerIp());
    this.penalties = new Penalties(l.penaltyFailures(), l.penaltySeconds(), l.penaltyExempt());
    this.mostPerUser = l.maxPerUser();
    this.desk =
        new Authenticator(
            loop,
            configuration.chain(),
            new LoginOptions(settings),
            settings.login().authAttempts(),
            this);
    this.gate = new GateKeeper(loop, layout, orders, configuration.gateTerms(), this);
    this.sessions =
        new Sessions(loop, layout, journal, transfers, spares(l), l.spawnRate(), limits::leave);
    // Whoever rotates the log of transfers sends the signal, and the settings may be what they
    // were.
    this.reload = new SettingsReloader(loop, source, sessions::reopenTransferLog, this);
    loop.closer().whenStalled(n -> journal.write(new Event.ClosingsStall(n)));
  }

  /** As many as the machine starts at a time in any case, within what the settings allow. */
  private static int spares(LimitSettings l) {
    return Math.clamp(Runtime.getRuntime().availableProcessors(), l.minSpares(), l.maxSpares());
  }

  /** Has twoftpd-who(8) answered on a socket there. */
  void answerWho(String path) throws SystemCallException {
    StatusSocket.open(loop, path, sessions);
  }

  /** Serves for as long as the process lives. */
  void run() throws SystemCallException {
    int hangUps = SystemCallException.check(Native.eventfd());
    byte[] drain = new byte[8];
    loop.whenReadable(
        hangUps,
        () -> {
          Native.read(hangUps, drain, 0, drain.length);
          reload();
        });
    SystemCallException.check(Native.watchSignal(SIGHUP, hangUps));
    gate.start();
    sessions.start();
    if (manager.beatMillis() > 0) {
      beat();
    }
    loop.run();
  }

  /**
   * Ends the dialogue with every client that has not logged in, by 421; sessions go on. New clients
   * wait in the kernel's queue for the next monitor. From any thread but the loop's; takes at most
   * two seconds.
   */
  void leave() throws InterruptedException {
    loop.post(() -> {
      leaving = true;
      stopAccepting();
    });
    // Those who have been accepted are greeted first: a connection that is closed without a word
    // is one that was refused.
    Thread.sleep(GREETING_MILLIS);
    CountDownLatch told = new CountDownLatch(1);
    loop.post(() -> {
      gate.dismiss();
      told.countDown();
    });
    if (told.await(1, TimeUnit.SECONDS)) {
      loop.closer().await(LAST_WORDS_MILLIS);
    }
  }

  /**
   * Has the settings read again: for clients and logins that come from then on, or not at all when
   * there is anything wrong with them.
   */
  private void reload() {
    manager.reloading();
    reload.begin();
  }

  @Override
  public void taken(Configuration c, LoginOptions terms) {
    LimitSettings l = c.settings().limits();
    // The gate was made for so many clients when it started.
    limits.use(Math.min(l.maxClients(), started.maxClients()), l.maxPerIp());
    mostPerUser = l.maxPerUser();
    penalties.use(l.penaltyFailures(), l.penaltySeconds(), l.penaltyExempt());
    desk.use(c.chain(), terms, c.settings().login().authAttempts());
    gate.use(c.gateTerms());
    sessions.use(spares(l), l.spawnRate());
    journal.write(new Event.Reloaded(c.needRestart(started)));
    manager.ready(SERVING);
  }

  @Override
  public void refused(List<Event> reasons) {
    reasons.forEach(journal::write);
    journal.write(new Event.ReloadRefused());
    manager.ready(SERVING);
  }

  @Override
  public void waits(long seconds) {
    journal.write(new Event.ReloadWaits(seconds));
  }

  /** Tells the manager that the loop turns, as often as it wants to know. */
  private void beat() {
    manager.alive();
    loop.after(manager.beatMillis(), this::beat);
  }

  @Override
  public void gateFull() {
    // Clients wait in the kernel's queue, which has room for them, rather than in ours.
    gateIsFull = true;
    stopAccepting();
  }

  @Override
  public void gateDrained() {
    gateIsFull = false;
    startAccepting();
  }

  @Override
  public void gateSaid(int pid, byte[] line) {
    journal.write(new Event.Stderr("gate", pid, line));
  }

  @Override
  public void gateReady() {
    gateIsReady = true;
    gateIsFull = false;
    startAccepting();
    if (!announced) {
      announced = true;
      for (int fd : listening) {
        journal.write(new Event.Listening(local(fd)));
      }
      manager.ready(SERVING);
    }
  }

  @Override
  public void gateViolated(int pid, String what) {
    journal.write(new Event.Violation("gate", pid, what));
  }

  @Override
  public void gateHung(int pid, String what) {
    journal.write(new Event.Hung("gate", pid, what));
  }

  @Override
  public void gateDied(String why) {
    // Until there is another one, clients wait in the kernel's queue rather than with nobody.
    gateIsReady = false;
    stopAccepting();
    journal.write(new Event.GateDied(why));
  }

  private void startAccepting() {
    if (accepting || leaving || !gateIsReady || gateIsFull) {
      return;
    }
    try {
      for (int fd : listening) {
        loop.whenReadable(fd, () -> accept(fd));
      }
      accepting = true;
    } catch (SystemCallException e) {
      journal.write(Event.Fault.of(e));
      pauseAccepting();
    }
  }

  private void stopAccepting() {
    for (int fd : listening) {
      loop.forget(fd);
    }
    accepting = false;
  }

  private Endpoint local(int fd) {
    int n = Native.getsockname(fd, name);
    return n < 0 ? null : Endpoint.fromSockaddr(name, n);
  }

  private void accept(int listener) {
    if (loop.closer().isBehind()) {
      pauseAccepting();
    }
    for (int i = 0; i < ACCEPT_AT_ONCE && accepting; i++) {
      int fd = Native.acceptFrom(listener, name);
      if (fd < 0) {
        if (!Errno.isNoConnection(fd)) {
          // Out of descriptors or memory: the same would be said again at once, and for as long as
          // it lasts.
          pauseAccepting();
        }
        return;
      }
      accepted(fd);
    }
  }

  private void pauseAccepting() {
    stopAccepting();
    loop.after(ACCEPT_PAUSE_MILLIS, this::startAccepting);
  }

  private void accepted(int fd) {
    Endpoint peer = Endpoint.fromSockaddr(name, name.length);
    Endpoint local = local(fd);
    if (peer == null || local == null) {
      loop.closer().close(fd);
      return;
    }
    Connection c = new Connection(++lastId, fd, peer, local, loop.closer());
    try {
      enter(c);
    } catch (RuntimeException e) {
      // A fault with one client must not make the service deaf for all others.
      journal.write(Event.Fault.of(e));
      c.release();
    }
  }

  private void enter(Connection c) {
    if (penalties.sendsAway(c.peer(), System.nanoTime())) {
      turnAway(c, "PENALTY_FAILURES", "failed logins from your address");
      return;
    }
    switch (limits.enter(c.peer())) {
      case WELCOME -> {
        try {
          welcome(c);
        } catch (RuntimeException e) {
          limits.leave(c.peer());
          throw e;
        }
      }
      case TOO_MANY -> turnAway(c, "MAX_CLIENTS", "clients");
      case TOO_MANY_FROM_THERE -> turnAway(c, "MAX_PER_IP", "connections from your address");
    }
  }

  /**
   * Tells the client which setting it was, since that is what its user can tell the administrator.
   */
  private void turnAway(Connection c, String limit, String tooMany) {
    strangers.refused(c.peer(), limit);
    c.tell("421 Too many " + tooMany + " (" + limit + "). Try again later.");
    c.release();
  }

  private void welcome(Connection c) {
    Native.setsockopt(c.fd(), SOL_SOCKET, SO_KEEPALIVE, 1);
    // Telnet's urgent data belongs into the stream, where the command reader takes it out.
    Native.setsockopt(c.fd(), SOL_SOCKET, SO_OOBINLINE, 1);
    Native.setsockopt(c.fd(), IPPROTO_TCP, TCP_NODELAY, 1);
    gate.greet(c);
    // The client need not wait for it, and nothing of the client is heard before it is written.
    strangers.connected(c.peer(), c.local());
  }

  @Override
  public void loginAsked(Connection c, Message.LoginRequest request) {
    desk.verify(c, request);
  }

  @Override
  public void anonymousAsked(Connection c, boolean answersPassword) {
    desk.admit(c, answersPassword);
  }

  @Override
  public void said(Connection c, Message.DialogueLine line) {
    strangers.said(c.peer(), line);
  }

  @Override
  public boolean tooMany(Connection c, Account account) {
    String user = new String(account.user(), StandardCharsets.ISO_8859_1);
    if (sessions.of(user) < mostPerUser) {
      return false;
    }
    journal.write(
        Share.user(account.user()), new Event.Refused(c.peer(), account.user(), "MAX_PER_USER"));
    return true;
  }

  @Override
  public boolean sentAway(Connection c) {
    return penalties.sendsAway(c.peer(), System.nanoTime());
  }

  @Override
  public void granted(Login login) {
    sessions.serve(login);
    gate.grant(login.connection());
  }

  @Override
  public long refused(Connection c, byte[] user, String reason, boolean guessed) {
    strangers.failed(c.peer(), user, reason);
    return guessed ? penalties.failed(c.peer(), System.nanoTime()) : Penalties.FIRST_MILLIS;
  }

  @Override
  public void tellRefusal(Connection c, Refusal refusal) {
    gate.refuse(c, refusal);
  }

  @Override
  public void hungUp(Connection c, Message.HungUp how) {
    strangers.disconnected(c.peer(), how.reason());
    over(c);
  }

  @Override
  public void lost(Connection c) {
    c.tell("421 The service has had to restart. Try again.");
    over(c);
  }

  private void over(Connection c) {
    c.release();
    if (!c.isAsked()) {
      limits.leave(c.peer());
    }
  }

  @Override
  public void abandoned(Connection c) {
    limits.leave(c.peer());
  }
}
