package org.twoftpd.session.tls;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLSession;
import org.twoftpd.session.control.Readiness;

/**
 * One connection over TLS, as its server: its handshake, what comes out of its records and what
 * goes into them. It never waits; whoever uses it does, for what it says. For one thread at a time.
 */
public final class TlsConnection {
  /** A step of the handshake: it is over. */
  public static final int DONE = 0;

  /** A step of the handshake: {@link #compute} is to be called. */
  public static final int TASK = -1;

  /**
   * Records in a row that bring no data: a client may change its keys now and then, but each time
   * costs far more than it costs the client.
   */
  private static final int SILENT_MAX = 64;

  private final SSLEngine engine;
  private final Records records;
  private final Handshake handshake;
  private boolean undecrypted;
  private int silent;

  /**
   * @param ticketless whether the client is to get no ticket from this connection
   */
  TlsConnection(SSLEngine engine, int fd, BufferPool pool, boolean ticketless) throws TlsFailed {
    this.engine = engine;
    this.records = new Records(engine, fd, pool);
    this.handshake = Handshake.begin(engine, records, ticketless);
  }

  int fd() {
    return records.fd();
  }

  /** The session, once the handshake is over. */
  public SSLSession session() {
    return engine.getSession();
  }

  // ---- the handshake ----

  /**
   * Goes on with the handshake as far as that is possible without waiting.
   *
   * @return {@link #DONE}, {@link #TASK}, or what is to be waited for: {@link Readiness#READ} or
   *     {@link Readiness#WRITE}
   */
  public int handshake() throws TlsFailed {
    int step = handshake.advance();
    if (step == DONE) {
      // What the client says next may have come along with its last word.
      undecrypted = records.hasInput();
    }
    return step;
  }

  /** Does what a step of the handshake costs: a millisecond or more, and perhaps a wait. */
  public void compute() {
    handshake.compute();
  }

  // ---- bytes in ----

  /** What was decrypted and has not been taken; null or empty when there is nothing. */
  NetBuffer plain() {
    return records.plain();
  }

  /** How much {@link #plain} holds. */
  int available() {
    return records.available();
  }

  /**
   * Decrypts what has come, if nothing is {@link #available} yet.
   *
   * @return whether there is something now, or the connection {@link #hasEnded}; else {@link
   *     #wants} says what to wait for
   */
  boolean receive() throws TlsFailed {
    while (available() == 0 && !hasEnded()) {
      if (!flush() && owesAnswer()) {
        return false;
      }
      undecrypted = decrypt();
      if (available() == 0 && !hasEnded() && !undecrypted && !records.readMore()) {
        return hasEnded();
      }
    }
    return true;
  }

  /** True when {@link #receive} may have something without anything to read. */
  boolean holdsInput() {
    return available() > 0 || undecrypted || hasEnded();
  }

  /** True when nothing more comes. */
  boolean hasEnded() {
    return records.hasEnded();
  }

  /** How it {@link #hasEnded}: {@link TransferLine#CLEAN} or its like. */
  int end() {
    return records.end();
  }

  /** What to wait for before the next {@link #receive}. */
  short wants() {
    return owesAnswer() ? Readiness.WRITE : (short) (writing() | Readiness.READ);
  }

  /** What to wait for when nothing is to be received: to write, or nothing. */
  short writing() {
    return hasOutput() ? Readiness.WRITE : 0;
  }

  /**
   * True when the peer has us say something before it goes on, and has to take what comes before
   * that first. What else it has not taken keeps nobody from hearing it.
   */
  private boolean owesAnswer() {
    return speaksItself() && !records.hasOutputRoom();
  }

  /** True when something is still to be flushed. */
  boolean hasOutput() {
    return records.hasOutput();
  }

  /** Decrypts all whole records that there is room for; false when the next is not whole yet. */
  private boolean decrypt() throws TlsFailed {
    while (records.hasInput() && !hasEnded()) {
      if (!records.hasPlainRoom() || !answer()) {
        return true;
      }
      int before = available();
      if (!records.unwrapOne()) {
        return false;
      }
      silent = available() > before ? 0 : silent + 1;
      if (silent > SILENT_MAX) {
        throw new TlsFailed("too many records without data");
      }
      if (!answer()) {
        return true;
      }
    }
    return false;
  }

  /** Does what the last record asks for; false when there is no room for it. */
  private boolean answer() throws TlsFailed {
    while (true) {
      HandshakeStatus s = engine.getHandshakeStatus();
      if (s == HandshakeStatus.NEED_TASK) {
        compute();
      } else if (speaksItself()) {
        if (!records.hasOutputRoom()) {
          return false;
        }
        records.wrapNothing();
      } else {
        return true;
      }
    }
  }

  // ---- bytes out ----

  /**
   * Encrypts as much of {@code from} as there is room for, and what the engine has to say itself
   * before it or behind it: new keys, for instance.
   */
  void send(ByteBuffer from) throws TlsFailed {
    while ((from.hasRemaining() || speaksItself()) && records.hasOutputRoom()) {
      boolean own = speaksItself();
      int before = from.remaining();
      records.wrap(from);
      if (!own && from.remaining() == before) {
        throw new TlsFailed("the client takes no more");
      }
    }
  }

  private boolean speaksItself() {
    return engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP && !engine.isOutboundDone();
  }

  /**
   * Writes what was encrypted.
   *
   * @return false when the kernel has no room for all of it yet
   */
  boolean flush() throws TlsFailed {
    return records.flush();
  }

  // ---- the end ----

  /** Puts close_notify behind everything else that is to be flushed. */
  void finish() throws TlsFailed {
    engine.closeOutbound();
    conclude();
  }

  /**
   * Tells the peer, as far as that is possible without waiting, why it cannot go on: by the alert
   * that belongs to the last failure.
   */
  public void alert() {
    try {
      engine.closeOutbound();
      conclude();
      boolean _ = flush();
    } catch (TlsFailed e) {
      // It is over in any case.
    }
  }

  private void conclude() throws TlsFailed {
    int before = -1;
    while (!engine.isOutboundDone() && records.hasOutputRoom()) {
      int held = records.outputBytes();
      if (held == before) {
        return;
      }
      before = held;
      records.wrapNothing();
    }
  }

  /** Gives back the buffers that hold nothing, since a wait may be long. */
  void rest() {
    records.rest();
  }

  /** Gives back all buffers, with whatever they hold. */
  public void release() {
    records.release();
  }
}
