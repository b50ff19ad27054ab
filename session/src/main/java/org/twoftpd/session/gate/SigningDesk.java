package org.twoftpd.session.gate;

import java.io.IOException;
import java.security.SignatureException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.twoftpd.session.tls.KeyHolder;
import org.twoftpd.shared.fd.ChannelToMonitor;
import org.twoftpd.shared.tls.SignatureScheme;
import org.twoftpd.shared.wire.TlsMessage;

/** Asks the monitor for signatures, since no key is here. Whoever asks waits; nobody else does. */
final class SigningDesk implements KeyHolder {
  private static final long PATIENCE_NANOS = 15_000_000_000L;

  private final ChannelToMonitor monitor;
  private final Turns turns;
  private final ConcurrentHashMap<Long, Asked> asked = new ConcurrentHashMap<>();

  private static final class Asked {
    final Thread waiting = Thread.currentThread();
    volatile byte[] signature;
  }

  SigningDesk(ChannelToMonitor monitor, Turns turns) {
    this.monitor = monitor;
    this.turns = turns;
  }

  @Override
  public byte[] sign(
      long connection, int generation, int chain, SignatureScheme scheme, byte[] content)
      throws SignatureException {
    Asked a = new Asked();
    asked.put(connection, a);
    turns.yieldTurn();
    try {
      monitor.send(new TlsMessage.SignRequest(connection, generation, chain, scheme, content));
      long deadline = System.nanoTime() + PATIENCE_NANOS;
      while (a.signature == null) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          throw new SignatureException("no signature within the time");
        }
        LockSupport.parkNanos(this, left);
      }
    } catch (IOException e) {
      throw new SignatureException("nobody is there to sign");
    } finally {
      asked.remove(connection, a);
      turns.awaitTurn();
    }
    if (a.signature.length == 0) {
      throw new SignatureException("the signature was refused");
    }
    return a.signature;
  }

  /** The monitor has answered; nobody may be waiting any more. */
  void deliverSignature(TlsMessage.Signed m) {
    Asked a = asked.get(m.connection());
    if (a != null) {
      a.signature = m.signature();
      LockSupport.unpark(a.waiting);
    }
  }
}
