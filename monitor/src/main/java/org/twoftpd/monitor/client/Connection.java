/*
 * Trusted with the monitor's copy of one client's descriptor, from accept until a session has it.
 */
package org.twoftpd.monitor.client;

import org.twoftpd.monitor.loop.BackgroundCloser;
import org.twoftpd.monitor.tls.TlsOffer;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.wire.GateMessage;

/** A client that has connected, as the monitor knows it. */
public final class Connection {
  /** Who has the client, and what it waits for. */
  public enum State {
    /** The gate talks to the client, which has not asked for a login or was refused one. */
    AT_GATE,
    /** The gate has asked for a login and waits for the decision. */
    LOGIN_ASKED,
    /** The login is granted; the monitor keeps the descriptor until there is a session. */
    AWAITING_SESSION,
    /** A session has the client, or it is gone. */
    GONE
  }

  private static final byte[] NOTHING = {};
  private static final long SECOND = 1_000_000_000L;

  private final long id;
  private final Endpoint peer;
  private final Endpoint local;
  private int fd;
  private State state = State.AT_GATE;
  private byte[] unread = {};
  private int failures;
  private boolean awaitingAnswer;
  private GateMessage.Options gateOptions;
  private ConnectionTls tls = new ConnectionTls(TlsOffer.NONE);
  private boolean beginsWithTls;
  private int line = -1;
  private final BackgroundCloser closer;
  private byte[] lastWord = {};
  private long greetedAt;
  private long lastTurn;

  /**
   * @param id is never used for another connection
   * @param fd the monitor's to close, by {@link #release}
   * @param closer closes {@code fd}, since the gate and a session may hold it too
   */
  public Connection(long id, int fd, Endpoint peer, Endpoint local, BackgroundCloser closer) {
    this.id = id;
    this.fd = fd;
    this.closer = closer;
    this.peer = peer;
    this.local = local;
  }

  /** The number by which the gate speaks of the connection. */
  public long id() {
    return id;
  }

  /** The monitor's descriptor; -1 when it has been released. */
  public int fd() {
    return fd;
  }

  /** The client's address. */
  public Endpoint peer() {
    return peer;
  }

  /** The address that the client has connected to. */
  public Endpoint local() {
    return local;
  }

  /** How the gate talks to the client. */
  public GateMessage.Options gateOptions() {
    return gateOptions;
  }

  /** Says that it begins with TLS, before it is greeted. */
  void beginWithTls() {
    beginsWithTls = true;
  }

  /** True when it begins with TLS, before it is greeted. */
  public boolean beginsWithTls() {
    return beginsWithTls;
  }

  /** Offers it TLS, or says that there is none. */
  public void offer(ConnectionTls offered) {
    tls = offered;
  }

  /** What has come of TLS. */
  public ConnectionTls tls() {
    return tls;
  }

  /**
   * Has the gate stand between the client and its session from now on: the descriptor of the client
   * that the monitor has is closed, and a socket that leads to the gate takes its place.
   *
   * @param control where the session is to read and write
   * @param transfers where gate and session are to speak of transfers
   */
  public void relayBy(int control, int transfers) {
    closer.close(fd);
    fd = control;
    line = transfers;
  }

  /** The descriptor of the line to the gate, for the session; -1 when it needs none. */
  public int line() {
    return line;
  }

  /** Notes that the gate has been given the client, under these options. */
  public void setGreeted(GateMessage.Options newOptions) {
    gateOptions = newOptions;
    greetedAt = System.nanoTime();
    lastTurn = greetedAt;
  }

  /**
   * True when the gate has kept the client for so many seconds longer than the options allow, not
   * counting the time that the monitor took for its answers.
   *
   * @param now of System.nanoTime
   */
  public boolean isOverdue(long now, long seconds) {
    long end = greetedAt + gateOptions.loginSeconds() * SECOND;
    long since = end - lastTurn > 0 ? end : lastTurn;
    return !awaitingAnswer && now - since >= seconds * SECOND;
  }

  /** Who has the client, and what it waits for. */
  public State state() {
    return state;
  }

  /** Notes that the client is in another state from now on. */
  public void moveTo(State next) {
    state = next;
    if (next != State.LOGIN_ASKED && next != State.AWAITING_SESSION) {
      unread = new byte[0];
    }
  }

  /**
   * Notes that the gate has asked for a login.
   *
   * @param sentAhead what the client has sent before it had the answer
   */
  public void beginLogin(byte[] sentAhead) {
    state = State.LOGIN_ASKED;
    unread = sentAhead;
  }

  /** What the client has sent before it had the answer to its login. */
  public byte[] unread() {
    return unread;
  }

  /**
   * Counts a failed login.
   *
   * @return how many there are now
   */
  public int countFailure() {
    return ++failures;
  }

  /**
   * True while credential modules are asked about the client, or the answer is held back. It counts
   * as a client for so long even when it is gone. Otherwise somebody could have any number of
   * questions asked by hanging up and coming again.
   */
  public boolean isAwaitingAnswer() {
    return awaitingAnswer;
  }

  /** Notes that a question has begun, or that its answer is due. */
  public void setAwaitingAnswer(boolean now) {
    awaitingAnswer = now;
    lastTurn = System.nanoTime();
  }

  /**
   * Has a reply sent to the client when it is released, for the few things that only the monitor
   * knows. No byte that the client sent has part in the reply. It is sent without waiting, since a
   * new connection has room for a line.
   */
  public void replyOnRelease(String reply) {
    lastWord = BackgroundCloser.replyLine(reply);
  }

  /** Closes the monitor's copy, which does not shut down the socket that another process holds. */
  public void release() {
    if (fd >= 0) {
      // A client over TLS would not understand a word that comes past the gate.
      boolean understands = line >= 0 || !beginsWithTls && !tls.isSecure();
      closer.close(fd, understands ? lastWord : NOTHING);
      fd = -1;
    }
    if (line >= 0) {
      closer.close(line);
      line = -1;
    }
    moveTo(State.GONE);
  }
}
