package org.twoftpd.session.tls;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.twoftpd.session.control.CommandReader;
import org.twoftpd.session.control.ControlConnection;
import org.twoftpd.session.control.Readiness;
import org.twoftpd.shared.os.Errno;

/** A control connection whose lines are inside of TLS. */
public final class TlsControl extends ControlConnection {
  private final TlsConnection tls;

  /** Bytes that were encrypted and have yet to go out before they count as written. */
  private int pending;

  /**
   * @param tls whose handshake is over
   */
  public TlsControl(TlsConnection tls, Readiness readiness, int idleSeconds) {
    super(tls.fd(), waiting(tls, readiness), idleSeconds);
    this.tls = tls;
  }

  /** Waits for nothing that has been read already, and holds no memory while it waits. */
  private static Readiness waiting(TlsConnection tls, Readiness readiness) {
    return (fd, events, deadline) -> {
      if (events == Readiness.READ && tls.holdsInput()) {
        return true;
      }
      tls.rest();
      return readiness.await(fd, events, deadline);
    };
  }

  @Override
  protected int read(CommandReader into) {
    try {
      if (!tls.receive()) {
        return -Errno.EAGAIN;
      }
      if (tls.available() > 0 && into.room() == 0) {
        return -Errno.EAGAIN;
      }
      byte[] bytes = new byte[Math.min(tls.available(), into.room())];
      if (bytes.length > 0) {
        tls.plain().bytes().get(bytes);
        into.addUnread(bytes);
        Arrays.fill(bytes, (byte) 0);
      }
      return bytes.length;
    } catch (TlsFailed e) {
      tls.alert();
      return -Errno.ECONNRESET;
    }
  }

  @Override
  protected int write(byte[] bytes, int from, int length) {
    try {
      if (pending == 0) {
        ByteBuffer b = ByteBuffer.wrap(bytes, from, length);
        tls.send(b);
        pending = length - b.remaining();
      }
      if (!tls.flush()) {
        return -Errno.EAGAIN;
      }
      int written = pending;
      pending = 0;
      return written;
    } catch (TlsFailed e) {
      return -Errno.ECONNRESET;
    }
  }

  /** {@inheritDoc} Before that it says goodbye: without it clients take what came for cut. */
  @Override
  public void discardInput() {
    try {
      tls.finish();
      boolean _ = tls.flush();
    } catch (TlsFailed e) {
      // Nobody is there to be told.
    }
    super.discardInput();
  }
}
