/*
 * Trusted to let one session process say only what it may say, and when.  A session is a user's: nothing that it says is
 * believed to be true, only to be of the right form.
 */
package org.twoftpd.monitor.sessions;

import java.io.IOException;
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
import org.twoftpd.shared.os.Processes;
import org.twoftpd.shared.wire.Message;
import org.twoftpd.shared.wire.MessageType.Role;
import org.twoftpd.shared.wire.ProtocolViolation;
import org.twoftpd.shared.wire.SessionMessage;

/** The process of a session, which is a spare at first and then one login's. */
final class SessionProcess implements Child.Owner {
  /** A process that takes longer than this to load, or to confine itself, never will. */
  private static final long START_MILLIS = 60_000;

  /** A session gets one assignment, and then one answer at a time. */
  private static final int MOST_QUEUED = 16;

  /**
   * A session answers between two waits for its client. What it does in between is short unless a
   * disk makes it long, so that it is given up soon only when it is stopped.
   */
  private static final long ASK_MILLIS = 5000;

  private static final long STOPPED_MILLIS = 7000;
  private static final int LEAST_HUNG_SECONDS = 60;
  static final LivenessCheck.Patience SPARE =
      new LivenessCheck.Patience(ASK_MILLIS, STOPPED_MILLIS, LEAST_HUNG_SECONDS * 1000L);

  /** How far a session has come. */
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

    /** It wants a socket bound to port 20 of its local address. */
    void wantsPort(SessionProcess session);

    /** It is about to be killed and must not get a login any more. */
    void ending(SessionProcess session);

    /** Its process is gone, or there never was one. */
    void gone(SessionProcess session);
  }

  private final Keeper keeper;
  private final SessionLog log;
  private final Child child;
  private final LivenessCheck liveness;
  private final SessionActivity activity;
  private final RequestTable<State> requests;
  private TimeoutBackstop timeouts;
  private State state = State.STARTING;
  private Login login;
  private SessionMessage.Unable unable;
  private SessionMessage.Ended ended;
  private int status;
  private long startNanos;
  private String notStarted;
  private EventLoop.Timer startTimer;
  private Share share;

  private SessionProcess(EventLoop loop, ChildCommands commands, Keeper keeper, SessionLog log)
      throws IOException {
    this.keeper = keeper;
    this.log = log;
    child = Child.start(loop, commands::session, Role.SESSION, MOST_QUEUED, this);
    liveness = new LivenessCheck(loop, child, new SessionMessage.Ping(), SPARE, this::killHung);
    startTimer = loop.runAfter(START_MILLIS, this::kill);
    activity = new SessionActivity(this, child, log);
    requests = SessionRequests.makeTable(this, activity);
  }

  /** Starts a spare. */
  static SessionProcess start(EventLoop loop, ChildCommands commands, Keeper keeper, SessionLog log)
      throws IOException {
    return new SessionProcess(loop, commands, keeper, log);
  }

  /** Ends it by the signal that it cannot ignore, since it has nothing to put in order. */
  void kill() {
    child.kill();
  }

  int pid() {
    return child.pid();
  }

  State state() {
    return state;
  }

  /** The session's login; null while it is a spare. */
  Login login() {
    return login;
  }

  /** Nanoseconds of processors' time until it was ready; negative when that is not known. */
  long startNanos() {
    return startNanos;
  }

  /** On whose share of the log its lines are; null while it is a spare. */
  Share share() {
    return share;
  }

  /** The reason that it gave for not being able to serve, or null. */
  byte[] unable() {
    return unable == null ? null : unable.reason();
  }

  /** What it said about its end, or null when it said nothing. */
  SessionMessage.Ended ended() {
    return ended;
  }

  /** Its status by waitpid(2), when it is gone. */
  int status() {
    return status;
  }

  /** Why it could not be started, or null when it could. */
  String notStarted() {
    return notStarted;
  }

  /**
   * Gives it the one login that it will ever have, with the client's descriptor. The monitor's copy
   * is closed.
   */
  void assign(Login l, EventLoop loop) {
    login = l;
    liveness.setPatience(
        new LivenessCheck.Patience(
            ASK_MILLIS,
            STOPPED_MILLIS,
            Math.max(LEAST_HUNG_SECONDS, l.options().get(SessionOption.TIMEOUT)) * 1000L));
    share = l.share();
    state = State.ASSIGNED;
    if (l.connection().line() >= 0) {
      child.send(new SessionMessage.SessionLine(), l.connection().line());
    }
    child.send(l.assignment(), l.connection().fd());
    l.connection().release();
    startTimer = loop.runAfter(START_MILLIS, this::kill);
  }

  /**
   * Answers its wish for port 20.
   *
   * @param fd a socket, the caller's to close; -1 when there is none
   */
  void grantPort(int fd) {
    if (fd >= 0) {
      child.send(new SessionMessage.PortGranted(), fd);
    } else {
      child.send(new SessionMessage.PortRefused(), -1);
    }
  }

  /** False when it can be told nothing any more. */
  boolean isListening() {
    return child.isListening();
  }

  void handleReady() {
    startTimer.cancel();
    startNanos = Processes.processorNanos(child.pid());
    liveness.start();
    state = State.IDLE;
    keeper.ready(this);
  }

  void handleServing() {
    startTimer.cancel();
    SessionOptions o = login.options();
    timeouts =
        new TimeoutBackstop(
            o.get(SessionOption.TIMEOUT),
            o.connectSeconds(),
            o.get(SessionOption.SESSION_TIMEOUT),
            System.nanoTime());
    state = State.SERVING;
    keeper.serving(this);
  }

  private void killHung(String what) {
    keeper.ending(this);
    log.hung(this, what);
    child.kill();
  }

  /** A session that is alive must keep its client's times, too. */
  void handlePong(SessionMessage.Pong m) throws ProtocolViolation {
    liveness.handleAnswer();
    String broken = timeouts == null ? null : timeouts.findBroken(m.moved(), System.nanoTime());
    if (broken != null) {
      killHung("has kept its client beyond " + broken);
    }
  }

  void handleUnable(SessionMessage.Unable m) {
    unable = m;
    state = State.ENDED;
  }

  void handlePortRequest() throws ProtocolViolation {
    if (login.options().get(SessionOption.BIND_PORT) == 0) {
      throw new ProtocolViolation("port 20 is not for this session");
    }
    boolean _ = activity.holdBack(Event.SMALL);
    keeper.wantsPort(this);
  }

  void handleEnded(SessionMessage.Ended m) {
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
    startTimer.cancel();
    keeper.gone(this);
  }

  @Override
  public void said(byte[] line) {
    log.said(this, line);
  }

  @Override
  public void violated(String what) {
    keeper.ending(this);
    log.violated(this, what);
  }

  @Override
  public void exited(int waitStatus) {
    status = waitStatus;
    startTimer.cancel();
    liveness.stop();
    keeper.gone(this);
  }
}
