/*
 * Trusted with one session process: what it may say, when, and what is logged of it.  A session is a user's, so nothing
 * that it says is believed to be true, only to be of the right form.
 */
package org.twoftpd.monitor.sessions;

import java.io.IOException;
import java.util.EnumSet;
import org.twoftpd.monitor.login.Login;
import org.twoftpd.monitor.loop.EventLoop;
import org.twoftpd.monitor.process.Child;
import org.twoftpd.monitor.process.ChildCommands;
import org.twoftpd.monitor.process.LivenessCheck;
import org.twoftpd.monitor.process.RequestTable;
import org.twoftpd.shared.config.SessionOption;
import org.twoftpd.shared.config.SessionOptions;
import org.twoftpd.shared.log.Event;
import org.twoftpd.shared.log.Share;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.wire.Message;
import org.twoftpd.shared.wire.MessageType;
import org.twoftpd.shared.wire.MessageType.Role;
import org.twoftpd.shared.wire.ProtocolViolation;

/** A session: first a spare, then one login's. */
final class SessionProcess implements Child.Owner {
  /** A process that takes longer than this to load, or to confine itself, never will. */
  private static final long START_MILLIS = 60_000;

  /** It gets one assignment, and one answer at a time. */
  private static final int MOST_QUEUED = 16;

  /** So long is nothing heard of a session that has too much logged. */
  private static final long ACTIVITY_PAUSE_MILLIS = 20;

  /**
   * What follows something so soon is logged so much later: to be woken for each of a thousand
   * small files costs a session, and its client, more than the line does.
   */
  private static final long GATHER_MILLIS = 5;

  /**
   * A session answers between two waits for its client. What it does in between is short unless a
   * disk makes it long, and only when it is stopped it is given up soon.
   */
  private static final long ASK_MILLIS = 5000;

  private static final long STOPPED_MILLIS = 7000;
  private static final int LEAST_HUNG_SECONDS = 60;
  static final LivenessCheck.Patience SPARE =
      new LivenessCheck.Patience(ASK_MILLIS, STOPPED_MILLIS, LEAST_HUNG_SECONDS * 1000L);

  /** Where it stands. */
  enum State {
    STARTING,
    IDLE,
    ASSIGNED,
    SERVING,
    ENDED
  }

  /** Whoever has the sessions started. */
  interface Keeper {
    /** It has loaded and waits for a login. */
    void ready(SessionProcess session);

    /** It serves its login. */
    void serving(SessionProcess session);

    /** It has done something worth a line. */
    void did(SessionProcess session, Message.Activity activity);

    /** It could not tell of so much. */
    void wasUnheard(SessionProcess session, long lines);

    /** True when its user may have a line of that size logged now; it has been counted then. */
    boolean mayLog(SessionProcess session, int size);

    /** True when a log that is slow has much of its user's waiting. */
    boolean isLogCrowded(SessionProcess session);

    /** It says more than is logged in a second, so it is heard more slowly; told once. */
    void heldBack(SessionProcess session);

    /** It wants a socket bound to port 20 of its local address. */
    void wantsPort(SessionProcess session);

    /** It hangs, and is killed. */
    void hung(SessionProcess session, String what);

    /** Its process is gone. */
    void gone(SessionProcess session);

    /** It has written a line to its descriptor 2. */
    void said(SessionProcess session, byte[] line);

    /** It said something that it may not say. */
    void violated(SessionProcess session, String what);
  }

  private static final EnumSet<State> READY = EnumSet.of(State.IDLE, State.ASSIGNED, State.SERVING);
  private static final EnumSet<State> STARTING = EnumSet.of(State.STARTING);
  private static final EnumSet<State> ASSIGNED = EnumSet.of(State.ASSIGNED);

  /** The answer to the login is a reply already, where replies are logged. */
  private static final EnumSet<State> ASSIGNED_OR_SERVING =
      EnumSet.of(State.ASSIGNED, State.SERVING);

  private static final EnumSet<State> SERVING = EnumSet.of(State.SERVING);

  private final RequestTable<State> requests =
      new RequestTable<State>()
          .row(MessageType.SPARE_READY, STARTING, _ -> ready())
          .row(MessageType.SERVING, ASSIGNED, _ -> serving())
          .row(MessageType.UNABLE, ASSIGNED, m -> unable((Message.Unable) m))
          .row(MessageType.ACTIVITY, ASSIGNED_OR_SERVING, m -> did((Message.Activity) m))
          .row(MessageType.PONG, READY, m -> alive((Message.Pong) m))
          .row(MessageType.UNHEARD, ASSIGNED_OR_SERVING, m -> unheard((Message.Unheard) m))
          .row(MessageType.PORT_REQUEST, SERVING, _ -> wantsPort())
          .row(MessageType.ENDED, SERVING, m -> ended((Message.Ended) m));

  private final Keeper keeper;
  private final Child child;
  private final LivenessCheck life;
  private TimeoutBackstop times;
  private State state = State.STARTING;
  private Login login;
  private Message.Unable unable;
  private Message.Ended ended;
  private int status;
  private long startNanos;
  private String notStarted;
  private EventLoop.Timer patience;
  private Share share;
  private long lastActivity = System.nanoTime() - GATHER_MILLIS * 1_000_000;
  private boolean heldBack;

  private SessionProcess(EventLoop loop, ChildCommands layout, Keeper keeper) throws IOException {
    this.keeper = keeper;
    this.child = Child.start(loop, layout::session, Role.SESSION, MOST_QUEUED, this);
    life = new LivenessCheck(loop, child, new Message.Ping(), SPARE, this::hung);
    patience = loop.after(START_MILLIS, this::kill);
  }

  /** Starts one. */
  static SessionProcess start(EventLoop loop, ChildCommands layout, Keeper keeper)
      throws IOException {
    return new SessionProcess(loop, layout, keeper);
  }

  private void kill() {
    child.kill();
  }

  int pid() {
    return child.pid();
  }

  State state() {
    return state;
  }

  /** The login that it has; null while it is a spare. */
  Login login() {
    return login;
  }

  /** Processors' time that it took until it was ready; negative when that is not known. */
  long startNanos() {
    return startNanos;
  }

  /** Whose lines in the log are about it; null while it is a spare. */
  Share share() {
    return share;
  }

  /** Why it could not begin, or null. */
  byte[] unable() {
    return unable == null ? null : unable.reason();
  }

  /** How it said that it ended, or null when it did not come to that. */
  Message.Ended ended() {
    return ended;
  }

  /** The status of waitpid(2), once it is gone. */
  int status() {
    return status;
  }

  /** Why there was no process, or null when there was one. */
  String notStarted() {
    return notStarted;
  }

  /**
   * Gives it the one login that it will ever have. The monitor's copy of the client's descriptor is
   * closed.
   */
  void assign(Login l, EventLoop loop) {
    login = l;
    life.use(
        new LivenessCheck.Patience(
            ASK_MILLIS,
            STOPPED_MILLIS,
            Math.max(LEAST_HUNG_SECONDS, l.options().get(SessionOption.TIMEOUT)) * 1000L));
    share = l.share();
    state = State.ASSIGNED;
    child.send(l.assignment(), l.connection().fd());
    l.connection().release();
    patience = loop.after(START_MILLIS, this::kill);
  }

  /** Answers its wish for port 20; -1 for no. */
  void grantPort(int fd) {
    if (fd >= 0) {
      child.send(new Message.PortGranted(), fd);
    } else {
      child.send(new Message.PortRefused(), -1);
    }
  }

  /** Ends it, by the signal that it cannot ignore: it has nothing to put in order. */
  void end() {
    child.kill();
  }

  /** False when nothing can be said to it any more. */
  boolean isListening() {
    return child.isListening();
  }

  private void ready() {
    patience.cancel();
    startNanos = Native.processorNanos(child.pid());
    life.begin();
    state = State.IDLE;
    keeper.ready(this);
  }

  private void serving() {
    patience.cancel();
    SessionOptions o = login.options();
    times =
        new TimeoutBackstop(
            o.get(SessionOption.TIMEOUT),
            o.connectSeconds(),
            o.get(SessionOption.SESSION_TIMEOUT),
            System.nanoTime());
    state = State.SERVING;
    keeper.serving(this);
  }

  private void hung(String what) {
    keeper.hung(this, what);
    child.kill();
  }

  /** It lives, and must keep its client's times too. */
  private void alive(Message.Pong m) throws ProtocolViolation {
    life.answered();
    String broken = times == null ? null : times.broken(m.moved(), System.nanoTime());
    if (broken != null) {
      hung("has kept its client beyond " + broken);
    }
  }

  private void unable(Message.Unable m) {
    unable = m;
    state = State.ENDED;
  }

  private void did(Message.Activity m) {
    keeper.did(this, m);
    long now = System.nanoTime();
    boolean more = now - lastActivity < GATHER_MILLIS * 1_000_000;
    lastActivity = now;
    // One that asks for port 20 waits for the answer.
    int size = Event.SMALL + m.path().length + m.target().length + m.reason().length;
    if (!holdBack(size) && more && login.options().get(SessionOption.BIND_PORT) == 0) {
      child.gather(GATHER_MILLIS);
    }
  }

  private void unheard(Message.Unheard m) throws ProtocolViolation {
    if (m.lines() <= 0) {
      throw new ProtocolViolation("was unheard " + m.lines() + " times");
    }
    keeper.wasUnheard(this, m.lines());
    boolean _ = holdBack(Event.SMALL);
  }

  /**
   * True when it does too much, and then hears no more of it for a moment. Nothing is thrown away:
   * it waits, and what it does waits with it.
   */
  private boolean holdBack(int size) {
    boolean tooMuch = !keeper.mayLog(this, size);
    if (!tooMuch && !keeper.isLogCrowded(this)) {
      return false;
    }
    child.pause(ACTIVITY_PAUSE_MILLIS);
    if (tooMuch && !heldBack) {
      heldBack = true;
      keeper.heldBack(this);
    }
    return true;
  }

  private void wantsPort() throws ProtocolViolation {
    if (login.options().get(SessionOption.BIND_PORT) == 0) {
      throw new ProtocolViolation("port 20 is not for this session");
    }
    boolean _ = holdBack(Event.SMALL);
    keeper.wantsPort(this);
  }

  private void ended(Message.Ended m) {
    ended = m;
    state = State.ENDED;
  }

  @Override
  public void received(Message message) throws ProtocolViolation {
    requests.handle(message, state);
  }

  @Override
  public void notStarted(String why) {
    notStarted = why;
    patience.cancel();
    keeper.gone(this);
  }

  @Override
  public void said(byte[] line) {
    keeper.said(this, line);
  }

  @Override
  public void violated(String what) {
    keeper.violated(this, what);
  }

  @Override
  public void exited(int waitStatus) {
    status = waitStatus;
    patience.cancel();
    life.end();
    keeper.gone(this);
  }
}
