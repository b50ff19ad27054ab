/*
 * Trusted to keep a gate running, and to end one that breaks the protocol or hangs.
 */
package org.twoftpd.monitor.gate;

import java.io.IOException;
import java.util.function.Consumer;
import org.twoftpd.monitor.client.Connection;
import org.twoftpd.monitor.client.UnauthenticatedLog;
import org.twoftpd.monitor.login.Login;
import org.twoftpd.monitor.loop.EventLoop;
import org.twoftpd.monitor.process.Child;
import org.twoftpd.monitor.process.ChildCommands;
import org.twoftpd.monitor.process.LivenessCheck;
import org.twoftpd.monitor.process.RequestTable;
import org.twoftpd.monitor.tls.Signer;
import org.twoftpd.monitor.tls.TlsOffer;
import org.twoftpd.shared.log.Event;
import org.twoftpd.shared.log.ProcessEvent;
import org.twoftpd.shared.log.SessionEvent;
import org.twoftpd.shared.wire.GateMessage;
import org.twoftpd.shared.wire.Message;
import org.twoftpd.shared.wire.MessageType.Role;
import org.twoftpd.shared.wire.ProtocolViolation;
import org.twoftpd.shared.wire.Refusal;

/**
 * The gate's process. When it dies, its connections are over and another gate is started, later
 * each time if none of them gets as far as serving.
 */
public final class GateKeeper implements Child.Owner {
  private static final int OPTIONS_QUEUED = 64;

  /**
   * How long a gate may take.
   *
   * @param startMillis to load and to confine itself; one that takes longer never will
   * @param answers to give signs of life when it serves
   */
  public record Patience(long startMillis, LivenessCheck.Patience answers) {
    /** Nothing of a gate waits for a disk when it serves, so its signs of life come soon. */
    public static final Patience USUAL =
        new Patience(60_000, new LivenessCheck.Patience(3000, 5000, 20_000));
  }

  enum State {
    STARTING,
    READY,
    GONE
  }

  private final EventLoop loop;
  private final ChildCommands commands;
  private final GateMessage.Setup setup;
  private final GateClients clients;
  private final Consumer<Event> log;
  private final GateDialogues dialogues;
  private final GateTls tls;
  private final RequestTable<State> requests;
  private final int mostQueued;
  private final Patience patience;
  private final RestartPause pause = new RestartPause();
  private GateMessage.Options options;
  private EventLoop.Timer startTimer;
  private LivenessCheck liveness;
  private Child child;
  private State state = State.GONE;
  private String whyKilled;
  private boolean dismissed;

  /**
   * @param setup what every gate is told first
   * @param options how it talks to clients
   * @param offer what clients are offered of TLS
   * @param log writes what happens to the gate
   * @param clientLog writes what happens to its clients
   */
  public GateKeeper(
      EventLoop loop,
      ChildCommands commands,
      GateMessage.Setup setup,
      GateMessage.Options options,
      GateClients clients,
      TlsOffer offer,
      Signer signer,
      Consumer<Event> log,
      UnauthenticatedLog clientLog,
      Patience patience) {
    this.loop = loop;
    this.commands = commands;
    this.setup = setup;
    this.options = options;
    this.clients = clients;
    this.log = log;
    this.patience = patience;
    // There may wait an answer for each connection, with TLS the two lines to its session before it
    // and a signature; as many for each in whose place there is a new one already; and options,
    // should the settings be read again meanwhile.
    this.mostQueued = (setup.tls() ? 8 : 2) * setup.clients() + OPTIONS_QUEUED;
    this.tls = new GateTls(loop, offer, signer, clientLog, (m, fd) -> child.send(m, fd));
    this.dialogues = new GateDialogues(clients, clientLog, m -> child.send(m, -1));
    this.requests = GateRequests.makeTable(this, dialogues, tls);
  }

  /** Starts a gate. */
  public void start() {
    whyKilled = null;
    state = State.STARTING;
    try {
      child =
          Child.start(
              loop, () -> commands.gate(setup.clients(), setup.tls()), Role.GATE, mostQueued, this);
      liveness =
          new LivenessCheck(
              loop, child, new GateMessage.Ping(), patience.answers(), this::killHung);
      startTimer = loop.runAfter(patience.startMillis(), this::killLate);
      child.send(setup, -1);
      tellOptions();
    } catch (IOException e) {
      reportNoProcess(e.getMessage());
    }
  }

  private void reportNoProcess(String why) {
    becomeGone("cannot start a process: " + why);
    startLater();
  }

  /** Until there is another gate, clients wait in the kernel's queue rather than with nobody. */
  private void becomeGone(String why) {
    state = State.GONE;
    clients.gateTakesClients(false);
    log.accept(new ProcessEvent.GateDied(why));
  }

  private void startLater() {
    loop.runAfter(pause.nextMillis(), this::start);
  }

  private void killLate() {
    if (child.pid() == 0) {
      // Its program is still being read: only when it has been is there something to kill.
      log.accept(
          new ProcessEvent.Hung(
              "gate", 0, "no process within " + patience.startMillis() / 1000 + " s"));
    }
    whyKilled = "is not ready within " + patience.startMillis() / 1000 + " s";
    child.kill();
  }

  private void killHung(String what) {
    log.accept(new ProcessEvent.Hung("gate", child.pid(), what));
    whyKilled = what;
    child.kill();
  }

  /**
   * Uses other options, and offers something else of TLS, for the clients that come from now on. A
   * gate that was started without TLS cannot learn it.
   */
  public void use(GateMessage.Options newOptions, TlsOffer newOffer) {
    options = newOptions;
    if (setup.tls()) {
      tls.use(newOffer);
    }
    if (state != State.GONE) {
      tellOptions();
    }
  }

  private void tellOptions() {
    if (setup.tls()) {
      tls.tellOffer();
    }
    child.send(options, -1);
  }

  /**
   * Lets go of every client that has not logged in, and ends the gate for good, unless it has
   * clients with sessions: then it ends with the last of them.
   */
  public void dismiss() {
    dismissed = true;
    if (state != State.GONE && !tls.isRelaying()) {
      child.kill();
    }
    dialogues.loseAll();
  }

  /** Whether clients that come now are offered TLS. */
  public boolean offersTls() {
    return tls.isOffered();
  }

  /** Hands a new client to the gate, which must take clients. */
  public void greet(Connection c) {
    dialogues.add(c, options);
    tls.offerTo(c);
    child.send(new GateMessage.Connected(c.id(), c.peer(), c.local(), c.beginsWithTls()), c.fd());
  }

  /** Tells the gate to let go of a client, which from here on it has no say about. */
  public void grant(Connection c) {
    dialogues.grant(c);
  }

  /**
   * Prepares a client for its session, before the session can be given the client.
   *
   * @return false when there are no descriptors left
   */
  public boolean prepareSession(Login login) {
    return tls.prepareRelay(login);
  }

  /** A client has gone, with its session or without. */
  public void forget(Connection c) {
    tls.forget(c);
  }

  /** Tells the gate why a client may not log in. */
  public void refuse(Connection c, Refusal refusal) {
    dialogues.refuse(c, refusal);
  }

  void handleReady() {
    startTimer.cancel();
    liveness.start();
    state = State.READY;
    pause.noteReady();
    clients.gateTakesClients(true);
  }

  /** A gate that is alive keeps the times of its clients, too. */
  void handlePong() throws ProtocolViolation {
    liveness.handleAnswer();
    dialogues.checkTimes(System.nanoTime());
  }

  @Override
  public void received(Message message) throws ProtocolViolation {
    if (!dismissed) {
      requests.handle(message, state);
    }
  }

  @Override
  public void notStarted(String why) {
    startTimer.cancel();
    if (!dismissed) {
      reportNoProcess(why);
    }
  }

  /** Clients wait in the kernel's queue, which has room for them, rather than in ours. */
  @Override
  public void full() {
    clients.gateTakesClients(false);
  }

  @Override
  public void drained() {
    if (state == State.READY) {
      clients.gateTakesClients(true);
    }
  }

  @Override
  public void said(byte[] line) {
    log.accept(new ProcessEvent.Stderr("gate", child.pid(), line));
  }

  @Override
  public void violated(String what) {
    whyKilled = what;
    log.accept(new ProcessEvent.Violation("gate", child.pid(), what));
    state = State.GONE;
  }

  @Override
  public void exited(int status) {
    startTimer.cancel();
    liveness.stop();
    if (dismissed) {
      return;
    }
    becomeGone(
        whyKilled == null
            ? "ended with " + SessionEvent.inWords(status)
            : "killed: it " + whyKilled);
    dialogues.loseAll();
    tls.loseAll();
    startLater();
  }
}
