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
  private final SessionVerdict verdict;
  private TlsConnection tls;

  /** Of the frame that the line has just heard, whose descriptors become this transfer's. */
  DataRelay(TlsClient client, SessionLine line, HandshakeWatcher watcher) {
    this.client = client;
    this.line = line;
    this.watcher = watcher;
    this.number = line.number();
    this.upload = line.argument() == TransferLine.UPLOAD;
    this.data = line.data();
    this.plain = line.plain();
    this.verdict = new SessionVerdict(line);
  }

  /** Instead of {@link #run}: there is no transfer. */
  void giveUp() {
    closePlain();
    Native.close(data);
  }

  /**
   * Relays until the end of the transfer.
   *
   * @param over is told when the line is free again, before the last goodbyes
   */
  void run(Runnable over) {
    boolean parting = false;
    try {
      tls = client.data(data, POOL, upload);
      parting = begins() && (upload ? receive() : send());
    } catch (TlsFailed | SessionVerdict.Aborted e) {
      // The session knows, or has gone; the client sees an end without goodbye.
    } finally {
      closePlain();
      if (tls != null) {
        tls.release();
      }
      boolean waits = parting && line.beginParting();
      over.run();
      if (waits) {
        part();
        line.endParting();
      }
      Native.close(data);
    }
  }

  private boolean begins() throws SessionVerdict.Aborted {
    try {
      shakeHands();
    } catch (TlsFailed e) {
      tls.alert();
      line.say(TransferLine.REFUSED, number, e.refusal());
      watcher.noticeHandshake(client.connection(), false, e.getMessage());
      return false;
    }
    // A transfer goes one way and needs no more than two buffers.
    tls.rest();
    boolean resumed = client.resumed();
    line.say(TransferLine.PROTECTED, number, resumed ? 1 : 0);
    if (!resumed && client.tellsOfNewSessions()) {
      watcher.noticeHandshake(client.connection(), true, TlsFailed.NOT_RESUMED);
    }
    return true;
  }

  private void shakeHands() throws SessionVerdict.Aborted, TlsFailed {
    int step = tls.handshake();
    while (step != TlsConnection.DONE) {
      if (step == TlsConnection.TASK) {
        tls.compute();
      } else {
        verdict.await(data, step);
      }
      step = tls.handshake();
    }
    if (client.isForeign(tls.session())) {
      throw new TlsFailed("the certificate is another client's", TransferLine.OTHER_CLIENT);
    }
  }

  // ---- from the client ----

  private boolean receive() throws SessionVerdict.Aborted {
    int end = TransferLine.BROKEN;
    try {
      while (true) {
        if (tls.available() > 0) {
          int n = tls.plain().drain(plain);
          if (n == -Errno.EAGAIN) {
            verdict.await(plain, Readiness.WRITE);
          } else if (n < 0 && n != -Errno.EINTR) {
            throw new SessionVerdict.Aborted();
          }
        } else if (tls.hasEnded()) {
          end = tls.end();
          break;
        } else if (!tls.receive()) {
          verdict.await(data, tls.wants());
        }
      }
    } catch (TlsFailed e) {
      tls.alert();
    }
    // Said first, so that it is there when the session has read the last byte.
    line.say(TransferLine.END, number, end);
    closePlain();
    return end == TransferLine.CLEAN && answerGoodbye();
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

  private boolean send() throws SessionVerdict.Aborted {
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
      if (!verdict.isComplete()) {
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
  private boolean fill(NetBuffer from) throws SessionVerdict.Aborted {
    while (true) {
      // More would be a small record of its own.
      int n = from.fill(plain, BufferPool.RECORDS_INSIDE);
      if (n >= 0) {
        return n > 0;
      }
      if (n == -Errno.EAGAIN) {
        verdict.await(plain, Readiness.READ);
      } else if (n != -Errno.EINTR) {
        return false;
      }
    }
  }

  /**
   * Has everything taken by the kernel. At the end the session can no longer see for itself that it
   * still moves, so it is told.
   */
  private void flush(boolean last) throws SessionVerdict.Aborted, TlsFailed {
    long told = System.nanoTime();
    while (!tls.flush()) {
      verdict.await(data, Readiness.WRITE);
      if (last && System.nanoTime() - told > SECOND) {
        told = System.nanoTime();
        line.say(TransferLine.MOVING, number, 0);
      }
    }
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
    int[] fds = {data};
    short[] events = new short[1];
    long end = System.nanoTime() + PARTING_NANOS;
    while (true) {
      int n = Native.read(data, dropped, 0, dropped.length);
      long left = end - System.nanoTime();
      if (n == 0 || n < 0 && n != -Errno.EAGAIN && n != -Errno.EINTR || left <= 0) {
        return;
      }
      if (n < 0) {
        events[0] = Readiness.READ;
        Native.poll(fds, events, 1, (int) (left / MILLI) + 1);
      }
    }
  }
}
