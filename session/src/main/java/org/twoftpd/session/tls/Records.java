/*
 * Trusted to stand between a stranger's records and what is inside of them: nothing that was not decrypted and
 * authenticated comes out, and an end that the peer has not said itself is never taken for one that it has.
 */
package org.twoftpd.session.tls;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.twoftpd.shared.os.Errno;
import org.twoftpd.shared.wire.TransferLine;

/**
 * The records of one connection: an engine, a non-blocking descriptor, and the buffers between
 * them, which are taken from a pool and given back as soon as they hold nothing. It never waits.
 */
final class Records {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SSLEngine engine;
  private final int fd;
  private final BufferPool pool;

  // From the network, decrypted, and to the network; null while there is nothing in them.
  private NetBuffer in;
  private NetBuffer plain;
  private NetBuffer out;

  private boolean ended;
  private boolean clean;
  private boolean silent;

  Records(SSLEngine engine, int fd, BufferPool pool) {
    this.engine = engine;
    this.fd = fd;
    this.pool = pool;
  }

  int fd() {
    return fd;
  }

  /** True when nothing more comes. */
  boolean hasEnded() {
    return ended;
  }

  /**
   * How it {@link #hasEnded}: {@link TransferLine#CLEAN} when the peer itself has said that nothing
   * more comes (close_notify), else {@link TransferLine#CUT} or {@link TransferLine#BROKEN}.
   */
  int end() {
    return clean ? TransferLine.CLEAN : silent ? TransferLine.CUT : TransferLine.BROKEN;
  }

  // ---- bytes in ----

  /** What was decrypted and has not been taken; null or empty when there is nothing. */
  NetBuffer plain() {
    return plain;
  }

  /** How much {@link #plain} holds. */
  int available() {
    return plain == null ? 0 : plain.bytes().remaining();
  }

  /** True when something was read that is not decrypted yet. */
  boolean hasInput() {
    return in != null && !in.isEmpty();
  }

  /** True when there is room to decrypt any record. */
  boolean hasPlainRoom() {
    return plain == null || plain.room() >= BufferPool.RECORD;
  }

  /** Reads once; false when nothing has come. */
  boolean readMore() {
    if (in == null) {
      in = pool.take();
    }
    int n;
    do {
      n = in.fill(fd);
    } while (n == -Errno.EINTR);
    if (n == 0 || n < 0 && n != -Errno.EAGAIN) {
      ended = true;
      silent = n == 0 && in.isEmpty();
    }
    return n > 0;
  }

  /** Decrypts one record; false when no whole one is there. */
  boolean unwrapOne() throws TlsFailed {
    if (!hasInput()) {
      return false;
    }
    if (plain == null) {
      plain = pool.take();
    }
    ByteBuffer to = plain.beginPutting();
    try {
      SSLEngineResult r = engine.unwrap(in.bytes(), to);
      if (r.getStatus() == Status.CLOSED) {
        ended = true;
        clean = engine.isInboundDone();
      }
      return r.getStatus() != Status.BUFFER_UNDERFLOW;
    } catch (SSLException e) {
      ended = true;
      throw TlsFailed.of(e);
    } finally {
      plain.endPutting();
    }
  }

  // ---- bytes out ----

  /** True when something is still to be flushed. */
  boolean hasOutput() {
    return out != null && !out.isEmpty();
  }

  /** How much is still to be flushed. */
  int outputBytes() {
    return out == null ? 0 : out.bytes().remaining();
  }

  /** True when there is room to encrypt a whole record. */
  boolean hasOutputRoom() {
    return out == null || out.room() >= BufferPool.RECORD;
  }

  /** Has the engine say what it wants to say itself. */
  void wrapNothing() throws TlsFailed {
    wrap(NOTHING);
  }

  /** Encrypts one record; there must be {@link #hasOutputRoom} for it. */
  void wrap(ByteBuffer from) throws TlsFailed {
    if (out == null) {
      out = pool.take();
    }
    ByteBuffer to = out.beginPutting();
    try {
      engine.wrap(from, to);
    } catch (SSLException e) {
      throw TlsFailed.of(e);
    } finally {
      out.endPutting();
    }
  }

  /**
   * Writes what was encrypted.
   *
   * @return false when the kernel has no room for all of it yet
   */
  boolean flush() throws TlsFailed {
    while (hasOutput()) {
      int n = out.drain(fd);
      if (n == -Errno.EAGAIN) {
        return false;
      }
      if (n < 0 && n != -Errno.EINTR) {
        ended = true;
        throw new TlsFailed(Errno.message(-n), TransferLine.CLIENT_GONE);
      }
    }
    return true;
  }

  // ---- the buffers ----

  /** Gives back the buffers that hold nothing, since a wait may be long. */
  void rest() {
    in = rested(in);
    plain = rested(plain);
    out = rested(out);
  }

  private NetBuffer rested(NetBuffer b) {
    if (b == null || !b.isEmpty()) {
      return b;
    }
    pool.give(b);
    return null;
  }

  /** Gives back all buffers, with whatever they hold. */
  void release() {
    for (NetBuffer b : new NetBuffer[] {in, plain, out}) {
      if (b != null) {
        pool.give(b);
      }
    }
    in = null;
    plain = null;
    out = null;
  }
}
