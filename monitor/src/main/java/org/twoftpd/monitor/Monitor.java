/*
 * Trusted with root.  It parses nothing that comes from the network: it accepts, counts, asks, decides and hands over, on
 * fixed messages from processes that it does not trust.
 */
package org.twoftpd.monitor;

import static org.twoftpd.shared.os.ProcessFlags.SIGHUP;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.twoftpd.monitor.client.Connection;
import org.twoftpd.monitor.client.Listener;
import org.twoftpd.monitor.client.Reception;
import org.twoftpd.monitor.client.UnauthenticatedLog;
import org.twoftpd.monitor.gate.GateClients;
import org.twoftpd.monitor.gate.GateKeeper;
import org.twoftpd.monitor.limits.ConnectionLimits;
import org.twoftpd.monitor.limits.Penalties;
import org.twoftpd.monitor.login.Authenticator;
import org.twoftpd.monitor.login.Decision;
import org.twoftpd.monitor.login.Login;
import org.twoftpd.monitor.login.LoginOptions;
import org.twoftpd.monitor.loop.EventLoop;
import org.twoftpd.monitor.process.ChildCommands;
import org.twoftpd.monitor.sessions.Sessions;
import org.twoftpd.monitor.start.Announcement;
import org.twoftpd.monitor.start.Configuration;
import org.twoftpd.monitor.start.ServiceNotify;
import org.twoftpd.monitor.start.SettingsReloader;
import org.twoftpd.monitor.tls.CertificateWatch;
import org.twoftpd.monitor.tls.Signer;
import org.twoftpd.monitor.who.StatusSocket;
import org.twoftpd.shared.config.LimitSettings;
import org.twoftpd.shared.config.Settings;
import org.twoftpd.shared.log.ClientEvent;
import org.twoftpd.shared.log.Event;
import org.twoftpd.shared.log.Journal;
import org.twoftpd.shared.log.ServiceEvent;
import org.twoftpd.shared.log.TransferWriter;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.Processes;
import org.twoftpd.shared.os.SystemCallException;
import org.twoftpd.shared.wire.GateMessage;
import org.twoftpd.shared.wire.Refusal;

/**
 * The service. A client goes from the reception to the gate, from the gate to the authenticator,
 * and from there back to the gate or to a session; here each hands over to the next.
 */
final class Monitor implements GateClients, SettingsReloader.Taker {
  private static final long GREETING_MILLIS = 300;
  private static final long LAST_WORDS_MILLIS = 700;

  private final Journal journal;
  private final EventLoop loop;
  private final SettingsReloader reloader;
  private final ConnectionLimits limits;
  private final Penalties penalties;
  private final Reception reception;
  private final Authenticator authenticator;
  private final GateKeeper gate;
  private final Sessions sessions;
  private final Configuration started;
  private final Announcement announcement;
  private final CertificateWatch certificates;
  private int mostPerUser;

  /**
   * @param configuration holds until the settings are read again
   * @param source reads the settings again
   * @param listeners listening sockets that do not block
   * @param setup what every gate is told first
   * @param transfers null when transfers have no log of their own
   */
  Monitor(
      Configuration configuration,
      Configuration.Source source,
      ChildCommands commands,
      List<Listener> listeners,
      GateMessage.Setup setup,
      Journal journal,
      TransferWriter transfers,
      ServiceNotify manager)
      throws SystemCallException {
    Settings settings = configuration.settings();
    LimitSettings l = settings.limits();
    this.started = configuration;
    this.journal = journal;
    this.loop = new EventLoop(e -> journal.write(ServiceEvent.Fault.of(e)));
    this.announcement = new Announcement(manager, loop, listeners, journal::write);
    this.certificates = new CertificateWatch(loop, configuration.tls(), journal::write);
    UnauthenticatedLog clientLog = new UnauthenticatedLog(loop, journal::write);
    this.limits = new ConnectionLimits(l.maxClients(), l.maxPerIp());
    this.penalties = new Penalties(l.penaltyFailures(), l.penaltySeconds(), l.penaltyExempt());
    this.mostPerUser = l.maxPerUser();
    this.gate =
        new GateKeeper(
            loop,
            commands,
            setup,
            configuration.gateOptions(),
            this,
            configuration.tls(),
            new Signer(loop),
            journal::write,
            clientLog,
            GateKeeper.Patience.USUAL);
    this.reception =
        new Reception(
            loop,
            listeners,
            limits,
            penalties,
            clientLog,
            e -> journal.write(ServiceEvent.Fault.of(e)),
            gate::greet,
            gate::offersTls);
    this.authenticator =
        new Authenticator(
            loop,
            penalties,
            clientLog,
            configuration.chain(),
            new LoginOptions(settings),
            settings.login().authAttempts(),
            this::carryOut);
    this.sessions =
        new Sessions(
            loop, commands, journal, transfers, spares(l), l.spawnRate(), this::sessionEnded);
    // Whoever rotates the log of transfers sends the signal too, even if the settings are as they
    // were.
    this.reloader = new SettingsReloader(loop, source, sessions::reopenTransferLog, this);
    loop.closer().reportStallsTo(n -> journal.write(new ServiceEvent.ClosingsStall(n)));
  }

  /**
   * There are as many spares as the machine starts at a time in any case, within what the settings
   * allow.
   */
  private static int spares(LimitSettings l) {
    return Math.clamp(Runtime.getRuntime().availableProcessors(), l.minSpares(), l.maxSpares());
  }

  /** Opens the socket on which twoftpd-who(8) asks for the sessions. */
  void openStatusSocket(String path) throws SystemCallException {
    StatusSocket.open(loop, path, sessions);
  }

  /** Serves for as long as the process lives. */
  void run() throws SystemCallException {
    reloadOnSignal();
    gate.start();
    sessions.start();
    certificates.watch();
    announcement.beginHeartbeats();
    loop.run();
  }

  private void reloadOnSignal() throws SystemCallException {
    int signals = SystemCallException.check(Native.eventfd());
    byte[] drain = new byte[8];
    loop.watchReadable(
        signals,
        () -> {
          Native.read(signals, drain, 0, drain.length);
          announcement.tellReloading();
          reloader.requestReload();
        });
    SystemCallException.check(Processes.watchSignal(SIGHUP, signals));
  }

  /**
   * Ends the dialogue with every client that has not logged in, by 421; sessions go on. New clients
   * wait in the kernel's queue for the next monitor. From any thread but the loop's; takes at most
   * two seconds.
   */
  void dismissClients() throws InterruptedException {
    loop.post(reception::close);
    // Those who have been accepted are greeted first: a connection that is closed without a word
    // is one that was refused.
    Thread.sleep(GREETING_MILLIS);
    CountDownLatch told = new CountDownLatch(1);
    loop.post(() -> {
      gate.dismiss();
      told.countDown();
    });
    if (told.await(1, TimeUnit.SECONDS)) {
      loop.closer().awaitTaken(LAST_WORDS_MILLIS);
    }
  }

  // --- settings that were read again

  @Override
  public void useSettings(Configuration c, LoginOptions options) {
    LimitSettings l = c.settings().limits();
    // The gate was made for so many clients when it started.
    limits.use(Math.min(l.maxClients(), started.maxClients()), l.maxPerIp());
    mostPerUser = l.maxPerUser();
    penalties.use(l.penaltyFailures(), l.penaltySeconds(), l.penaltyExempt());
    authenticator.use(c.chain(), options, c.settings().login().authAttempts());
    gate.use(c.gateOptions(), c.tls());
    certificates.use(c.tls());
    sessions.use(spares(l), l.spawnRate());
    journal.write(new ServiceEvent.Reloaded(c.needRestart(started)));
    announcement.tellServing();
  }

  @Override
  public void reportBadSettings(List<Event> reasons) {
    reasons.forEach(journal::write);
    journal.write(new ServiceEvent.ReloadRefused());
    announcement.tellServing();
  }

  @Override
  public void reportDelay(long seconds) {
    journal.write(new ServiceEvent.ReloadWaits(seconds));
  }

  // --- what the gate says of its clients

  @Override
  public void gateTakesClients(boolean takes) {
    if (!takes) {
      reception.stopAccepting();
      return;
    }
    reception.startAccepting();
    announcement.announceOnce();
  }

  @Override
  public void passwordGiven(Connection c, GateMessage.LoginRequest request) {
    authenticator.checkPassword(c, request);
  }

  @Override
  public void anonymousWanted(Connection c, boolean answersPassword) {
    authenticator.admitAnonymous(c, answersPassword);
  }

  @Override
  public void lost(Connection c) {
    c.replyOnRelease("421 The service has had to restart. Try again.");
    gone(c);
  }

  @Override
  public void gone(Connection c) {
    gate.forget(c);
    c.release();
    if (!c.isAwaitingAnswer()) {
      reception.countOut(c.peer());
    }
  }

  private void sessionEnded(Connection c) {
    gate.forget(c);
    reception.countOut(c.peer());
  }

  // --- what the authenticator has decided

  private void carryOut(Decision decision) {
    // The virtual machine makes a class for a switch over types, and the first client would wait.
    if (decision instanceof Decision.Granted granted) {
      grant(granted.login());
    } else if (decision instanceof Decision.Refused refused) {
      gate.refuse(refused.connection(), refused.answer());
    } else if (decision instanceof Decision.Abandoned abandoned) {
      reception.countOut(abandoned.connection().peer());
    }
  }

  private void grant(Login login) {
    Connection c = login.connection();
    if (!login.anonymous() && sessions.countOf(login.user()) >= mostPerUser) {
      journal.write(
          login.share(), new ClientEvent.Refused(c.peer(), login.account().user(), "MAX_PER_USER"));
      gate.refuse(c, Refusal.TOO_MANY);
      return;
    }
    if (!gate.prepareSession(login)) {
      journal.write(
          login.share(), new ClientEvent.Refused(c.peer(), login.account().user(), "LimitNOFILE"));
      gate.refuse(c, Refusal.BUSY);
      return;
    }
    sessions.serve(login);
    gate.grant(c);
  }
}
