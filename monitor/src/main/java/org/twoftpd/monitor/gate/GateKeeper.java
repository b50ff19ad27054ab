/*
 * Trusted to keep a gate running, and to believe of it no more than its place in the protocol allows: which client wants
 * to log in, and when one is let go.
 */
package org.twoftpd.monitor.gate;

import java.io.IOException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import org.twoftpd.monitor.client.Connection;
import org.twoftpd.monitor.loop.EventLoop;
import org.twoftpd.monitor.process.Child;
import org.twoftpd.monitor.process.ChildCommands;
import org.twoftpd.monitor.process.LivenessCheck;
import org.twoftpd.monitor.process.RequestTable;
import org.twoftpd.shared.config.AnonymousMode;
import org.twoftpd.shared.log.Event;
import org.twoftpd.shared.wire.Message;
import org.twoftpd.shared.wire.MessageType;
import org.twoftpd.shared.wire.MessageType.Role;
import org.twoftpd.shared.wire.ProtocolViolation;
import org.twoftpd.shared.wire.Refusal;

/**
 * The gate and the connections that it has. When it dies, another is started and those connections
 * are over.
 */
public final class GateKeeper implements Child.Owner {
  /** A gate that takes longer than this to load, or to confine itself, never will. */
  private static final long START_MILLIS = 60_000;

  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final int TERMS_QUEUED = 64;
  private static final long LONGEST_PAUSE_MILLIS = 5000;

  /** A gate that has served for so long was a good one: the next may come at once. */
  private static final long GOOD_MILLIS = 500;

  /** Asked every few seconds; nothing of a gate waits for a disk when it serves. */
  static final LivenessCheck.Patience PATIENCE = new LivenessCheck.Patience(3000, 5000, 20_000);

  /** A client that the gate keeps for so much longer than it may, it has forgotten. */
  private static final long OVERDUE_SECONDS = 30;

  private enum State {
    STARTING,
    READY,
    GONE
  }

  /** Whoever decides about the clients. */
  public interface Clients {
    /** A gate is ready for connections. */
    void gateReady();

    /** The gate takes no more connections for the moment. */
    void gateFull();

    /** The gate takes connections again. */
    void gateDrained();

    /** The gate has written a line to its descriptor 2. */
    void gateSaid(int pid, byte[] line);

    /** The gate said something that it may not say, and is killed. */
    void gateViolated(int pid, String what);

    /** The gate hangs, and is killed. */
    void gateHung(int pid, String what);

    /** The gate has died; {@code why} is for the log. */
    void gateDied(String why);

    /** A client gave a name and a password. */
    void loginAsked(Connection connection, Message.LoginRequest request);

    /** A client wants the anonymous service. */
    void anonymousAsked(Connection connection, boolean answersPassword);

    /** A client said something, or was answered; the settings want it logged. */
    void said(Connection connection, Message.DialogueLine line);

    /** A connection has ended in the gate. */
    void hungUp(Connection connection, Message.HungUp how);

    /** A connection was lost with the gate; it is still open. */
    void lost(Connection connection);
  }

  private static final EnumSet<State> READY = EnumSet.of(State.READY);

  private final RequestTable<State> requests =
      new RequestTable<State>()
          .row(MessageType.GATE_READY, EnumSet.of(State.STARTING), _ -> ready())
          .row(MessageType.LOGIN_REQUEST, READY, m -> asked((Message.LoginRequest) m))
          .row(MessageType.ANONYMOUS_REQUEST, READY, m -> asked((Message.AnonymousRequest) m))
          .row(MessageType.GATE_PONG, READY, _ -> alive())
          .row(MessageType.DIALOGUE_LINE, READY, m -> said((Message.DialogueLine) m))
          .row(MessageType.HUNG_UP, READY, m -> hungUp((Message.HungUp) m));

  private final EventLoop loop;
  private final ChildCommands layout;
  private final Message.GateOrders orders;
  private final Clients clients;
  private final Map<Long, Connection> connections = new HashMap<>();
  private Message.GateTerms terms;
  private final int mostQueued;
  private final long startMillis;
  private final LivenessCheck.Patience howPatient;
  private EventLoop.Timer patience;
  private LivenessCheck life;
  private Child child;
  private State state = State.GONE;
  private long pause = FIRST_PAUSE_MILLIS;
  private long readySince;
  private String violation;
  private boolean dismissed;

  /**
   * @param orders what every gate is told first
   * @param terms how it talks to clients
   */
  public GateKeeper(
      EventLoop loop,
      ChildCommands layout,
      Message.GateOrders orders,
      Message.GateTerms terms,
      Clients clients) {
    this(loop, layout, orders, terms, clients, START_MILLIS, PATIENCE);
  }

  GateKeeper(
      EventLoop loop,
      ChildCommands layout,
      Message.GateOrders orders,
      Message.GateTerms terms,
      Clients clients,
      long startMillis,
      LivenessCheck.Patience howPatient) {
    this.howPatient = howPatient;
    this.startMillis = startMillis;
    this.loop = loop;
    this.layout = layout;
    this.orders = orders;
    this.terms = terms;
    this.clients = clients;
    // An answer for each connection, and the ones in whose place there are others already; and
    // terms, should the settings be read again meanwhile.
    this.mostQueued = 2 * orders.clients() + TERMS_QUEUED;
  }

  /** Starts a gate. */
  public void start() {
    violation = null;
    state = State.STARTING;
    try {
      child = Child.start(loop, () -> layout.gate(orders.clients()), Role.GATE, mostQueued, this);
      life = new LivenessCheck(loop, child, new Message.GatePing(), howPatient, this::hung);
      patience = loop.after(startMillis, this::giveUp);
      child.send(orders, -1);
      child.send(terms, -1);
    } catch (IOException e) {
      cannotStart(e.getMessage());
    }
  }

  private void cannotStart(String why) {
    state = State.GONE;
    clients.gateDied("cannot start a process: " + why);
    again();
  }

  private void giveUp() {
    if (child.pid() == 0) {
      // Its program is still being read: only when it has been is there something to kill.
      clients.gateHung(0, "no process within " + startMillis / 1000 + " s");
    }
    violation = "is not ready within " + startMillis / 1000 + " s";
    child.kill();
  }

  private void hung(String what) {
    clients.gateHung(child.pid(), what);
    violation = what;
    child.kill();
  }

  /**
   * The gate lives, and so do the times that it keeps for its clients: AUTH_TIMEOUT, within which
   * TIMEOUT is.
   */
  private void alive() throws ProtocolViolation {
    life.answered();
    long now = System.nanoTime();
    for (Connection c : connections.values()) {
      if (c.isOverdue(now, OVERDUE_SECONDS)) {
        throw new ProtocolViolation("has kept a client beyond AUTH_TIMEOUT");
      }
    }
  }

  /** Other terms, for the clients that come from now on. */
  public void use(Message.GateTerms newTerms) {
    terms = newTerms;
    if (state != State.GONE) {
      child.send(terms, -1);
    }
  }

  private void again() {
    // One that gets ready and then fails, whoever makes it, must not be started all the time.
    if (readySince != 0 && System.nanoTime() - readySince >= GOOD_MILLIS * 1_000_000) {
      pause = FIRST_PAUSE_MILLIS;
    }
    readySince = 0;
    loop.after(pause, this::start);
    pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
  }

  /** The service ends: so does the gate, and every client is let go of that has not logged in. */
  public void dismiss() {
    dismissed = true;
    if (state != State.GONE) {
      child.kill();
    }
    letGo();
  }

  private void letGo() {
    for (Connection c : connections.values()) {
      clients.lost(c);
    }
    connections.clear();
  }

  /** The pid of the gate; meaningless when there is none. */
  public int pid() {
    return child.pid();
  }

  /** Hands a new client to the gate, which must be ready. */
  public void greet(Connection c) {
    connections.put(c.id(), c);
    c.greetedBy(terms);
    child.send(new Message.Connected(c.id(), c.peer(), c.local()), c.fd());
  }

  /** Tells the gate to let go of a client, which from here on it has no say about. */
  public void grant(Connection c) {
    connections.remove(c.id());
    child.send(new Message.LoginGranted(c.id()), -1);
  }

  /** Tells the gate why not. */
  public void refuse(Connection c, Refusal refusal) {
    if (c.state() == Connection.State.ASKING) {
      if (refusal != Refusal.LAST) {
        // After the last one a gate that asks on is somebody who guesses.
        c.become(Connection.State.TALKING);
      }
      child.send(new Message.LoginRefused(c.id(), refusal), -1);
    }
  }

  private Connection connection(long id, Connection.State... allowed) throws ProtocolViolation {
    Connection c = connections.get(id);
    if (c != null) {
      for (Connection.State s : allowed) {
        if (c.state() == s) {
          return c;
        }
      }
    }
    throw new ProtocolViolation(
        "speaks of a connection that it does not have, or not in that state");
  }

  private void ready() {
    patience.cancel();
    life.begin();
    state = State.READY;
    readySince = System.nanoTime();
    clients.gateReady();
  }

  private void asked(Message.LoginRequest m) throws ProtocolViolation {
    Connection c = connection(m.connection(), Connection.State.TALKING);
    if (c.terms().anonymous() == AnonymousMode.EVERYBODY) {
      throw new ProtocolViolation("nobody is asked for a password");
    }
    c.ask(m.unread());
    clients.loginAsked(c, m);
  }

  private void asked(Message.AnonymousRequest m) throws ProtocolViolation {
    Connection c = connection(m.connection(), Connection.State.TALKING);
    if (c.terms().anonymous() == AnonymousMode.OFF) {
      throw new ProtocolViolation("there is no anonymous service");
    }
    c.ask(m.unread());
    clients.anonymousAsked(c, m.answersPassword());
  }

  private void said(Message.DialogueLine m) throws ProtocolViolation {
    // Behind the last refusal it says goodbye, and may not ask any more.
    Connection c = connection(m.connection(), Connection.State.TALKING, Connection.State.ASKING);
    boolean wanted =
        switch (m.deed()) {
          case REQUEST -> c.terms().logRequests();
          case REPLY -> c.terms().logReplies();
          case UPLOAD,
              DOWNLOAD,
              DELETE,
              RENAME,
              MKDIR,
              RMDIR,
              CHMOD,
              FOREIGN_DATA_CONNECTION,
              NO_PASSIVE_PORT ->
              false;
        };
    if (!wanted) {
      throw new ProtocolViolation("reports what it was not asked for");
    }
    clients.said(c, m);
  }

  private void hungUp(Message.HungUp m) throws ProtocolViolation {
    Connection c = connection(m.connection(), Connection.State.TALKING, Connection.State.ASKING);
    connections.remove(c.id());
    clients.hungUp(c, m);
  }

  @Override
  public void received(Message message) throws ProtocolViolation {
    if (dismissed) {
      return;
    }
    requests.handle(message, state);
  }

  @Override
  public void notStarted(String why) {
    patience.cancel();
    if (!dismissed) {
      cannotStart(why);
    }
  }

  @Override
  public void full() {
    clients.gateFull();
  }

  @Override
  public void drained() {
    clients.gateDrained();
  }

  @Override
  public void said(byte[] line) {
    clients.gateSaid(child.pid(), line);
  }

  @Override
  public void violated(String what) {
    violation = what;
    clients.gateViolated(child.pid(), what);
    state = State.GONE;
  }

  @Override
  public void exited(int status) {
    patience.cancel();
    life.end();
    if (dismissed) {
      return;
    }
    state = State.GONE;
    clients.gateDied(
        violation == null ? "ended with " + Event.status(status) : "killed: it " + violation);
    letGo();
    again();
  }
}
