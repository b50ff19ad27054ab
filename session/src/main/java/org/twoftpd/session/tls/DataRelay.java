/*
 * Trusted with the end of a transfer: a client is told that a file is whole only when the session says so, and a session
 * that it has all of an upload only when the client says so.
 */
package org.twoftpd.session.tls;

import org.twoftpd.session.control.Readiness;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.os.Native;
import org.twoftpd.shared.os.SocketFlags;
import org.twoftpd.shared.wire.TransferLine;

/**
 * One data connection: TLS on the client's side, plain bytes on the session's. It runs on a thread
 * of its own, which waits as long as the session lets it: the session has the timeouts.
 */
final class DataRelay {
  private static final BufferPool POOL = new BufferPool(BufferPool.RECORDS, 16);
  private static final long SECOND = 1_000_000_000L;

  /** How long a client may take to close after all has been said. */
  private static final long PARTING_NANOS = 2 * SECOND;

  private static final int MILLI = 1_000_000;

  private final TlsClient client;
  private final SessionLine line;
  private final HandshakeWatcher watcher;
  private final byte number;
  private final boolean upload;
  private final int data;
  private int plain;
  private TlsConnection tls;
  private final int[] fds = new int[2];
  private final short[] events = new short[2];

  /** What the session has said about the end; negative before that. */
  private int verdict = -1;

  /** The session has gone, or wants no more of it. */
  private static final class Aborted extends Exception {
    private static final long serialVersionUID = 1L;

    Aborted() {
      super(null, null, false, false);
    }
  }

  /** Of the frame that the line has just heard, whose descriptors become this transfer's. */
  DataRelay(TlsClient client, SessionLine line, HandshakeWatcher watcher) {
    this.client = client;
    this.line = line;
    this.watcher = watcher;
    this.number = line.number();
    this.upload = line.argument() == TransferLine.UPLOAD;
    this.data = line.data();
    this.plain = line.plain();
  }

  /**
   * Relays until the end of the transfer.
   *
   * @param over is told when the line is free again, before the last goodbyes
   */
  void run(Runnable over) {
    boolean parting = false;
    try {
      tls = client.data(data, POOL);
      parting = begins() && (upload ? receive() : send());
    } catch (TlsFailed | Aborted e) {
      // The session knows, or has gone; the client sees an end without goodbye.
    } finally {
      closePlain();
      if (tls != null) {
        tls.release();
      }
      over.run();
      if (parting) {
        part();
      }
      Native.close(data);
    }
  }

  private boolean begins() throws Aborted {
    try {
      shakeHands();
    } catch (TlsFailed e) {
      tls.alert();
      line.say(TransferLine.REFUSED, number, e.refusal());
      watcher.noticeHandshake(client.connection(), false, e.getMessage());
      return false;
    }
    boolean resumed = client.resumed();
    line.say(TransferLine.PROTECTED, number, resumed ? 1 : 0);
    if (!resumed && client.tellsOfNewSessions()) {
      watcher.noticeHandshake(client.connection(), true, TlsFailed.NOT_RESUMED);
    }
    return true;
  }

  private void shakeHands() throws Aborted, TlsFailed {
    int step = tls.handshake();
    while (step != TlsConnection.DONE) {
      if (step == TlsConnection.TASK) {
        tls.compute();
      } else {
        awaitData(step);
      }
      step = tls.handshake();
    }
    if (client.isForeign(tls.session())) {
      throw new TlsFailed("the certificate is another client's", TransferLine.OTHER_CLIENT);
    }
  }

  // ---- from the client ----

  private boolean receive() throws Aborted {
    boolean clean = false;
    try {
      while (true) {
        if (tls.available() > 0) {
          int n = tls.plain().drain(plain);
          if (n == -Errno.EAGAIN) {
            awaitPlain(Readiness.WRITE);
          } else if (n < 0 && n != -Errno.EINTR) {
            throw new Aborted();
          }
        } else if (tls.hasEnded()) {
          clean = tls.hasEndedCleanly();
          break;
        } else if (!tls.receive()) {
          awaitData(tls.wants());
        }
      }
    } catch (TlsFailed e) {
      tls.alert();
    }
    // Said first, so that it is there when the session has read the last byte.
    line.say(TransferLine.END, number, clean ? TransferLine.CLEAN : TransferLine.CUT);
    closePlain();
    return clean && answerGoodbye();
  }

  /**
   * Some clients wait for this before they close. Not before theirs has come, since a client that
   * only writes would be reset by what it does not read.
   */
  private boolean answerGoodbye() {
    try {
      tls.finish();
      boolean all = tls.flush();
      Native.shutdown(data, SocketFlags.SHUT_WR);
      return all;
    } catch (TlsFailed e) {
      return false;
    }
  }

  // ---- to the client ----

  private boolean send() throws Aborted {
    NetBuffer from = POOL.take();
    try {
      boolean more = true;
      while (more) {
        more = fill(from);
        while (!from.isEmpty()) {
          tls.send(from.bytes());
          flush(false);
        }
      }
      if (!isComplete()) {
        return false;
      }
      tls.finish();
      flush(true);
    } catch (TlsFailed e) {
      line.say(TransferLine.WRITTEN, number, 1);
      return false;
    } finally {
      POOL.give(from);
    }
    Native.shutdown(data, SocketFlags.SHUT_WR);
    line.say(TransferLine.WRITTEN, number, 0);
    return true;
  }

  /** Waits for bytes of the session's; false at their end. */
  private boolean fill(NetBuffer from) {
    while (true) {
      int n = from.fill(plain);
      if (n >= 0) {
        return n > 0;
      }
      if (n == -Errno.EAGAIN) {
        awaitPlain(Readiness.READ);
      } else if (n != -Errno.EINTR) {
        return false;
      }
    }
  }

  /**
   * Has everything taken by the kernel. At the end the session can no longer see for itself that it
   * still moves, so it is told.
   */
  private void flush(boolean last) throws Aborted, TlsFailed {
    long told = System.nanoTime();
    while (!tls.flush()) {
      awaitData(Readiness.WRITE);
      if (last && System.nanoTime() - told > SECOND) {
        told = System.nanoTime();
        line.say(TransferLine.MOVING, number, 0);
      }
    }
  }

  /** Whether the session has said so; it says it before it ends its bytes. */
  private boolean isComplete() {
    while (verdict < 0) {
      fds[0] = line.fd();
      events[0] = Readiness.READ;
      Native.poll(fds, events, 1, -1);
      hear();
    }
    return verdict == TransferLine.COMPLETE;
  }

  private void hear() {
    switch (line.hear()) {
      case NOTHING -> {}
      case THE_END -> verdict = TransferLine.ABORT;
      case A_FRAME -> {
        verdict = line.argument();
        if (line.what() == TransferLine.PROTECT) {
          // One transfer at a time.
          Native.close(line.data());
          Native.close(line.plain());
          verdict = TransferLine.ABORT;
        }
      }
    }
  }

  /** Waits for the data connection, unless the session gives up meanwhile. */
  private void awaitData(int what) throws Aborted {
    fds[0] = data;
    events[0] = (short) what;
    fds[1] = verdict < 0 ? line.fd() : -1;
    events[1] = Readiness.READ;
    Native.poll(fds, events, 2, -1);
    if (verdict < 0 && events[1] != 0) {
      hear();
      if (verdict == TransferLine.ABORT) {
        throw new Aborted();
      }
    }
  }

  /** Waits for the session, which ends its bytes when it gives up. */
  private void awaitPlain(short what) {
    fds[0] = plain;
    events[0] = what;
    Native.poll(fds, events, 1, -1);
  }

  private void closePlain() {
    if (plain >= 0) {
      Native.close(plain);
      plain = -1;
    }
  }

  /**
   * Takes what a client still sends, for a moment: bytes that nobody has read make the end a reset,
   * by which the client may lose what it has not read yet.
   */
  private void part() {
    byte[] dropped = new byte[4096];
    long end = System.nanoTime() + PARTING_NANOS;
    while (true) {
      int n = Native.read(data, dropped, 0, dropped.length);
      long left = end - System.nanoTime();
      if (n == 0 || n < 0 && n != -Errno.EAGAIN && n != -Errno.EINTR || left <= 0) {
        return;
      }
      if (n < 0) {
        fds[0] = data;
        events[0] = Readiness.READ;
        Native.poll(fds, events, 1, (int) (left / MILLI) + 1);
      }
    }
  }
}
