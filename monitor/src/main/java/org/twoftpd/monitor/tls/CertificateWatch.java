package org.twoftpd.monitor.tls;

import java.time.Instant;
import java.util.function.Consumer;
import org.twoftpd.monitor.loop.EventLoop;
import org.twoftpd.shared.log.Event;
import org.twoftpd.shared.log.ServiceEvent;

/**
 * Has the log say daily, and whenever the certificates change, which of them are not good or run
 * out soon.
 */
public final class CertificateWatch {
  private static final long DAY_MILLIS = 86_400_000;

  private final EventLoop loop;
  private final Consumer<Event> log;
  private TlsOffer offer;

  public CertificateWatch(EventLoop loop, TlsOffer offer, Consumer<Event> log) {
    this.loop = loop;
    this.offer = offer;
    this.log = log;
  }

  /** Warns now, and every day from now on. */
  public void watch() {
    warn();
    loop.runAfter(DAY_MILLIS, this::watch);
  }

  /** Warns of other certificates from now on, and of these at once. */
  public void use(TlsOffer newOffer) {
    offer = newOffer;
    warn();
  }

  private void warn() {
    offer.expiring(Instant.now()).forEach(l -> log.accept(new ServiceEvent.Certificate(l)));
  }
}
