/*
 * Trusted with the monitor's copy of one client's descriptor, from accept until a session has it.
 */
package org.twoftpd.monitor.client;

import org.twoftpd.monitor.loop.BackgroundCloser;
import org.twoftpd.shared.os.Endpoint;
import org.twoftpd.shared.wire.GateMessage;

/** A client that has connected. */
public final class Connection {
  /** Where it stands. */
  public enum State {
    /** The gate talks to it. */
    TALKING,
    /** The gate has asked for a login. */
    ASKING,
    /** The login is granted; its descriptor waits for a session. */
    WAITING,
    /** A session has it, or nobody. */
    GONE
  }

  private static final long SECOND = 1_000_000_000L;

  private final long id;
  private final Endpoint peer;
  private final Endpoint local;
  private int fd;
  private State state = State.TALKING;
  private byte[] unread = {};
  private int failures;
  private boolean awaitingAnswer;
  private GateMessage.Options terms;
  private final BackgroundCloser closer;
  private byte[] lastWord = {};
  private long greetedAt;
  private long lastTurn;

  /**
   * @param fd the monitor's to close
   * @param closer closes it: the gate and a session have it too
   */
  public Connection(long id, int fd, Endpoint peer, Endpoint local, BackgroundCloser closer) {
    this.id = id;
    this.fd = fd;
    this.closer = closer;
    this.peer = peer;
    this.local = local;
  }

  /** Its number, never used again. */
  public long id() {
    return id;
  }

  /** The monitor's descriptor. */
  public int fd() {
    return fd;
  }

  /** The client. */
  public Endpoint peer() {
    return peer;
  }

  /** The address that it has connected to. */
  public Endpoint local() {
    return local;
  }

  /** How the gate talks to it. */
  public GateMessage.Options terms() {
    return terms;
  }

  /** The gate has been given it under these terms. */
  public void setGreeted(GateMessage.Options by) {
    terms = by;
    greetedAt = System.nanoTime();
    lastTurn = greetedAt;
  }

  /**
   * True when the gate has it for so many seconds more than the terms allow, the monitor's own
   * answers not counted.
   *
   * @param now of System.nanoTime
   */
  public boolean isOverdue(long now, long seconds) {
    long end = greetedAt + terms.loginSeconds() * SECOND;
    long since = end - lastTurn > 0 ? end : lastTurn;
    return !awaitingAnswer && now - since >= seconds * SECOND;
  }

  /** Where it stands. */
  public State state() {
    return state;
  }

  /** It has moved on. */
  public void moveTo(State next) {
    state = next;
    if (next != State.ASKING && next != State.WAITING) {
      unread = new byte[0];
    }
  }

  /** The gate has asked for a login; this is what the client has sent ahead of the answer. */
  public void beginLogin(byte[] sentAhead) {
    state = State.ASKING;
    unread = sentAhead;
  }

  /** What the client has sent ahead. */
  public byte[] unread() {
    return unread;
  }

  /** Counts a failed login; how many there are now. */
  public int countFailure() {
    return ++failures;
  }

  /**
   * Whether credential modules are being asked about it, or the answer is held back. It counts as a
   * client for so long, even when it is gone: otherwise questions could be had without end by
   * asking and hanging up.
   */
  public boolean isAwaitingAnswer() {
    return awaitingAnswer;
  }

  /** A question has begun, or its answer is due. */
  public void setAwaitingAnswer(boolean now) {
    awaitingAnswer = now;
    lastTurn = System.nanoTime();
  }

  /**
   * Has the client told something when it is released, that nothing it sent has part in. For the
   * few things that only the monitor knows; it is one try without waiting, since a new connection
   * has room for a line.
   */
  public void replyOnRelease(String reply) {
    lastWord = BackgroundCloser.replyLine(reply);
  }

  /** Closes the monitor's copy, without shutting down what another process may hold. */
  public void release() {
    if (fd >= 0) {
      closer.close(fd, lastWord);
      fd = -1;
    }
    moveTo(State.GONE);
  }
}
