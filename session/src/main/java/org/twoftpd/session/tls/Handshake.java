package org.twoftpd.session.tls;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.twoftpd.session.control.Readiness;
import org.twoftpd.shared.wire.TransferLine;

/** The handshake of one connection, step by step. It never waits. */
final class Handshake {
  /**
   * Reads and records that one handshake may take. The longest hello does with it even when each of
   * its bytes comes alone, and whoever goes on without end, as by warnings, holds up nobody.
   */
  private static final int STEPS_MAX = 8192;

  private final SSLEngine engine;
  private final Records records;
  private final boolean ticketless;
  private boolean computed;
  private int steps;

  private Handshake(SSLEngine engine, Records records, boolean ticketless) {
    this.engine = engine;
    this.records = records;
    this.ticketless = ticketless;
  }

  /**
   * @param ticketless whether the client is to get no ticket from this connection
   */
  static Handshake begin(SSLEngine engine, Records records, boolean ticketless) throws TlsFailed {
    try {
      engine.beginHandshake();
    } catch (SSLException e) {
      throw TlsFailed.of(e);
    }
    return new Handshake(engine, records, ticketless);
  }

  /**
   * Goes on as far as that is possible without waiting.
   *
   * @return {@link TlsConnection#DONE}, {@link TlsConnection#TASK}, or what is to be waited for:
   *     {@link Readiness#READ} or {@link Readiness#WRITE}
   */
  int advance() throws TlsFailed {
    while (true) {
      if (!records.flush()) {
        return Readiness.WRITE;
      }
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> {
          return TlsConnection.TASK;
        }
        case NEED_WRAP -> {
          keepTicketBack();
          records.wrapNothing();
        }
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          if (++steps > STEPS_MAX) {
            throw new TlsFailed("too many records in the handshake");
          }
          if (!records.unwrapOne() && !records.readMore()) {
            if (records.hasEnded()) {
              throw new TlsFailed("the client has gone", TransferLine.CLIENT_GONE);
            }
            return Readiness.READ;
          }
        }
        case FINISHED, NOT_HANDSHAKING -> {
          return TlsConnection.DONE;
        }
      }
    }
  }

  /** Does what a step costs: a millisecond or more, and perhaps a wait. */
  void compute() {
    for (Runnable task = engine.getDelegatedTask();
        task != null;
        task = engine.getDelegatedTask()) {
      task.run();
    }
    computed = true;
  }

  /**
   * A client that only writes, as one that uploads, never reads a ticket, and its kernel answers
   * what nobody has read with a reset that destroys the end of the upload. The only way to keep an
   * engine of JSSE from sending one in TLS 1.3 is a session that may not be resumed; this copy of
   * it alone, so that the control connection's ticket stays good. In TLS 1.2 the ticket is part of
   * the handshake and the session may be the control connection's own.
   */
  private void keepTicketBack() {
    if (ticketless && computed) {
      SSLSession s = engine.getHandshakeSession();
      if (s != null && s.getProtocol().equals("TLSv1.3") && s.isValid()) {
        s.invalidate();
      }
    }
  }
}
