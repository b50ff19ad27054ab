/*
 * TLS over a socket, as a client that does with the socket below what it likes, and sees how the connection ends.
 */
package org.twoftpd.test.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLSession;

/** One connection over TLS. It reads nothing from its socket unless it is asked for bytes. */
public final class SecureStream implements AutoCloseable {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  private static final int ROOM = 65536;

  private final Socket plain;
  private final SSLEngine engine;

  /** What came and is not decrypted; ready to be read from. */
  private final ByteBuffer sealed = ByteBuffer.allocate(ROOM).flip();

  /** What was decrypted and is not taken; ready to be read from. */
  private final ByteBuffer opened = ByteBuffer.allocate(ROOM).flip();

  private final ByteBuffer out = ByteBuffer.allocate(ROOM);
  private boolean ended;

  /**
   * @param engine of a client, which has not begun
   */
  SecureStream(Socket plain, SSLEngine engine) {
    this.plain = plain;
    this.engine = engine;
  }

  /** The socket below. */
  public Socket plain() {
    return plain;
  }

  /** What was agreed upon. */
  public SSLSession session() {
    return engine.getSession();
  }

  /** Does the handshake. */
  public SecureStream shakeHands() throws IOException {
    engine.beginHandshake();
    while (true) {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> compute();
        case NEED_WRAP -> wrap(NOTHING);
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          if (!unwrap()) {
            throw new IOException("the connection has ended within the handshake");
          }
        }
        case FINISHED, NOT_HANDSHAKING -> {
          return this;
        }
      }
    }
  }

  private void compute() {
    for (Runnable r = engine.getDelegatedTask(); r != null; r = engine.getDelegatedTask()) {
      r.run();
    }
  }

  private void wrap(ByteBuffer from) throws IOException {
    SSLEngineResult r = engine.wrap(from, out);
    plain.getOutputStream().write(out.array(), 0, out.position());
    out.clear();
    if (r.getStatus() == SSLEngineResult.Status.CLOSED && from.hasRemaining()) {
      throw new IOException("the connection takes nothing more");
    }
  }

  /** Decrypts one record, for which it may wait; false at the end. */
  private boolean unwrap() throws IOException {
    while (true) {
      opened.compact();
      SSLEngineResult r;
      try {
        r = engine.unwrap(sealed, opened);
      } finally {
        opened.flip();
      }
      switch (r.getStatus()) {
        case OK -> {
          return true;
        }
        case CLOSED -> {
          ended = true;
          return false;
        }
        case BUFFER_UNDERFLOW -> {
          if (!readMore()) {
            ended = true;
            return false;
          }
        }
        case BUFFER_OVERFLOW -> throw new IOException("no room for a record");
      }
    }
  }

  private boolean readMore() throws IOException {
    sealed.compact();
    try {
      int n = plain.getInputStream().read(sealed.array(), sealed.position(), sealed.remaining());
      if (n > 0) {
        sealed.position(sealed.position() + n);
      }
      return n > 0;
    } finally {
      sealed.flip();
    }
  }

  private int read(byte[] into, int from, int length) throws IOException {
    while (!opened.hasRemaining() && !ended) {
      if (unwrap()) {
        answer();
      }
    }
    int n = Math.min(length, opened.remaining());
    opened.get(into, from, n);
    return n == 0 && length > 0 ? -1 : n;
  }

  private void answer() throws IOException {
    while (true) {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> compute();
        case NEED_WRAP -> wrap(NOTHING);
        default -> {
          return;
        }
      }
    }
  }

  /** True when the other side has said that nothing more comes (close_notify), and it has come. */
  public boolean isEndedCleanly() {
    return ended && engine.isInboundDone();
  }

  /** Everything up to the end, which must be one that the other side has said. */
  public byte[] readAll() throws IOException {
    byte[] all = in().readAllBytes();
    if (!isEndedCleanly()) {
      throw new IOException("an end without close_notify after " + all.length + " bytes");
    }
    return all;
  }

  /** What comes. Its end does not tell whether the other side has said so. */
  public InputStream in() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] b = new byte[1];
        return SecureStream.this.read(b, 0, 1) < 0 ? -1 : b[0] & 0xff;
      }

      @Override
      public int read(byte[] into, int from, int length) throws IOException {
        return SecureStream.this.read(into, from, length);
      }
    };
  }

  /** Where to write to. */
  public OutputStream out() {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        ByteBuffer b = ByteBuffer.wrap(bytes, from, length);
        while (b.hasRemaining()) {
          wrap(b);
        }
      }
    };
  }

  /** Says that this was all (close_notify), and leaves the socket open. */
  public void finish() throws IOException {
    engine.closeOutbound();
    while (!engine.isOutboundDone()) {
      wrap(NOTHING);
    }
  }

  /** Closes the socket, and says nothing before. */
  @Override
  public void close() throws IOException {
    plain.close();
  }
}
